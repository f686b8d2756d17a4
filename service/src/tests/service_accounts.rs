//! Service accounts: what their keys may do, and what becomes of them.

use std::sync::Arc;

use model::audit::AuditAction;
use model::key::{
    Access, AccessKeyPatchDraft, Basis, CreatedKey, KeyDraft, KeyQuery, RotateDraft, ScopeDraft,
};
use model::service_account::{NewServiceAccount, ServiceAccount, ServiceAccountDraft, ServiceAccountFilter};
use model::user::Role;
use tokio::task::JoinSet;

use super::on_both;
use crate::testing::{Org, TestBed};
use crate::{Action, Caller, Error, KeyRef, Owner};

const ALL: [&str; 7] = [
    "apikey:read",
    "apikey:create",
    "apikey:delete",
    "serviceaccount:read",
    "serviceaccount:create",
    "serviceaccount:update",
    "serviceaccount:delete",
];

fn account(name: &str, words: &[&str]) -> NewServiceAccount {
    let draft = ServiceAccountDraft {
        name: Some(name.into()),
        permissions: Some(words.iter().map(|&word| word.into()).collect()),
        ..ServiceAccountDraft::default()
    };
    draft.check().unwrap()
}

/// A read-write key of a new account, as the caller that it is.
async fn robot(bed: &TestBed, org: &Org, name: &str, words: &[&str]) -> (ServiceAccount, Caller) {
    let robot = bed.robot(org, name, words).await;
    let made = bed.robot_key(org, &robot, "ci", Access::ReadWrite).await;
    (robot, bed.caller_of(&made.secret).await)
}

async fn create(
    bed: &TestBed,
    caller: &Caller,
    owner: &ServiceAccount,
    draft: KeyDraft,
) -> Result<CreatedKey, Error> {
    let new = draft.check(bed.clock.now()).unwrap();
    bed.service.create_key(caller, &Owner::ServiceAccount(owner.service_account_id.clone()), new).await
}

fn named(name: &str) -> KeyDraft {
    KeyDraft { name: Some(name.into()), ..KeyDraft::default() }
}

fn with(name: &str, permission: &str) -> KeyDraft {
    KeyDraft { permissions: Some(vec![permission.into()]), ..named(name) }
}

fn by_id(made: &CreatedKey) -> KeyRef {
    KeyRef::Id(made.key.key_id.clone())
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "it is given what a call has just answered")]
fn is_forbidden<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Forbidden(_))), "{result:?}");
}

on_both! {
    async fn a_disabled_account_ends_with_all_its_keys(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let robot = bed.robot(&org, "nightly", &[]).await;
        let first = bed.robot_key(&org, &robot, "a", Access::Read).await;
        let second = bed.robot_key(&org, &robot, "b", Access::ReadWrite).await;
        let others = bed.key(&org, &org.admin, |_| ()).await;
        assert!(bed.accepts(&first.secret).await && bed.accepts(&second.secret).await);
        let id = &robot.service_account_id;
        let ended = bed.service.disable_service_account(&org.caller, id).await.unwrap();
        assert_eq!(ended.disabled_at, Some(bed.clock.now()));
        assert!(!bed.accepts(&first.secret).await && !bed.accepts(&second.secret).await);
        assert!(bed.accepts(&others.secret).await);
        let actions: Vec<_> = bed.audit(&org.caller).await.iter().map(|event| event.action).collect();
        for (action, times) in [(AuditAction::ApiKeyRevoked, 2), (AuditAction::ServiceAccountDisabled, 1)] {
            assert_eq!(actions.iter().filter(|made| **made == action).count(), times, "{action}");
        }
        let again = bed.service.disable_service_account(&org.caller, id).await;
        assert!(matches!(again, Err(Error::NotFound(_))));
        let changed = bed.service.update_service_account(&org.caller, id, account("x", &[]), None).await;
        assert!(matches!(changed, Err(Error::NotFound(_))));
        assert!(matches!(create(&bed, &org.caller, &robot, named("c")).await, Err(Error::Invalid(_))));
        assert_eq!(bed.service.get_service_account(&org.caller, id).await.unwrap(), ended);
        bed.robot(&org, "nightly", &[]).await;
    }

    async fn a_key_does_what_its_account_and_itself_may_do(bed: TestBed) {
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
            let (_, exactly) = robot(&bed, &org, &format!("exactly {number}"), words).await;
            bed.service.permit(&exactly, *action).unwrap();
            let less: Vec<_> = ALL.into_iter().filter(|word| *word != words[0]).collect();
            let (_, all_but) = robot(&bed, &org, &format!("all but {number}"), &less).await;
            is_forbidden(bed.service.permit(&all_but, *action));
        }
        let all = bed.robot(&org, "all", &ALL).await;
        for (permission, allowed) in [("read", 2), ("write", 5), ("delete", 8), ("admin", 8)] {
            let made = create(&bed, &org.caller, &all, with(permission, permission)).await.unwrap();
            let caller = bed.caller_of(&made.secret).await;
            let permitted = actions.iter().filter(|(action, _)| bed.service.permit(&caller, *action).is_ok());
            assert_eq!(permitted.count(), allowed, "{permission}");
        }
        let words = ["org:read", "user:create", "audit:read", "apikey:readall", "apikey:admin"];
        let (_, nothing) = robot(&bed, &org, "nothing", &words).await;
        let (_, everything) = robot(&bed, &org, "everything", &ALL).await;
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

    async fn what_narrows_an_account_narrows_its_keys_at_once(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let robot = bed.robot(&org, "nightly", &["apikey:read"]).await;
        let made = bed.robot_key(&org, &robot, "ci", Access::Read).await;
        bed.service.page_keys(&bed.caller_of(&made.secret).await, &KeyQuery::default()).await.unwrap();
        bed.service.update_service_account(&org.caller, &robot.service_account_id, account("nightly", &[]), None).await.unwrap();
        is_forbidden(bed.service.page_keys(&bed.caller_of(&made.secret).await, &KeyQuery::default()).await);
    }

    async fn what_depends_on_an_account_is_told(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let other = bed.organization("Other").await;
        let busy = bed.robot(&org, "busy", &[]).await;
        bed.clock.advance_seconds(1);
        let idle = bed.robot(&org, "idle", &[]).await;
        bed.robot_key(&other, &bed.robot(&other, "busy", &[]).await, "theirs", Access::Read).await;
        let told = async || {
            let page = bed.service.page_service_accounts(&org.caller, &ServiceAccountFilter::default(), 0, 10).await.unwrap();
            assert_eq!((page.total, page.all), (2, 2));
            let [first, second] = page.rows.as_slice() else { panic!("{page:?}") };
            assert_eq!((&first.account.name, &second.account.name), (&busy.name, &idle.name));
            assert_eq!(second.usage, model::service_account::AccountUse::default());
            let details = bed.service.service_account_details(&org.caller, &busy.service_account_id).await.unwrap();
            assert_eq!((&details.account, details.usage), (&first.account, first.usage));
            assert_eq!(details.creator.as_deref(), Some(org.admin.email.as_str()));
            (first.usage.keys.number, first.usage.last_used_at)
        };
        assert_eq!(told().await, (0, None));
        let one = bed.robot_key(&org, &busy, "one", Access::Read).await;
        let two = bed.robot_key(&org, &busy, "two", Access::Read).await;
        assert_eq!(told().await, (2, None));
        assert!(bed.accepts(&one.secret).await);
        bed.flush().await;
        let first_use = bed.clock.now();
        assert_eq!(told().await, (2, Some(first_use)));

        // A secret that was replaced and still works tells of a use as well.
        let hour = RotateDraft { grace_period_seconds: Some(3600) }.check().unwrap();
        let key = KeyRef::Id(one.key.key_id.clone());
        bed.service.rotate_key(&org.caller, &key, hour, &Basis::Anything).await.unwrap();
        bed.clock.advance_seconds(60);
        assert!(bed.accepts(&one.secret).await);
        bed.flush().await;
        assert_eq!(told().await, (2, Some(bed.clock.now())));
        bed.service.revoke_key(&org.caller, &key, String::new(), &Basis::Anything).await.unwrap();
        assert_eq!(told().await, (1, None));
        bed.service.disable_key(&org.caller, &two.key.key_id, &Basis::Anything).await.unwrap();
        assert_eq!(told().await, (1, None));
        let actions: Vec<_> = bed.service.service_account_history(&org.caller, &busy.service_account_id).await.unwrap()
            .iter().map(|event| event.action).collect();
        assert_eq!(actions, [AuditAction::ServiceAccountCreated]);
    }

    async fn a_key_that_has_expired_depends_on_nobody(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let robot = bed.robot(&org, "nightly", &[]).await;
        let end = bed.clock.now().plus_seconds(60).to_rfc3339();
        create(&bed, &org.caller, &robot, KeyDraft { expires_at: Some(end), ..named("ci") }).await.unwrap();
        let keys = async || {
            let details = bed.service.service_account_details(&org.caller, &robot.service_account_id).await.unwrap();
            details.usage.keys.number
        };
        assert_eq!(keys().await, 1);
        bed.clock.advance_seconds(60);
        assert_eq!(keys().await, 0);
    }

    async fn a_change_based_on_what_somebody_else_changed_is_refused(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let robot = bed.robot(&org, "nightly", &[]).await;
        bed.clock.advance_seconds(1);
        let id = &robot.service_account_id;
        let change = async |name: &str, saw| bed.service.update_service_account(&org.caller, id, account(name, &[]), saw).await;
        let first = change("one", Some(robot.updated_at)).await.unwrap();
        assert!(matches!(change("two", Some(robot.updated_at)).await, Err(Error::Stale)));
        assert_eq!(change("two", Some(first.updated_at)).await.unwrap().name, "two");
        assert_eq!(change("three", None).await.unwrap().name, "three");
    }

    async fn a_key_is_switched_as_it_was_seen_or_not_at_all(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let id = made.key.key_id.clone();
        let seen = |version| Basis::seen(&id, Some(version));
        assert!(matches!(bed.service.disable_key(&org.caller, &id, &seen(2)).await, Err(Error::Stale)));
        assert!(bed.accepts(&made.secret).await);
        let off = bed.service.disable_key(&org.caller, &id, &seen(1)).await.unwrap();
        // What is so already is no conflict: the first answer may have been lost.
        assert_eq!(bed.service.disable_key(&org.caller, &id, &seen(1)).await.unwrap(), off);
        assert!(matches!(bed.service.enable_key(&org.caller, &id, &seen(1)).await, Err(Error::Stale)));
        assert!(!bed.accepts(&made.secret).await);
        bed.service.enable_key(&org.caller, &id, &seen(off.version)).await.unwrap();
        assert!(bed.accepts(&made.secret).await);
    }

    async fn nobody_gives_an_account_more_than_they_hold(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let words = ["serviceaccount:create", "serviceaccount:update", "apikey:create", "apikey:delete", "workflow:execute"];
        let (own, caller) = robot(&bed, &org, "maker", &words).await;
        let strong = bed.robot(&org, "strong", &["apikey:read"]).await;
        for word in ["apikey:read", "serviceaccount:delete", "workflow:stop"] {
            is_forbidden(bed.service.create_service_account(&caller, account("x", &[word])).await);
            is_forbidden(bed.service.update_service_account(&caller, &own.service_account_id, account("maker", &[word]), None).await);
        }
        let weak = bed.service.create_service_account(&caller, account("weak", &["workflow:execute", "apikey:create"])).await.unwrap();
        assert_eq!(weak.created_by, Some(own.service_account_id.clone().into()));
        create(&bed, &caller, &weak, with("ok", "delete")).await.unwrap();
        is_forbidden(create(&bed, &caller, &weak, with("too strong", "admin")).await);
        is_forbidden(create(&bed, &caller, &strong, named("x")).await);
        // A key that holds less than its account gives less.
        let made = create(&bed, &org.caller, &own, with("writing", "write")).await.unwrap();
        let writing = bed.caller_of(&made.secret).await;
        is_forbidden(bed.service.create_service_account(&writing, account("x", &["apikey:delete"])).await);
        bed.service.create_service_account(&writing, account("y", &["apikey:create"])).await.unwrap();
        is_forbidden(create(&bed, &writing, &weak, with("x", "delete")).await);
    }

    async fn a_key_held_to_scopes_holds_no_words(bed: TestBed) {
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
        let robot = bed.robot(&org, "nightly", &["apikey:read"]).await;
        let id = &robot.service_account_id;
        bed.service.get_service_account(&own, id).await.unwrap();
        is_forbidden(bed.service.create_service_account(&own, account("x", &["apikey:read"])).await);
        is_forbidden(create(&bed, &own, &robot, named("x")).await);
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

    async fn an_account_takes_over_nobody(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let words = ["apikey:read", "apikey:create", "apikey:delete"];
        let (_, caller) = robot(&bed, &org, "manager", &words).await;
        let rotation = RotateDraft::default().check().unwrap();
        let rename = || AccessKeyPatchDraft { name: Some("renamed".into()), ..Default::default() }.check(bed.clock.now()).unwrap();
        let personal = bed.key(&org, &org.admin, |_| ()).await;
        is_forbidden(bed.service.rotate_key(&caller, &by_id(&personal), rotation, &Basis::Anything).await);
        bed.service.update_key(&caller, &by_id(&personal), rename(), &Basis::Anything).await.unwrap();
        let wide = bed.key(&org, &org.admin, |draft| draft.permissions = Some(vec!["admin".into()])).await;
        is_forbidden(bed.service.update_key(&caller, &by_id(&wide), rename(), &Basis::Anything).await);
        let stronger = bed.robot(&org, "stronger", &["serviceaccount:read"]).await;
        let theirs = bed.robot_key(&org, &stronger, "ci", Access::Read).await;
        is_forbidden(bed.service.rotate_key(&caller, &by_id(&theirs), rotation, &Basis::Anything).await);
        is_forbidden(bed.service.update_key(&caller, &by_id(&theirs), rename(), &Basis::Anything).await);
        assert!(bed.accepts(&theirs.secret).await);
        let weaker = bed.robot(&org, "weaker", &["apikey:read"]).await;
        let theirs = bed.robot_key(&org, &weaker, "ci", Access::Read).await;
        let rotated = bed.service.rotate_key(&caller, &by_id(&theirs), rotation, &Basis::Anything).await.unwrap();
        assert!(bed.accepts(&rotated.secret).await && !bed.accepts(&theirs.secret).await);
        for made in [&wide, &rotated] {
            bed.service.revoke_key(&caller, &by_id(made), String::new(), &Basis::Anything).await.unwrap();
        }
        let protected = bed.keys_of(&org, &org.admin).await.into_iter().find(model::key::Key::is_admin_key).unwrap();
        is_forbidden(bed.service.revoke_key(&caller, &KeyRef::Id(protected.key_id), String::new(), &Basis::Anything).await);
        assert!(bed.accepts(&org.admin_key).await);
    }

    async fn an_account_owns_no_personal_key_and_none_of_another(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (own, caller) = robot(&bed, &org, "maker", &ALL).await;
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

    async fn members_who_are_no_admins_know_no_accounts(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let robot = bed.robot(&org, "nightly", &[]).await;
        let made = bed.robot_key(&org, &robot, "ci", Access::Read).await;
        let missing = ServiceAccount { service_account_id: model::id::ServiceAccountId::from_random("x"), ..robot.clone() };
        for role in [Role::Viewer, Role::Member] {
            let (_, caller) = bed.member(&org, &format!("{role}@acme.example"), role).await;
            let (known, unknown) = (create(&bed, &caller, &robot, named("x")).await, create(&bed, &caller, &missing, named("x")).await);
            assert_eq!(known.unwrap_err().to_problem(None), unknown.unwrap_err().to_problem(None));
            is_forbidden(bed.service.get_service_account(&caller, &robot.service_account_id).await);
            assert!(matches!(bed.service.get_key(&caller, &by_id(&made)).await, Err(Error::NotFound(_))));
            let page = bed.service.page_keys(&caller, &KeyQuery::default()).await.unwrap();
            assert!(page.rows.is_empty());
        }
        let details = bed.service.get_key(&org.caller, &by_id(&made)).await.unwrap();
        assert_eq!((details.owner_name.as_str(), details.owner_email.as_str(), details.may_change), ("nightly", "", true));
        assert_eq!(details.creator_email.as_deref(), Some(org.admin.email.as_str()));
    }

    async fn a_foreign_account_is_as_good_as_missing(bed: TestBed) {
        let (acme, evil) = (bed.organization("Acme").await, bed.organization("Evil").await);
        let theirs = bed.robot(&acme, "nightly", &["apikey:read"]).await;
        let missing = ServiceAccount { service_account_id: model::id::ServiceAccountId::from_random("x"), ..theirs.clone() };
        let before = bed.keys_and_robots(&acme.caller).await;
        let (_, robot) = robot(&bed, &evil, "evil", &ALL).await;
        for caller in [&evil.caller, &bed.caller_of(&evil.admin_key).await, &robot] {
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
        assert_eq!(bed.keys_and_robots(&acme.caller).await, before);
    }

    async fn a_disabling_overlooks_no_key(bed: TestBed) {
        let org = Arc::new(bed.organization("Acme").await);
        for round in 0..3 {
            let robot = bed.robot(&org, &format!("robot {round}"), &[]).await;
            let mut tasks = JoinSet::new();
            for number in 0..8 {
                let (service, org, robot) = (bed.service.clone(), org.clone(), robot.clone());
                let new = named(&format!("k{number}")).check(bed.clock.now()).unwrap();
                tasks.spawn(async move {
                    let owner = Owner::ServiceAccount(robot.service_account_id);
                    service.create_key(&org.caller, &owner, new).await
                });
            }
            bed.service.disable_service_account(&org.caller, &robot.service_account_id).await.unwrap();
            for made in tasks.join_all().await {
                match made {
                    Ok(made) => assert!(!bed.accepts(&made.secret).await),
                    Err(error) => assert!(matches!(error, Error::Invalid(_)), "{error:?}"),
                }
            }
        }
    }

    async fn of_two_who_make_or_end_an_account_at_once_one_does(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (one, two) = tokio::join!(
            bed.service.create_service_account(&org.caller, account("same", &[])),
            bed.service.create_service_account(&org.caller, account("same", &[])),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let lost = one.as_ref().err().or(two.as_ref().err());
        assert!(matches!(lost, Some(Error::AlreadyExists(_))), "{lost:?}");
        let id = one.or(two).unwrap().service_account_id;
        let (one, two) = tokio::join!(
            bed.service.disable_service_account(&org.caller, &id),
            bed.service.disable_service_account(&org.caller, &id),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert!(matches!(one.err().or(two.err()), Some(Error::NotFound(_))));
    }

    async fn of_two_changes_of_one_state_one_is_kept(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let (key, seen) = (by_id(&made), Basis::seen(&made.key.key_id, Some(made.key.version)));
        let describe = |text: &str| {
            let draft = model::key::KeyPatchDraft { description: Some(text.into()), ..Default::default() };
            draft.check(bed.clock.now()).unwrap()
        };
        let (one, two) = tokio::join!(
            bed.service.update_key(&org.caller, &key, describe("one"), &seen),
            bed.service.update_key(&org.caller, &key, describe("two"), &seen),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert!(matches!(one.err().or(two.err()), Some(Error::Stale)));
        let rotation = RotateDraft::default().check().unwrap();
        let rotated = bed.service.rotate_key(&org.caller, &key, rotation, &seen).await;
        assert!(matches!(rotated, Err(Error::Stale)));
        assert!(matches!(bed.service.revoke_key(&org.caller, &key, String::new(), &seen).await, Err(Error::Stale)));
        assert!(bed.accepts(&made.secret).await);
    }
}
