//! Tests that an owner ends at once, however many keys they have, and that the keys are revoked later.

mod early;
mod finish;
mod many;
mod organization;

use model::audit::{AuditAction, AuditEvent};
use model::key::{
    Access, CreatedKey, Key, KeyFilter, KeyPatchDraft, KeyQuery, KeyView, Precondition, RotateDraft,
};
use model::page::{PAGE_SIZE_MAX, PageSize};
use model::user::{Role, UserPatch, UserPatchDraft};
use model::verify::VerifyCode;

use super::on_both;
use super::verify::code;
use crate::owner_revocations::BATCH;
use crate::testing::{Org, TestBed};
use crate::{Clock, Entropy, Error, KeyRef, Owner, Service};

fn status(word: &str) -> UserPatch {
    UserPatchDraft { status: Some(word.into()), ..UserPatchDraft::default() }.check().unwrap()
}

async fn set_status(bed: &TestBed, org: &Org, owner: &Owner, word: &str) {
    bed.service.update_user(&org.caller, owner, status(word)).await.unwrap();
}

/// The audit records of revoked keys, among the last 1,000 records.
async fn revocations(bed: &TestBed, org: &Org) -> Vec<AuditEvent> {
    let mut events = bed.audit(&org.caller).await;
    events.retain(|event| event.action == AuditAction::ApiKeyRevoked);
    events
}

/// The keys of a view ordered by id and without their version, which batches change. Also the number of keys found and
/// the total of the view.
async fn view(bed: &TestBed, org: &Org, view: KeyView, owner: Option<Owner>) -> (Vec<Key>, u64, u64) {
    let owner = owner.map(|owner| match owner {
        Owner::Id(id) => id.into(),
        Owner::ServiceAccount(id) => id.into(),
        other => panic!("{other:?}"),
    });
    let filter = KeyFilter { view, owner, ..KeyFilter::default() };
    let query = KeyQuery { filter, size: PageSize::new(PAGE_SIZE_MAX), ..KeyQuery::default() };
    let page = bed.service.page_keys(&org.caller, &query).await.unwrap();
    let mut keys: Vec<_> = page.rows.into_iter().map(|row| Key { version: 0, ..row.key }).collect();
    keys.sort_by(|a, b| a.key_id.cmp(&b.key_id));
    (keys, page.found.number, page.totals.of(view).number)
}

/// Everything that the API shows about an owner's key.
async fn seen(
    bed: &TestBed,
    org: &Org,
    owner: &Owner,
    made: &CreatedKey,
) -> impl PartialEq + std::fmt::Debug + use<> {
    let mut views = Vec::new();
    for of_view in KeyView::ALL {
        views.push(view(bed, org, *of_view, None).await);
        views.push(view(bed, org, *of_view, Some(owner.clone())).await);
    }
    let by_id = KeyRef::Id(made.key.key_id.clone());
    let mut details = bed.service.get_key(&org.caller, &by_id).await.unwrap();
    details.key.version = 0;
    (views, details, code(bed, org, made).await, bed.accepts(&made.secret).await)
}

/// Checks that no request can change a key that has ended.
async fn is_final(bed: &TestBed, org: &Org, made: &CreatedKey) {
    let (caller, any) = (&org.caller, &Precondition::Anything);
    let id = &made.key.key_id;
    let by_id = KeyRef::Id(id.clone());
    let rotation = RotateDraft::default().check().unwrap();
    let patch = KeyPatchDraft { description: Some("x".into()), ..KeyPatchDraft::default() };
    let patch = patch.check(bed.clock.now()).unwrap();
    let missing = |error: Option<Error>| assert!(matches!(error, Some(Error::NotFound(_))), "{error:?}");
    missing(bed.service.rotate_key(caller, &by_id, rotation, any).await.err());
    missing(bed.service.update_key(caller, &by_id, patch, any).await.err());
    missing(bed.service.revoke_key(caller, &by_id, String::new(), any).await.err());
    missing(bed.service.disable_key(caller, id, any).await.err());
    missing(bed.service.enable_key(caller, id, any).await.err());
    missing(bed.service.end_grace_period(caller, id).await.err());
}

on_both! {
    async fn the_end_of_an_owner_does_not_wait_for_their_keys(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (eve, _) = bed.member(&org, "eve@acme.example", Role::Member).await;
        let service_account = bed.service_account(&org, "nightly", &[]).await;
        let made = [
            bed.key(&org, &bob, |_| ()).await,
            bed.key(&org, &eve, |_| ()).await,
            bed.service_account_key(&org, &service_account, "ci", Access::Read).await,
        ];
        for made in &made {
            bed.copies(&made.key, 250).await;
        }
        bed.warm().await;
        set_status(&bed, &org, &Owner::Id(bob.user_id.clone()), "suspended").await;
        bed.service.remove_user(&org.caller, &Owner::Id(eve.user_id.clone())).await.unwrap();
        bed.service.disable_service_account(&org.caller, &service_account.service_account_id).await.unwrap();
        assert!(revocations(&bed, &org).await.is_empty(), "no key was touched yet");
        for made in &made {
            assert!(!bed.accepts(&made.secret).await);
            assert_eq!(code(&bed, &org, made).await, VerifyCode::Revoked);
        }
        assert_eq!(bed.finish_ends().await, 3 * 251_u32.div_ceil(BATCH));
        assert_eq!(revocations(&bed, &org).await.len(), 3 * 251);
        for made in &made {
            assert_eq!(code(&bed, &org, made).await, VerifyCode::Revoked);
        }
    }

    async fn everyone_sees_the_keys_of_an_ended_owner_as_revoked_at_once(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let service_account = bed.service_account(&org, "nightly", &[]).await;
        let hour = RotateDraft { grace_period_seconds: Some(3600) }.check().unwrap();
        for (owner, made) in [
            (Owner::Id(bob.user_id.clone()), bed.key(&org, &bob, |_| ()).await),
            (
                Owner::ServiceAccount(service_account.service_account_id.clone()),
                bed.service_account_key(&org, &service_account, "ci", Access::Read).await,
            ),
        ] {
            bed.copies(&made.key, 120).await;
            let by_id = KeyRef::Id(made.key.key_id.clone());
            let rotated = bed.service.rotate_key(&org.caller, &by_id, hour, &Precondition::Anything).await.unwrap();
            assert_eq!((code(&bed, &org, &made).await, code(&bed, &org, &rotated).await), (VerifyCode::Valid, VerifyCode::Valid));
            bed.clock.advance_seconds(1);
            let before = bed.clock.now();
            match &owner {
                Owner::ServiceAccount(id) => drop(bed.service.disable_service_account(&org.caller, id).await.unwrap()),
                owner => set_status(&bed, &org, owner, "suspended").await,
            }
            bed.clock.advance_seconds(1);
            let at_once = seen(&bed, &org, &owner, &rotated).await;
            let (revoked, found, total) = view(&bed, &org, KeyView::Revoked, Some(owner.clone())).await;
            assert_eq!((revoked.len(), found), (121, 121));
            assert!(total >= 121 && revoked.iter().all(|key| key.revoked.as_ref().is_some_and(|end| end.at == before)));
            assert_eq!(view(&bed, &org, KeyView::Active, Some(owner.clone())).await.0, []);
            assert_eq!(code(&bed, &org, &rotated).await, VerifyCode::Revoked);
            assert_eq!(code(&bed, &org, &made).await, VerifyCode::NotFound, "an earlier secret");
            is_final(&bed, &org, &rotated).await;
            assert_eq!(bed.finish_ends().await, 121_u32.div_ceil(BATCH));
            assert_eq!(seen(&bed, &org, &owner, &rotated).await, at_once);
            assert_eq!(code(&bed, &org, &made).await, VerifyCode::NotFound);
            is_final(&bed, &org, &rotated).await;
        }
        let details = bed.service.service_account_details(&org.caller, &service_account.service_account_id).await.unwrap();
        assert_eq!(details.usage, model::service_account::AccountUse::default());
    }

    async fn a_disabled_service_account_has_no_working_keys_before_they_are_revoked(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let service_account = bed.service_account(&org, "nightly", &[]).await;
        bed.service_account_key(&org, &service_account, "ci", Access::Read).await;
        bed.service.disable_service_account(&org.caller, &service_account.service_account_id).await.unwrap();
        let details = bed.service.service_account_details(&org.caller, &service_account.service_account_id).await.unwrap();
        assert_eq!(details.usage, model::service_account::AccountUse::default());
    }

    async fn the_quota_is_free_as_soon_as_the_owner_has_ended(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        bed.key(&org, &bob, |_| ()).await;
        let settings = crate::Settings { keys_per_organization_max: 2, ..crate::Settings::default() };
        let (store, clock) = (bed.database.store.without_listener(), Clock::from(bed.clock.clone()));
        let full = Service::new(store, clock, Entropy::seeded(3), settings);
        let create = async || {
            let new = model::key::KeyDraft { name: Some("ci".into()), ..Default::default() };
            let new = new.check(bed.clock.now()).unwrap();
            full.create_key(&org.caller, &Owner::Id(org.admin.user_id.clone()), new).await
        };
        assert!(matches!(create().await, Err(Error::Quota { current: 2, .. })));
        full.remove_user(&org.caller, &Owner::Id(bob.user_id.clone())).await.unwrap();
        create().await.unwrap();
        assert!(matches!(create().await, Err(Error::Quota { current: 2, .. })));
    }
}
