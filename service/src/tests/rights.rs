//! Tests who may do what.

use model::id::{KeyId, UserId};
use model::key::{
    Key, KeyDraft, KeyFilter, KeyPatchDraft, KeyQuery, PlainKey, Precondition, RotateDraft, ScopeDraft,
    UserKeyQuery,
};
use model::page::PageSize;
use model::user::{Role, UserPatchDraft, UserStatus};

use super::on_both;
use crate::testing::{Org, TestBed};
use crate::{Action, Actor, Caller, Error, KeyRef, Owner};

fn draft(name: &str, permission: &str) -> KeyDraft {
    KeyDraft { name: Some(name.into()), permissions: Some(vec![permission.into()]), ..KeyDraft::default() }
}

fn scope(resource_type: &str, id: &str) -> Vec<ScopeDraft> {
    vec![ScopeDraft {
        resource_type: Some(resource_type.into()),
        resource_id: Some(id.into()),
        operations: None,
    }]
}

async fn create(bed: &TestBed, caller: &Caller, owner: &Owner, draft: KeyDraft) -> Result<Key, Error> {
    let new = draft.check(bed.clock.now()).unwrap();
    bed.service.create_key(caller, owner, new).await.map(|made| made.key)
}

async fn caller_with(bed: &TestBed, org: &Org, change: impl FnOnce(&mut KeyDraft)) -> (Caller, PlainKey) {
    let made = bed
        .key(org, &org.admin, |draft| {
            draft.permissions = Some(vec!["admin".into()]);
            change(draft);
        })
        .await;
    (bed.caller_of(&made.secret).await, made.secret)
}

on_both! {
    async fn a_foreign_user_or_key_is_not_found(bed: TestBed) {
        let (acme, evil) = (bed.organization("Acme").await, bed.organization("Evil").await);
        let made = bed.key(&acme, &acme.admin, |_| ()).await;
        let email = Owner::Email(acme.admin.email.to_string());
        let missing = Owner::Email("nobody@acme.example".into());
        for caller in [&evil.caller, &bed.caller_of(&evil.admin_key).await] {
            let foreign = bed.list_keys_of_user(caller, &email, true).await.unwrap_err();
            let unknown = bed.list_keys_of_user(caller, &missing, true).await.unwrap_err();
            assert_eq!(foreign.to_problem(None), unknown.to_problem(None));
            let foreign = bed.service.revoke_key(caller, &KeyRef::Id(made.key.key_id.clone()), String::new(), &Precondition::Anything).await;
            let unknown = bed.service.revoke_key(caller, &KeyRef::Id(KeyId::from_random("x")), String::new(), &Precondition::Anything).await;
            assert_eq!(foreign.unwrap_err().to_problem(None), unknown.unwrap_err().to_problem(None));
            let page = bed.service.page_keys(caller, &KeyQuery::default()).await.unwrap();
            assert!(page.rows.iter().all(|row| row.key.organization_id == evil.organization_id));
        }
        assert!(bed.accepts(&made.secret).await);
    }

    async fn only_keys_with_admin_manage_over_rest(bed: TestBed) {
        let org = bed.organization("Acme").await;
        for permission in ["read", "write", "delete"] {
            let (caller, _) = caller_with(&bed, &org, |draft| {
                draft.name = Some(permission.into());
                draft.permissions = Some(vec![permission.into()]);
            })
            .await;
            let refused = create(&bed, &caller, &Owner::Caller, draft("x", "read")).await;
            assert!(matches!(refused, Err(Error::Forbidden(_))));
            assert!(bed.list_keys_of_user(&caller, &Owner::Caller, false).await.is_ok());
            let known = Owner::Email(bed.member(&org, &format!("{permission}@acme.example"), Role::Viewer).await.0.email.into());
            let unknown = Owner::Email("nobody@acme.example".into());
            let known = bed.list_keys_of_user(&caller, &known, false).await.unwrap_err();
            let unknown = bed.list_keys_of_user(&caller, &unknown, false).await.unwrap_err();
            assert_eq!(known.to_problem(None), unknown.to_problem(None));
        }
    }

    async fn a_role_limits_the_keys_of_the_user(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, bob_caller) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let made = bed.key(&org, &bob, |draft| draft.permissions = Some(vec!["admin".into()])).await;
        let caller = bed.caller_of(&made.secret).await;
        assert!(matches!(bed.service.permit(&caller, Action::ChangeKeys), Err(Error::Forbidden(_))));
        let refused = create(&bed, &bob_caller, &Owner::Caller, draft("mine", "admin")).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        create(&bed, &bob_caller, &Owner::Caller, draft("mine", "delete")).await.unwrap();
    }

    async fn a_member_manages_only_own_keys_and_a_viewer_none(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (_, bob) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (vera_user, vera) = bed.member(&org, "vera@acme.example", Role::Viewer).await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let theirs = KeyRef::Id(made.key.key_id.clone());
        let rotation = RotateDraft::default().check().unwrap();
        assert!(matches!(bed.service.get_key(&bob, &theirs).await, Err(Error::NotFound(_))));
        assert!(matches!(bed.service.rotate_key(&bob, &theirs, rotation, &Precondition::Anything).await, Err(Error::NotFound(_))));
        assert!(matches!(bed.service.revoke_key(&bob, &theirs, String::new(), &Precondition::Anything).await, Err(Error::NotFound(_))));
        let for_admin = Owner::Id(org.admin.user_id.clone());
        assert!(matches!(create(&bed, &bob, &for_admin, draft("x", "read")).await, Err(Error::NotFound(_))));
        bed.key(&org, &vera_user, |_| ()).await;
        assert!(matches!(create(&bed, &vera, &Owner::Caller, draft("x", "read")).await, Err(Error::Forbidden(_))));
        let mut query = KeyQuery { filter: KeyFilter::default(), ..KeyQuery::default() };
        query.filter.owner = Some(org.admin.user_id.clone().into());
        let page = bed.service.page_keys(&vera, &query).await.unwrap();
        assert!(page.rows.iter().all(|row| row.key.owner.user_id() == Some(&vera_user.user_id)) && page.rows.len() == 1);
        assert_eq!(page.totals.all().number, 1, "a member does not learn how many keys others have");
        assert!(bed.accepts(&made.secret).await);
    }

    async fn nobody_can_grant_more_than_they_have(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (caller, _) = caller_with(&bed, &org, |draft| draft.scopes = Some(scope("user", "*"))).await;
        let wide = bed.key(&org, &org.admin, |draft| draft.name = Some("wide".into())).await;
        let wide = KeyRef::Id(wide.key.key_id);
        let scopeless = create(&bed, &caller, &Owner::Caller, draft("x", "admin")).await;
        assert!(matches!(scopeless, Err(Error::Forbidden(_))));
        let mut narrow = draft("x", "admin");
        narrow.scopes = Some(scope("user", "*"));
        create(&bed, &caller, &Owner::Caller, narrow).await.unwrap();
        let rotation = RotateDraft::default().check().unwrap();
        let taken_over = bed.service.rotate_key(&caller, &wide, rotation, &Precondition::Anything).await;
        assert!(matches!(taken_over, Err(Error::Forbidden(_))));
        let widen = KeyPatchDraft { scopes: Some(Vec::new()), ..KeyPatchDraft::default() };
        let own = KeyRef::Named { owner: Owner::Caller, name: "x".into() };
        let widened = bed.service.update_key(&caller, &own, widen.check(bed.clock.now()).unwrap(), &Precondition::Anything).await;
        assert!(matches!(widened, Err(Error::Forbidden(_))));
    }

    async fn a_scoped_key_reaches_only_what_its_scopes_cover(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (caller, _) =
            caller_with(&bed, &org, |draft| draft.scopes = Some(scope("user", "bob@acme.example"))).await;
        let list = async |email: &str| bed.list_keys_of_user(&caller, &Owner::Email(email.into()), true).await;
        assert!(list("Bob@acme.example").await.is_ok());
        let (other, missing) = (list("admin@acme.example").await, list("nobody@acme.example").await);
        assert_eq!(other.unwrap_err().to_problem(None), missing.unwrap_err().to_problem(None));
        // The key may access the same member if a request names them in another way.
        assert!(bed.service.get_user(&caller, &Owner::Id(bob.user_id)).await.is_ok());
        let other = bed.service.get_user(&caller, &Owner::Id(org.admin.user_id.clone())).await;
        let missing = bed.service.get_user(&caller, &Owner::Id(UserId::from_random("x"))).await;
        assert_eq!(other.unwrap_err().to_problem(None), missing.unwrap_err().to_problem(None));
        let (useless, _) = caller_with(&bed, &org, |draft| {
            draft.name = Some("useless".into());
            draft.scopes = Some(scope("bucket", "*"));
        })
        .await;
        assert!(matches!(bed.service.permit(&useless, Action::ListKeys), Err(Error::Forbidden(_))));
        let (by_key, _) = caller_with(&bed, &org, |draft| {
            draft.name = Some("by-key".into());
            draft.scopes = Some(scope("api_key", "by-*"));
        })
        .await;
        let keys = bed.list_keys_of_user(&by_key, &Owner::Email("admin@acme.example".into()), true).await;
        let names: Vec<_> = keys.unwrap().into_iter().map(|key| String::from(key.fields.name)).collect();
        assert_eq!(names, ["by-key"]);
    }

    async fn every_part_of_a_list_contains_only_keys_in_the_scopes_of_the_caller(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |draft| draft.name = Some("one".into())).await;
        bed.copies(&made.key, 120).await;
        let (caller, _) = caller_with(&bed, &org, |draft| draft.scopes = Some(scope("api_key", "copy 1*"))).await;
        let owner = Owner::Email("admin@acme.example".into());
        let (mut names, mut sizes, mut after) = (Vec::new(), Vec::new(), None);
        loop {
            let query = UserKeyQuery { include_ended: false, after, size: PageSize::new(10) };
            let page = bed.service.list_keys_of_user(&caller, &owner, &query).await.unwrap();
            sizes.push(page.keys.len());
            names.extend(page.keys.into_iter().map(|key| String::from(key.fields.name)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        names.sort_unstable();
        names.dedup();
        // The copies 1, 10 to 19 and 100 to 119.
        assert_eq!(names.len(), 31);
        assert!(names.iter().all(|name| name.starts_with("copy 1")), "{names:?}");
        // All parts except the last are full.
        assert_eq!(sizes[..3], [10, 10, 10]);
    }

    async fn a_list_continues_only_while_the_callers_key_is_valid(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |draft| draft.name = Some("one".into())).await;
        bed.copies(&made.key, 20).await;
        let (caller, secret) = caller_with(&bed, &org, |_| ()).await;
        let query = UserKeyQuery { size: PageSize::new(10), ..UserKeyQuery::default() };
        let first = bed.service.list_keys_of_user(&caller, &Owner::Caller, &query).await.unwrap();
        let rest = UserKeyQuery { after: first.next, ..query };
        assert!(bed.accepts(&secret).await);
        let next = bed.service.continue_keys_of_user(&caller, &first.user_id, &rest).await.unwrap();
        assert_eq!(next.keys.len(), 10);
        let Actor::Key(actor) = &caller.actor else { unreachable!("a key") };
        let id = KeyRef::Id(actor.key.key_id.clone());
        bed.service.revoke_key(&org.caller, &id, String::new(), &Precondition::Anything).await.unwrap();
        let refused = bed.service.continue_keys_of_user(&caller, &first.user_id, &rest).await;
        assert!(matches!(refused, Err(Error::Unauthorized(_))), "{refused:?}");
    }

    async fn a_scoped_key_cannot_make_anyone_an_admin(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (caller, _) =
            caller_with(&bed, &org, |draft| draft.scopes = Some(scope("user", "bob@acme.example"))).await;
        let bob = Owner::Id(bob.user_id);
        let patch = |role: Option<&str>, status: Option<&str>| {
            let (role, status) = (role.map(str::to_owned), status.map(str::to_owned));
            UserPatchDraft { role, status, ..UserPatchDraft::default() }.check().unwrap()
        };
        let by_key = async |patch| bed.service.update_user(&caller, &bob, patch).await;
        by_key(patch(Some("viewer"), None)).await.unwrap();
        for (role, status) in [(Some("admin"), None), (Some("admin"), Some("suspended"))] {
            let refused = by_key(patch(role, status)).await;
            assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        }
        by_key(patch(None, Some("suspended"))).await.unwrap();
        let refused = by_key(patch(Some("admin"), None)).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        let user = bed.service.get_user(&org.caller, &bob).await.unwrap();
        assert_eq!((user.role, user.status), (Role::Viewer, UserStatus::Suspended));
        // Another admin makes them an admin. The scoped key may then still change what does not affect that.
        bed.service.update_user(&org.caller, &bob, patch(Some("admin"), None)).await.unwrap();
        let rename = UserPatchDraft { user_name: Some("Bob".into()), ..UserPatchDraft::default() };
        by_key(rename.check().unwrap()).await.unwrap();
        let refused = by_key(patch(None, Some("active"))).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    }
}
