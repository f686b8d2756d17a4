//! The end of an owner: done at once however many keys they have, and the keys follow.

use model::audit::AuditAction;
use model::id::KeyId;
use model::key::{Key, KeyName};
use model::user::{Role, UserPatch, UserPatchDraft};

use super::on_both;
use crate::testing::TestBed;
use crate::Owner;

/// Gives an owner so many more keys like one of theirs, each with a name of its own. Nobody knows their secrets.
async fn copies(bed: &TestBed, key: &Key, number: u32) {
    let copy = |n: u32| Key {
        key_id: KeyId::from_random(&format!("{n:08}{}", &key.key_hash[..16])),
        key_hash: format!("{n:08x}{}", &key.key_hash[8..]),
        name: KeyName::parse(&format!("copy {n}")).unwrap(),
        ..key.clone()
    };
    let keys: Vec<_> = (0..number).map(copy).collect();
    let mut tx = bed.database.store.begin().await.unwrap();
    store::keys::insert_many(&mut tx, &keys).await.unwrap();
    tx.commit().await.unwrap();
}

fn status(word: &str) -> UserPatch {
    UserPatchDraft { status: Some(word.into()), ..UserPatchDraft::default() }.check().unwrap()
}

/// How many records of revoked keys there are, of at most a thousand.
async fn revocations(bed: &TestBed, org: &crate::testing::Org) -> usize {
    let events = bed.audit(&org.caller).await;
    events.iter().filter(|event| event.action == AuditAction::ApiKeyRevoked).count()
}

on_both! {
    async fn an_owners_end_does_not_wait_for_their_keys(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let made = bed.key(&org, &bob, |_| ()).await;
        copies(&bed, &made.key, 700).await;
        bed.service.update_user(&org.caller, &Owner::Id(bob.user_id.clone()), status("suspended")).await.unwrap();
        assert_eq!(revocations(&bed, &org).await, 0, "no key was touched yet");
        assert!(!bed.accepts(&made.secret).await);
    }
}
