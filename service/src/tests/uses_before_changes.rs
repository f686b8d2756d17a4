//! Tests that the uses of a key are written although the key changes before that. Its secret may never be verified
//! again, and the last uses of a leaked key are those that its owner looks for.

use model::Timestamp;
use model::key::{CreatedKey, KeyPatchDraft, Precondition, RotateDraft};
use model::user::{Role, UserPatchDraft};
use model::verify::VerifyCode;

use super::on_both;
use super::verify::code;
use crate::testing::{Org, TestBed};
use crate::{KeyRef, Owner};

/// How often the key is used.
const USES: u64 = 5;

/// A key of a member that was used several times since the last write, and the time of its last use.
async fn used(bed: &TestBed, org: &Org) -> (CreatedKey, Timestamp) {
    let (user, _) = bed.member(org, "m@acme.example", Role::Member).await;
    let made = bed.key(org, &user, |_| ()).await;
    bed.warm().await;
    for _ in 0..USES {
        assert_eq!(code(bed, org, &made).await, VerifyCode::Valid);
    }
    let last = bed.clock.now();
    bed.clock.advance_seconds(1);
    bed.mark_cache_valid();
    (made, last)
}

fn key_of(made: &CreatedKey) -> KeyRef {
    KeyRef::Id(made.key.key_id.clone())
}

async fn rename(bed: &TestBed, org: &Org, made: &CreatedKey) {
    let patch = KeyPatchDraft { name: Some("renamed".into()), ..KeyPatchDraft::default() };
    let patch = patch.check(bed.clock.now()).unwrap();
    bed.service.update_key(&org.caller, &key_of(made), patch, &Precondition::Anything).await.unwrap();
}

async fn revoke(bed: &TestBed, org: &Org, made: &CreatedKey) {
    let reason = "leaked".to_owned();
    bed.service.revoke_key(&org.caller, &key_of(made), reason, &Precondition::Anything).await.unwrap();
}

async fn rotate(bed: &TestBed, org: &Org, made: &CreatedKey, grace: i64) -> CreatedKey {
    let rotation = RotateDraft { grace_period_seconds: Some(grace) }.check().unwrap();
    bed.service.rotate_key(&org.caller, &key_of(made), rotation, &Precondition::Anything).await.unwrap()
}

async fn suspend(bed: &TestBed, org: &Org, made: &CreatedKey) {
    let patch = UserPatchDraft { status: Some("suspended".into()), ..UserPatchDraft::default() };
    let owner = Owner::Id(made.key.owner.user_id().unwrap().clone());
    bed.service.update_user(&org.caller, &owner, patch.check().unwrap()).await.unwrap();
}

/// When the key was last used, according to the database.
async fn last_use(bed: &TestBed, org: &Org, made: &CreatedKey) -> Option<Timestamp> {
    let found = bed.other_process().get_key(&org.caller, &key_of(made)).await.unwrap();
    found.key.last_use.map(|used| used.at)
}

on_both! {
    async fn of_a_key_that_was_updated(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (made, last) = used(&bed, &org).await;
        rename(&bed, &org, &made).await;
        bed.flush().await;
        assert_eq!(bed.outcomes(&made).await, [("VALID", USES)]);
        assert_eq!(last_use(&bed, &org, &made).await, Some(last));
        // They are written once, and later uses are added.
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Valid);
        bed.flush().await;
        assert_eq!(bed.outcomes(&made).await, [("VALID", USES + 1)]);
        assert_eq!(last_use(&bed, &org, &made).await, Some(bed.clock.now()));
    }

    async fn of_a_key_that_was_revoked(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (made, last) = used(&bed, &org).await;
        revoke(&bed, &org, &made).await;
        bed.flush().await;
        assert_eq!(bed.outcomes(&made).await, [("VALID", USES)]);
        assert_eq!(last_use(&bed, &org, &made).await, Some(last));
    }

    async fn of_a_key_that_was_rotated(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (made, _) = used(&bed, &org).await;
        let new = rotate(&bed, &org, &made, 0).await;
        bed.flush().await;
        assert_eq!(bed.outcomes(&made).await, [("VALID", USES)]);
        assert_eq!(last_use(&bed, &org, &new).await, None);
    }

    async fn of_a_replaced_secret_that_is_presented_again(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (made, _) = used(&bed, &org).await;
        rotate(&bed, &org, &made, 0).await;
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::NotFound);
        bed.flush().await;
        assert_eq!(bed.outcomes(&made).await, [("VALID", USES)]);
    }

    async fn of_an_earlier_secret(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (made, last) = used(&bed, &org).await;
        rotate(&bed, &org, &made, 3600).await;
        bed.flush().await;
        assert_eq!(bed.outcomes(&made).await, [("VALID", USES)]);
        let found = bed.other_process().get_key(&org.caller, &key_of(&made)).await.unwrap();
        let earlier: Vec<_> =
            found.grace_periods.iter().map(|earlier| earlier.last_use.as_ref().map(|used| used.at)).collect();
        assert_eq!(earlier, [Some(last)]);
    }

    async fn of_a_key_whose_owner_has_ended(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (made, last) = used(&bed, &org).await;
        suspend(&bed, &org, &made).await;
        bed.finish_ends().await;
        bed.flush().await;
        assert_eq!(bed.outcomes(&made).await, [("VALID", USES)]);
        assert_eq!(last_use(&bed, &org, &made).await, Some(last));
    }

    async fn when_the_server_stops(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (made, last) = used(&bed, &org).await;
        revoke(&bed, &org, &made).await;
        bed.service.write_all_pending(1).await.unwrap();
        assert_eq!(bed.outcomes(&made).await, [("VALID", USES)]);
        assert_eq!(last_use(&bed, &org, &made).await, Some(last));
    }
}
