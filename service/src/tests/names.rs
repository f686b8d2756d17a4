//! Tests that names, e-mail addresses and passwords in two spellings are the same, and that names and addresses of the
//! previous version are normalized.

use model::gateway::GatewayDraft;
use model::key::{
    Key, KeyDraft, KeyName, KeyPatchDraft, KeyStatus, Precondition, ResourceScope, ResourceType,
};
use model::password::Password;
use model::service_account::ServiceAccountDraft;
use model::session::PasswordChangeDraft;
use model::user::{Role, UserDraft};

use super::on_both;
use crate::testing::{Org, PASSWORD, TestBed};
use crate::{Caller, Error, KeyRef, Owner, RequestContext, Result};

const COMPOSED: &str = "caf\u{e9}";
const DECOMPOSED: &str = "cafe\u{301}";
const COMPOSED_ADDRESS: &str = "zo\u{eb}@acme.example";
const DECOMPOSED_ADDRESS: &str = "zoe\u{308}@acme.example";

fn named(org: &Org, name: &str) -> KeyRef {
    KeyRef::Named { owner: Owner::Id(org.admin.user_id.clone()), name: name.to_owned() }
}

/// Fails unless a transaction holds a caller lock alone.
const IS_HELD_ALONE: &str = "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted \
    AND mode = 'ExclusiveLock' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) \
    THEN RAISE EXCEPTION 'the lock is shared'; END IF; END $$";

/// If two transactions shared the lock of the key's secret, each would wait for the other before changing the key.
#[tokio::test]
async fn a_key_that_changes_itself_by_another_spelling_cannot_deadlock_with_itself() {
    let bed = TestBed::postgres().await;
    let org = bed.organization("Acme").await;
    let made = bed.key(&org, &org.admin, |draft| {
        draft.name = Some(DECOMPOSED.into());
        draft.permissions = Some(vec!["admin".into()]);
    });
    let caller = bed.caller_of(&made.await.secret).await;
    for name in [DECOMPOSED, COMPOSED] {
        let begun = bed.service.begin_for_key(&caller, &named(&org, name), |_| Ok(())).await;
        bed.database.run(IS_HELD_ALONE).await;
        drop(begun.unwrap());
    }
    let (one, other) = tokio::join!(
        rename(&bed, &caller, &org, COMPOSED, COMPOSED),
        rename(&bed, &caller, &org, DECOMPOSED, DECOMPOSED),
    );
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
}

/// Renames the admin's key with a name.
async fn rename(bed: &TestBed, caller: &Caller, org: &Org, from: &str, to: &str) -> Result<Key> {
    let draft = KeyPatchDraft { name: Some(to.into()), ..KeyPatchDraft::default() };
    let patch = draft.check(bed.clock.now()).unwrap();
    bed.service.update_key(caller, &named(org, from), patch, &Precondition::Anything).await
}

on_both! {
    async fn the_second_creation_in_another_spelling_is_refused(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |draft| draft.name = Some(DECOMPOSED.into())).await;
        let draft = KeyDraft { name: Some(COMPOSED.into()), ..KeyDraft::default() };
        let new = draft.check(bed.clock.now()).unwrap();
        let again = bed.service.create_key(&org.caller, &Owner::Id(org.admin.user_id.clone()), new).await;
        assert!(matches!(again, Err(Error::AlreadyExists(_))), "{again:?}");
        for name in [COMPOSED, DECOMPOSED] {
            let key = rename(&bed, &org.caller, &org, name, name).await.unwrap();
            assert_eq!((&key.key_id, key.fields.name.as_str()), (&made.key.key_id, name));
        }
        bed.key(&org, &org.admin, |draft| draft.name = Some("other".into())).await;
        let taken = rename(&bed, &org.caller, &org, "other", COMPOSED).await;
        assert!(matches!(taken, Err(Error::AlreadyExists(_))));
        let (key, why) = (named(&org, COMPOSED), String::new());
        let revoked = bed.service.revoke_key(&org.caller, &key, why, &Precondition::Anything).await;
        assert_eq!(revoked.unwrap().key_id, made.key.key_id);
        bed.key(&org, &org.admin, |draft| draft.name = Some(COMPOSED.into())).await;
    }

    async fn an_expired_key_ends_for_good_when_its_name_goes_to_a_key_in_another_spelling(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let end = bed.clock.now().plus_seconds(60).to_rfc3339();
        let old = bed.key(&org, &org.admin, |draft| {
            draft.name = Some(DECOMPOSED.into());
            draft.expires_at = Some(end);
        }).await;
        bed.clock.advance_seconds(60);
        let new = bed.key(&org, &org.admin, |draft| draft.name = Some(COMPOSED.into())).await;
        bed.clock.advance_seconds(-60);
        assert!(!bed.accepts(&old.secret).await && bed.accepts(&new.secret).await);
    }

    async fn service_accounts_and_gateways_have_one_name_in_two_spellings(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.service_account(&org, DECOMPOSED, &[]).await;
        let draft = ServiceAccountDraft { name: Some(COMPOSED.into()), permissions: Some(Vec::new()), ..ServiceAccountDraft::default() };
        let again = bed.service.create_service_account(&org.caller, draft.check().unwrap()).await;
        assert!(matches!(again, Err(Error::AlreadyExists(_))));
        let draft = |name: &str| GatewayDraft { name: Some(name.into()), ..GatewayDraft::default() };
        bed.gateway(&org, draft(DECOMPOSED)).await;
        let again = bed.service.create_gateway(&org.caller, draft(COMPOSED).check().unwrap()).await;
        assert!(matches!(again, Err(Error::AlreadyExists(_))));
    }

    async fn a_scope_by_name_covers_every_spelling(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.key(&org, &org.admin, |draft| draft.name = Some(DECOMPOSED.into())).await;
        let manager = bed.key(&org, &org.admin, |draft| {
            draft.permissions = Some(vec!["admin".into()]);
            draft.scopes = Some(vec![(&ResourceScope {
                resource_type: ResourceType::ApiKey,
                resource_id: COMPOSED.into(),
                operations: None,
            }).into()]);
        }).await;
        let caller = bed.caller_of(&manager.secret).await;
        for name in [DECOMPOSED, COMPOSED] {
            assert_eq!(rename(&bed, &caller, &org, name, name).await.unwrap().fields.name.as_str(), name);
        }
        assert!(matches!(rename(&bed, &caller, &org, "cafe", COMPOSED).await, Err(Error::Forbidden(_))));
    }

    async fn names_of_the_previous_version_are_normalized_by_the_background_task(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let old = bed.key(&org, &org.admin, |draft| draft.name = Some("x".into())).await;
        bed.key(&org, &org.admin, |draft| draft.name = Some("ключ".into())).await;
        bed.database.run("UPDATE keys SET spelling = NULL, spelling_of = NULL").await;
        bed.database.run("UPDATE keys SET name = 'cafe\u{301}' WHERE name = 'x'").await;
        let find = async |name: &str| {
            let (owner, name) = (org.admin.user_id.clone().into(), KeyName::parse(name).unwrap());
            let mut db = bed.service.store.read().await.unwrap();
            store::keys::find_named(&mut db, &owner, &name, bed.clock.now()).await.unwrap()
        };
        assert!(find(COMPOSED).await.is_none());
        bed.service.normalize_names().await.unwrap();
        let found = find(COMPOSED).await.unwrap();
        assert_eq!((&found.key_id, found.fields.name.as_str()), (&old.key.key_id, DECOMPOSED));
        assert_eq!(found.status(bed.clock.now()), KeyStatus::Active);
        let mut db = bed.service.store.read().await.unwrap();
        let left = store::names::unnormalized(&mut db, store::names::NamedTable::Keys, "", 10).await.unwrap();
        assert_eq!(left, []);
    }

    async fn one_bad_name_does_not_keep_the_others_from_being_normalized(bed: TestBed) {
        let org = bed.organization("Acme").await;
        for name in ["x1", "x2", "x3"] {
            bed.key(&org, &org.admin, |draft| draft.name = Some(name.into())).await;
        }
        bed.database.run("UPDATE keys SET name = 'cafe\u{301}' || substr(name, 2) WHERE name LIKE 'x_'").await;
        // Names are normalized in the order of the ids. A name with a line break cannot be read.
        bed.database
            .run("UPDATE keys SET name = name || '\n' WHERE key_id = (SELECT min(key_id) FROM keys WHERE name LIKE 'cafe%')")
            .await;
        bed.service.normalize_names().await.unwrap();
        let mut db = bed.service.store.read().await.unwrap();
        let left = store::names::unnormalized(&mut db, store::names::NamedTable::Keys, "", 10).await.unwrap();
        assert!(left.len() == 1 && left[0].1.ends_with('\n'), "{left:?}");
    }

    async fn a_person_has_one_address_in_two_spellings(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.join(&org, DECOMPOSED_ADDRESS, PASSWORD).await;
        bed.sign_in(COMPOSED_ADDRESS, PASSWORD).await;
        let draft = UserDraft {
            email: Some(COMPOSED_ADDRESS.into()),
            user_name: Some("Zoe".into()),
            ..UserDraft::default()
        };
        let again = bed.service.add_user(&org.caller, draft.check().unwrap()).await;
        assert!(matches!(again, Err(Error::AlreadyExists(_))), "{again:?}");
        let found = bed.service.get_user(&org.caller, &Owner::Email(COMPOSED_ADDRESS.into())).await.unwrap();
        assert_eq!(found.email.as_str(), DECOMPOSED_ADDRESS);
    }

    async fn a_scope_by_address_covers_every_spelling(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.member(&org, DECOMPOSED_ADDRESS, Role::Member).await;
        let manager = bed.key(&org, &org.admin, |draft| {
            draft.permissions = Some(vec!["admin".into()]);
            draft.scopes = Some(vec![(&ResourceScope {
                resource_type: ResourceType::User,
                resource_id: COMPOSED_ADDRESS.into(),
                operations: None,
            }).into()]);
        }).await;
        let caller = bed.caller_of(&manager.secret).await;
        for email in [COMPOSED_ADDRESS, DECOMPOSED_ADDRESS] {
            assert!(bed.service.get_user(&caller, &Owner::Email(email.into())).await.is_ok());
        }
        let other = Owner::Email("zoe@acme.example".into());
        assert!(matches!(bed.service.get_user(&caller, &other).await, Err(Error::Forbidden(_))));
    }

    async fn an_address_of_the_previous_version_is_normalized(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.join(&org, "x@acme.example", PASSWORD).await;
        for sql in [
            "UPDATE users SET email = 'zoe\u{308}@acme.example', email_folded = 'zoe\u{308}@acme.example' \
             WHERE email = 'x@acme.example'",
            "UPDATE accounts SET email = 'zoe\u{308}@acme.example', email_folded = 'zoe\u{308}@acme.example' \
             WHERE email = 'x@acme.example'",
        ] {
            bed.database.run(sql).await;
        }
        bed.sign_in(DECOMPOSED_ADDRESS, PASSWORD).await;
        bed.service.normalize_addresses().await.unwrap();
        for email in [COMPOSED_ADDRESS, DECOMPOSED_ADDRESS] {
            bed.sign_in(email, PASSWORD).await;
            bed.service.get_user(&org.caller, &Owner::Email(email.into())).await.unwrap();
        }
    }

    async fn a_password_signs_in_in_either_form(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let passwords = ["motdepasse caf\u{e9}", "motdepasse cafe\u{301}"];
        for (email, set) in ["one@acme.example", "two@acme.example"].into_iter().zip(passwords) {
            bed.join(&org, email, set).await;
            for typed in passwords {
                bed.sign_in(email, typed).await;
            }
            let wrong = Password::typed("motdepasse cafe");
            let refused = bed.service.sign_in(email, &wrong, &RequestContext::default()).await;
            assert!(matches!(refused, Err(Error::Unauthorized(_))));
        }
        let [current, new] = passwords.map(Password::typed);
        assert!(PasswordChangeDraft { current, new }.check().is_err(), "it is the current password");
    }
}
