//! Tests what the keys of service accounts may do, and who may do what with service accounts.

use model::key::{Access, AccessKeyPatchDraft, KeyQuery, Precondition, RotateDraft, ScopeDraft};
use model::service_account::{ServiceAccount, ServiceAccountFilter};
use model::user::Role;

use super::{ALL, account, by_id, create, is_forbidden, named, service_account, with};
use crate::testing::TestBed;
use crate::tests::on_both;
use crate::{Action, Error, KeyRef, Owner};

on_both! {
    async fn a_key_can_do_what_both_its_service_account_and_it_allow(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let actions = [
            (Action::ReadKeys, vec!["apikey:read"]),
            (Action::CreateKeys, vec!["apikey:create"]),
            (Action::RevokeKeys, vec!["apikey:delete"]),
            (Action::UpdateKeys, vec!["apikey:create", "apikey:delete"]),
            (Action::ReadServiceAccounts, vec!["serviceaccount:read"]),
            (Action::CreateServiceAccounts, vec!["serviceaccount:create"]),
            (Action::UpdateServiceAccounts, vec!["serviceaccount:update"]),
            (Action::DisableServiceAccounts, vec!["serviceaccount:delete"]),
        ];
        for (number, (action, words)) in actions.iter().enumerate() {
            let (_, exactly) = service_account(&bed, &org, &format!("exactly {number}"), words).await;
            bed.service.permit(&exactly, *action).unwrap();
            let less: Vec<_> = ALL.into_iter().filter(|word| *word != words[0]).collect();
            let (_, all_but) = service_account(&bed, &org, &format!("all but {number}"), &less).await;
            is_forbidden(bed.service.permit(&all_but, *action));
        }
        let all = bed.service_account(&org, "all", &ALL).await;
        for (permission, allowed) in [("read", 2), ("write", 5), ("delete", 8), ("admin", 8)] {
            let made = create(&bed, &org.caller, &all, with(permission, permission)).await.unwrap();
            let caller = bed.caller_of(&made.secret).await;
            let permitted = actions.iter().filter(|(action, _)| bed.service.permit(&caller, *action).is_ok());
            assert_eq!(permitted.count(), allowed, "{permission}");
        }
        let words = ["org:read", "user:create", "audit:read", "apikey:readall", "apikey:admin"];
        let (_, nothing) = service_account(&bed, &org, "nothing", &words).await;
        let (_, everything) = service_account(&bed, &org, "everything", &ALL).await;
        for action in [Action::ReadUsers, Action::ChangeUsers, Action::ReadOrganization, Action::ChangeOrganization,
            Action::ReadAudit, Action::ListKeys, Action::ChangeKeys] {
            is_forbidden(bed.service.permit(&nothing, action));
            is_forbidden(bed.service.permit(&everything, action));
        }
        bed.service.permit(&nothing, Action::ReadSelf).unwrap();
        for (action, _) in actions {
            is_forbidden(bed.service.permit(&nothing, action));
        }
    }

    async fn nobody_can_give_a_service_account_more_than_they_have(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let words = ["serviceaccount:create", "serviceaccount:update", "apikey:create", "apikey:delete", "workflow:execute"];
        let (own, caller) = service_account(&bed, &org, "maker", &words).await;
        let strong = bed.service_account(&org, "strong", &["apikey:read"]).await;
        for word in ["apikey:read", "serviceaccount:delete", "workflow:stop"] {
            is_forbidden(bed.service.create_service_account(&caller, account("x", &[word])).await);
            is_forbidden(bed.service.update_service_account(&caller, &own.service_account_id, account("maker", &[word]), None).await);
        }
        let weak = bed.service.create_service_account(&caller, account("weak", &["workflow:execute", "apikey:create"])).await.unwrap();
        assert_eq!(weak.created_by, Some(own.service_account_id.clone().into()));
        create(&bed, &caller, &weak, with("ok", "delete")).await.unwrap();
        is_forbidden(create(&bed, &caller, &weak, with("too strong", "admin")).await);
        is_forbidden(create(&bed, &caller, &strong, named("x")).await);
        // A key with fewer permissions than its service account can grant only those.
        let made = create(&bed, &org.caller, &own, with("writing", "write")).await.unwrap();
        let writing = bed.caller_of(&made.secret).await;
        is_forbidden(bed.service.create_service_account(&writing, account("x", &["apikey:delete"])).await);
        bed.service.create_service_account(&writing, account("y", &["apikey:create"])).await.unwrap();
        is_forbidden(create(&bed, &writing, &weak, with("x", "delete")).await);
    }

    async fn a_scoped_key_has_no_rights_of_its_service_account(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let scope = |kind: &str, id: &str| Some(vec![ScopeDraft {
            resource_type: Some(kind.into()), resource_id: Some(id.into()), operations: None,
        }]);
        let caller = async |name: &str, scopes| {
            let made = bed.key(&org, &org.admin, |draft| {
                (draft.name, draft.permissions, draft.scopes) = (Some(name.into()), Some(vec!["admin".into()]), scopes);
            }).await;
            bed.caller_of(&made.secret).await
        };
        let own = caller("own", scope("organization", org.organization_id.as_str())).await;
        let other = caller("other", scope("organization", "org_other")).await;
        let users = caller("users", scope("user", "*")).await;
        let service_account = bed.service_account(&org, "nightly", &["apikey:read"]).await;
        let id = &service_account.service_account_id;
        bed.service.get_service_account(&own, id).await.unwrap();
        is_forbidden(bed.service.create_service_account(&own, account("x", &["apikey:read"])).await);
        is_forbidden(create(&bed, &own, &service_account, named("x")).await);
        bed.service.create_service_account(&own, account("x", &[])).await.unwrap();
        for caller in [&other, &users] {
            is_forbidden(bed.service.get_service_account(caller, id).await);
            is_forbidden(bed.service.list_service_accounts(caller, &ServiceAccountFilter::default(), 0, 10).await);
            is_forbidden(bed.service.page_service_accounts(caller, &ServiceAccountFilter::default(), 0, 10).await);
            is_forbidden(bed.service.service_account_details(caller, id).await);
            is_forbidden(bed.service.service_account_history(caller, id).await);
            is_forbidden(bed.service.create_service_account(caller, account("y", &[])).await);
            is_forbidden(bed.service.update_service_account(caller, id, account("y", &[]), None).await);
            is_forbidden(bed.service.disable_service_account(caller, id).await);
            is_forbidden(bed.service.page_keys(caller, &KeyQuery::default()).await);
        }
        bed.service.page_keys(&own, &KeyQuery::default()).await.unwrap();
        let mut query = KeyQuery::default();
        query.filter.owner = Some(org.admin.user_id.clone().into());
        bed.service.page_keys(&users, &query).await.unwrap();
        is_forbidden(bed.service.page_keys(&other, &query).await);
        query.filter.owner = Some(id.clone().into());
        is_forbidden(bed.service.page_keys(&users, &query).await);
    }

    async fn a_service_account_cannot_take_over_a_user(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let words = ["apikey:read", "apikey:create", "apikey:delete"];
        let (_, caller) = service_account(&bed, &org, "manager", &words).await;
        let rotation = RotateDraft::default().check().unwrap();
        let rename = || AccessKeyPatchDraft { name: Some("renamed".into()), ..Default::default() }.check(bed.clock.now()).unwrap();
        let personal = bed.key(&org, &org.admin, |_| ()).await;
        is_forbidden(bed.service.rotate_key(&caller, &by_id(&personal), rotation, &Precondition::Anything).await);
        bed.service.update_key(&caller, &by_id(&personal), rename(), &Precondition::Anything).await.unwrap();
        let wide = bed.key(&org, &org.admin, |draft| draft.permissions = Some(vec!["admin".into()])).await;
        is_forbidden(bed.service.update_key(&caller, &by_id(&wide), rename(), &Precondition::Anything).await);
        let stronger = bed.service_account(&org, "stronger", &["serviceaccount:read"]).await;
        let theirs = bed.service_account_key(&org, &stronger, "ci", Access::Read).await;
        is_forbidden(bed.service.rotate_key(&caller, &by_id(&theirs), rotation, &Precondition::Anything).await);
        is_forbidden(bed.service.update_key(&caller, &by_id(&theirs), rename(), &Precondition::Anything).await);
        assert!(bed.accepts(&theirs.secret).await);
        let weaker = bed.service_account(&org, "weaker", &["apikey:read"]).await;
        let theirs = bed.service_account_key(&org, &weaker, "ci", Access::Read).await;
        let rotated = bed.service.rotate_key(&caller, &by_id(&theirs), rotation, &Precondition::Anything).await.unwrap();
        assert!(bed.accepts(&rotated.secret).await && !bed.accepts(&theirs.secret).await);
        for made in [&wide, &rotated] {
            bed.service.revoke_key(&caller, &by_id(made), String::new(), &Precondition::Anything).await.unwrap();
        }
        let protected = bed.keys_of(&org, &org.admin).await.into_iter().find(model::key::Key::is_admin_key).unwrap();
        is_forbidden(bed.service.revoke_key(&caller, &KeyRef::Id(protected.key_id), String::new(), &Precondition::Anything).await);
        assert!(bed.accepts(&org.admin_key).await);
    }

    async fn a_service_account_cannot_own_keys_of_others(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (own, caller) = service_account(&bed, &org, "maker", &ALL).await;
        let new = named("x").check(bed.clock.now()).unwrap();
        for (owner, is_invalid) in [
            (Owner::Caller, true),
            (Owner::Id(org.admin.user_id.clone()), false),
            (Owner::Email("nobody@acme.example".into()), false),
        ] {
            let refused = bed.service.create_key(&caller, &owner, new.clone()).await.unwrap_err();
            assert_eq!(matches!(refused, Error::Invalid(_)), is_invalid, "{refused:?}");
            assert!(is_invalid || matches!(refused, Error::Forbidden(_)), "{refused:?}");
        }
        let made = create(&bed, &caller, &own, named("x")).await.unwrap();
        assert_eq!(made.key.owner, own.service_account_id.clone().into());
        assert_eq!(made.key.created_by, Some(own.service_account_id.clone().into()));
        assert!(!bed.keys_of(&org, &org.admin).await.iter().any(|key| key.key_id == made.key.key_id));
        is_forbidden(create(&bed, &caller, &own, named("admin-key")).await);
    }

    async fn only_admins_see_service_accounts(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let service_account = bed.service_account(&org, "nightly", &[]).await;
        let made = bed.service_account_key(&org, &service_account, "ci", Access::Read).await;
        let missing = ServiceAccount { service_account_id: model::id::ServiceAccountId::from_random("x"), ..service_account.clone() };
        for role in [Role::Viewer, Role::Member] {
            let (_, caller) = bed.member(&org, &format!("{role}@acme.example"), role).await;
            let (known, unknown) = (create(&bed, &caller, &service_account, named("x")).await, create(&bed, &caller, &missing, named("x")).await);
            assert_eq!(known.unwrap_err().to_problem(None), unknown.unwrap_err().to_problem(None));
            is_forbidden(bed.service.get_service_account(&caller, &service_account.service_account_id).await);
            assert!(matches!(bed.service.get_key(&caller, &by_id(&made)).await, Err(Error::NotFound(_))));
            let page = bed.service.page_keys(&caller, &KeyQuery::default()).await.unwrap();
            assert!(page.rows.is_empty());
        }
        let details = bed.service.get_key(&org.caller, &by_id(&made)).await.unwrap();
        assert_eq!((details.owner_name.as_str(), details.owner_email.as_str(), details.may_change), ("nightly", "", true));
        assert_eq!(details.creator_email.as_deref(), Some(org.admin.email.as_str()));
    }

    async fn a_foreign_service_account_is_not_found(bed: TestBed) {
        let (acme, evil) = (bed.organization("Acme").await, bed.organization("Evil").await);
        let theirs = bed.service_account(&acme, "nightly", &["apikey:read"]).await;
        let missing = ServiceAccount { service_account_id: model::id::ServiceAccountId::from_random("x"), ..theirs.clone() };
        let before = bed.keys_and_service_accounts(&acme.caller).await;
        let (_, service_account) = service_account(&bed, &evil, "evil", &ALL).await;
        for caller in [&evil.caller, &bed.caller_of(&evil.admin_key).await, &service_account] {
            let mut answers = Vec::new();
            for account_meant in [&theirs, &missing] {
                let id = &account_meant.service_account_id;
                answers.push([
                    bed.service.get_service_account(caller, id).await.unwrap_err().to_problem(None),
                    bed.service.update_service_account(caller, id, account("x", &[]), None).await.unwrap_err().to_problem(None),
                    bed.service.disable_service_account(caller, id).await.unwrap_err().to_problem(None),
                    create(&bed, caller, account_meant, named("x")).await.unwrap_err().to_problem(None),
                ]);
            }
            assert_eq!(answers[0], answers[1]);
        }
        assert_eq!(bed.keys_and_service_accounts(&acme.caller).await, before);
    }

    async fn a_scoped_key_of_a_service_account_cannot_grant_permissions(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let own = bed.service_account(&org, "maker", &ALL).await;
        let mut draft = model::key::KeyDraft { name: Some("scoped".into()), ..Default::default() };
        draft.permissions = Some(vec!["admin".into()]);
        draft.scopes = Some(vec![ScopeDraft {
            resource_type: Some("organization".into()),
            resource_id: Some(org.organization_id.to_string()),
            operations: None,
        }]);
        let owner = Owner::ServiceAccount(own.service_account_id.clone());
        let new = draft.check(bed.clock.now()).unwrap();
        let made = bed.service.create_key(&org.caller, &owner, new).await.unwrap();
        let scoped = bed.caller_of(&made.secret).await;
        let other = bed.service.create_service_account(&scoped, account("other", &[])).await.unwrap();
        for words in [&["apikey:read"] as &[_], &["workflow:execute"], &ALL] {
            is_forbidden(bed.service.create_service_account(&scoped, account("x", words)).await);
            let id = &other.service_account_id;
            is_forbidden(bed.service.update_service_account(&scoped, id, account("other", words), None).await);
        }
        is_forbidden(create(&bed, &scoped, &own, named("unscoped")).await);
        let theirs = bed.service_account_key(&org, &own, "unscoped", Access::Read).await;
        let rotation = RotateDraft::default().check().unwrap();
        is_forbidden(bed.service.rotate_key(&scoped, &by_id(&theirs), rotation, &Precondition::Anything).await);
        assert!(bed.accepts(&theirs.secret).await);
    }
}
