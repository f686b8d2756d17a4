//! Tests verification, from the key cache and from the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::key::{Access, CreatedKey, KeyPatchDraft, KeyPrefix, PlainKey, Precondition, RotateDraft};
use model::user::{Role, UserPatchDraft};
use model::verify::{Verdict, VerifyCode, VerifyDraft, VerifyRequest};
use tokio::task::JoinSet;

use super::on_both;
use crate::testing::{Org, TestBed};
use crate::{Caller, Error, KeyRef, Owner};

/// A verify request for a key, without further conditions.
pub(super) fn about(made: &CreatedKey) -> VerifyRequest<'static> {
    verify_request(made.secret.reveal())
}

fn verify_request(secret: &str) -> VerifyRequest<'static> {
    VerifyDraft { key: Some(secret.to_owned()), ..VerifyDraft::default() }.check().unwrap()
}

pub(super) async fn verdict(
    bed: &TestBed,
    org: &Org,
    verify_request: &VerifyRequest<'_>,
) -> Verdict<'static> {
    bed.service.verdict(&org.organization_id, verify_request).await.unwrap()
}

/// The verdict from the key cache, if there is one.
fn verdict_now(bed: &TestBed, org: &Org, verify_request: &VerifyRequest<'_>) -> Option<Verdict<'static>> {
    let keep = |verdict: Verdict<'_>| verdict.into_owned();
    bed.service.verify_now(&org.organization_id, verify_request, bed.service.moment(), keep)
}

pub(super) async fn code(bed: &TestBed, org: &Org, made: &CreatedKey) -> VerifyCode {
    verdict(bed, org, &about(made)).await.code
}

/// Whether a verification is answered from the key cache.
pub(super) fn is_in_memory(bed: &TestBed, org: &Org, made: &CreatedKey) -> bool {
    verdict_now(bed, org, &about(made)).is_some()
}

async fn revoke(bed: &TestBed, caller: &Caller, made: &CreatedKey) {
    let key = KeyRef::Id(made.key.key_id.clone());
    bed.service.revoke_key(caller, &key, String::new(), &Precondition::Anything).await.unwrap();
}

async fn rotate(bed: &TestBed, org: &Org, made: &CreatedKey, grace: i64) -> CreatedKey {
    let rotation = RotateDraft { grace_period_seconds: Some(grace) }.check().unwrap();
    let key = KeyRef::Id(made.key.key_id.clone());
    bed.service.rotate_key(&org.caller, &key, rotation, &Precondition::Anything).await.unwrap()
}

on_both! {
    async fn a_key_is_valid_only_in_its_organization(bed: TestBed) {
        let (org, other) = (bed.organization("Acme").await, bed.organization("Other").await);
        let made = bed.key(&org, &org.admin, |_| ()).await;
        for _ in ["from the database", "from memory"] {
            let seen = verdict(&bed, &org, &about(&made)).await;
            let key = seen.key.unwrap();
            assert_eq!((seen.code, &*key.key_id, &*key.name), (VerifyCode::Valid, made.key.key_id.as_str(), "ci"));
            assert_eq!((&*key.owner_name, &*key.organization_id), (org.admin.email.as_str(), &org.organization_id));
            assert_eq!(verdict(&bed, &other, &about(&made)).await, Verdict::NOT_FOUND);
            bed.warm().await;
            assert!(is_in_memory(&bed, &org, &made));
        }
    }

    async fn unknown_secrets_are_answered_from_memory(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let long = "x".repeat(60_000);
        for text in ["", "sk_live_", "not a key", long.as_str()] {
            assert_eq!(verdict_now(&bed, &org, &verify_request(text)), Some(Verdict::NOT_FOUND));
        }
        let foreign = PlainKey::from_random(&KeyPrefix::default(), &"z".repeat(32));
        assert_eq!(verdict(&bed, &org, &verify_request(foreign.reveal())).await, Verdict::NOT_FOUND);
        bed.warm().await;
        assert_eq!(verdict_now(&bed, &org, &verify_request(foreign.reveal())), Some(Verdict::NOT_FOUND));
    }

    /// Everything that reduces what a key may do takes effect at once, although the keys are in the key cache and the
    /// feed reads nothing.
    async fn the_end_of_a_key_applies_to_the_next_verification(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (user, _) = bed.member(&org, "m@acme.example", Role::Member).await;
        let service_account = bed.service_account(&org, "ci", &[]).await;
        bed.warm().await;
        let made = bed.key(&org, &user, |draft| draft.permissions = Some(vec!["delete".into()])).await;
        let of_robot = bed.service_account_key(&org, &service_account, "deploy", Access::Read).await;
        let mut asked = about(&made);
        asked.permissions = model::key::Permissions::from_bits(2);
        assert_eq!(verdict(&bed, &org, &asked).await.code, VerifyCode::Valid);
        assert!(is_in_memory(&bed, &org, &made));

        let key = KeyRef::Id(made.key.key_id.clone());
        let patch = KeyPatchDraft { permissions: Some(vec!["read".into()]), ..KeyPatchDraft::default() };
        let patch = patch.check(bed.clock.now()).unwrap();
        bed.service.update_key(&org.caller, &key, patch, &Precondition::Anything).await.unwrap();
        assert_eq!(verdict(&bed, &org, &asked).await.code, VerifyCode::InsufficientPermissions);

        bed.service.disable_key(&org.caller, &made.key.key_id, &Precondition::Anything).await.unwrap();
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Disabled);
        bed.service.enable_key(&org.caller, &made.key.key_id, &Precondition::Anything).await.unwrap();
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Valid);

        let lower = UserPatchDraft { role: Some("viewer".into()), ..UserPatchDraft::default() };
        let owner = Owner::Id(user.user_id.clone());
        bed.service.update_user(&org.caller, &owner, lower.check().unwrap()).await.unwrap();
        let wide = bed.key(&org, &org.admin, |draft| draft.permissions = Some(vec!["delete".into()])).await;
        assert_eq!(verdict(&bed, &org, &about(&wide)).await.key.unwrap().permissions.words(), ["delete"]);
        let seen = verdict(&bed, &org, &about(&made)).await;
        assert_eq!((seen.code, seen.key.unwrap().permissions.words()), (VerifyCode::Valid, vec!["read"]));

        let suspend = UserPatchDraft { status: Some("suspended".into()), ..UserPatchDraft::default() };
        bed.service.update_user(&org.caller, &owner, suspend.check().unwrap()).await.unwrap();
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Revoked);

        assert_eq!(code(&bed, &org, &of_robot).await, VerifyCode::Valid);
        bed.service.disable_service_account(&org.caller, &service_account.service_account_id).await.unwrap();
        assert_ne!(code(&bed, &org, &of_robot).await, VerifyCode::Valid);
    }

    async fn a_cached_key_still_expires(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let end = bed.clock.now().plus_seconds(60).to_string();
        let made = bed.key(&org, &org.admin, |draft| draft.expires_at = Some(end)).await;
        bed.warm().await;
        for _ in 0..60 {
            assert_eq!(code(&bed, &org, &made).await, VerifyCode::Valid);
            bed.clock.advance_seconds(1);
            bed.mark_cache_valid();
        }
        assert!(is_in_memory(&bed, &org, &made));
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Expired);
    }

    async fn a_rotated_secret_is_valid_until_its_grace_period_ends(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let first = bed.key(&org, &org.admin, |draft| draft.rate_limit_override = Some(10)).await;
        bed.warm().await;
        assert_eq!(code(&bed, &org, &first).await, VerifyCode::Valid);
        let second = rotate(&bed, &org, &first, 30).await;
        for made in [&first, &second, &first, &second] {
            assert_eq!(code(&bed, &org, made).await, VerifyCode::Valid);
        }
        // Both secrets count for one key.
        let rate = verdict(&bed, &org, &about(&first)).await.rate.unwrap();
        assert_eq!(rate.remaining, 10 - 6);
        bed.warm().await;
        bed.clock.advance_seconds(30);
        bed.mark_cache_valid();
        assert_eq!(code(&bed, &org, &first).await, VerifyCode::NotFound);
        assert_eq!(code(&bed, &org, &second).await, VerifyCode::Valid);
        let third = rotate(&bed, &org, &second, 30).await;
        let fourth = rotate(&bed, &org, &third, 0).await;
        for (made, expected) in [(&second, VerifyCode::NotFound), (&third, VerifyCode::NotFound), (&fourth, VerifyCode::Valid)] {
            assert_eq!(code(&bed, &org, made).await, expected);
        }
        rotate(&bed, &org, &fourth, 600).await;
        revoke(&bed, &org.caller, &fourth).await;
        assert_ne!(code(&bed, &org, &fourth).await, VerifyCode::Valid);
    }

    async fn no_key_exceeds_its_limit(bed: TestBed) {
        let org = Arc::new(bed.organization("Acme").await);
        bed.warm().await;
        for limit in [5_i64, 300] {
            let made = bed.key(&org, &org.admin, |draft| {
                draft.name = Some(format!("k{limit}"));
                draft.rate_limit_override = Some(limit);
            }).await;
            let mut tasks = JoinSet::new();
            for _ in 0..400 {
                let (service, org, asked) = (bed.service.clone(), org.clone(), about(&made));
                tasks.spawn(async move { service.verdict(&org.organization_id, &asked).await.unwrap() });
            }
            let all = tasks.join_all().await;
            let passed = all.iter().filter(|seen| seen.is_valid()).count();
            assert_eq!(passed, usize::try_from(limit).unwrap());
            let refused = all.iter().find(|seen| !seen.is_valid()).unwrap();
            assert_eq!(refused.code, VerifyCode::RateLimited);
            assert!(refused.rate.unwrap().retry_after_seconds > Some(0));
        }
    }

    /// A verification that starts after the response to a revocation must not accept the key.
    async fn no_verification_that_starts_after_the_revocation_is_accepted(bed: TestBed) {
        let org = Arc::new(bed.organization("Acme").await);
        bed.warm().await;
        for round in 0..20 {
            let made = bed.key(&org, &org.admin, |draft| draft.name = Some(format!("k{round}"))).await;
            if round % 2 == 0 {
                assert_eq!(code(&bed, &org, &made).await, VerifyCode::Valid);
            }
            let is_revoked = Arc::new(AtomicBool::new(false));
            let mut tasks = JoinSet::new();
            for _ in 0..4 {
                let (service, org, made, is_revoked) = (bed.service.clone(), org.clone(), made.clone(), is_revoked.clone());
                tasks.spawn(async move {
                    let mut asked_after = 0;
                    while asked_after < 50 {
                        let was_revoked = is_revoked.load(Ordering::SeqCst);
                        let seen = service.verdict(&org.organization_id, &about(&made)).await.unwrap();
                        if was_revoked {
                            asked_after += 1;
                            assert_eq!(seen.code, VerifyCode::Revoked);
                        }
                        tokio::task::yield_now().await;
                    }
                });
            }
            revoke(&bed, &org.caller, &made).await;
            is_revoked.store(true, Ordering::SeqCst);
            tasks.join_all().await;
        }
    }

    /// The other process is another service on the same database.
    async fn changes_of_another_process_are_applied(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        bed.warm().await;
        assert!(is_in_memory(&bed, &org, &made));
        let other = bed.other_process();
        let key = KeyRef::Id(made.key.key_id.clone());
        other.revoke_key(&org.caller, &key, String::new(), &Precondition::Anything).await.unwrap();
        let draft = model::key::KeyDraft { name: Some("new".into()), ..Default::default() };
        let new = draft.check(bed.clock.now()).unwrap();
        let new = other.create_key(&org.caller, &Owner::Id(org.admin.user_id.clone()), new).await.unwrap();
        bed.read_invalidations().await;
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Revoked);
        assert_eq!(code(&bed, &org, &new).await, VerifyCode::Valid);
    }

    async fn a_process_without_invalidations_trusts_no_cached_entry(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        bed.warm().await;
        assert!(is_in_memory(&bed, &org, &made));
        bed.clock.advance_seconds(1);
        assert!(!is_in_memory(&bed, &org, &made));
        let other = bed.other_process();
        let key = KeyRef::Id(made.key.key_id.clone());
        other.revoke_key(&org.caller, &key, String::new(), &Precondition::Anything).await.unwrap();
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Revoked);
    }

    async fn verifying_needs_the_permission(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let plain = bed.key(&org, &org.admin, |_| ()).await;
        let narrow = bed.key(&org, &org.admin, |draft| {
            draft.name = Some("narrow".into());
            draft.permissions = Some(vec!["admin".into()]);
            draft.scopes = Some(vec![model::key::ScopeDraft {
                resource_type: Some("bucket".into()),
                resource_id: Some("*".into()),
                operations: None,
            }]);
        }).await;
        let (may, may_not) = (bed.service_account(&org, "may", &["apikey:verify"]).await, bed.service_account(&org, "not", &["apikey:read"]).await);
        let may = bed.service_account_key(&org, &may, "a", Access::Read).await;
        let may_not = bed.service_account_key(&org, &may_not, "a", Access::ReadWrite).await;
        for _ in ["from the database", "from memory"] {
            for secret in [&org.admin_key, &may.secret] {
                assert_eq!(bed.service.checker(secret.reveal()).await.unwrap().organization(), &org.organization_id);
            }
            for secret in [&plain.secret, &narrow.secret, &may_not.secret] {
                assert!(matches!(bed.service.checker(secret.reveal()).await, Err(Error::Forbidden(_))));
            }
            assert!(matches!(bed.service.checker("nonsense").await, Err(Error::Unauthorized(_))));
            bed.warm().await;
        }
        revoke(&bed, &org.caller, &may).await;
        assert!(matches!(bed.service.checker(may.secret.reveal()).await, Err(Error::Unauthorized(_))));
    }
}

/// A key cache that is too small: what does not fit is read from the database, and no key is wrongly taken for unknown.
#[tokio::test]
async fn a_cache_that_is_too_small_is_only_slower() {
    let settings = crate::Settings { verified_keys_max: 64, ..crate::Settings::default() };
    let bed = TestBed::sqlite_with(settings).await;
    let org = bed.organization("Acme").await;
    let mut all = Vec::new();
    for n in 0..300 {
        all.push(bed.key(&org, &org.admin, |draft| draft.name = Some(format!("k{n}"))).await);
    }
    bed.warm().await;
    for round in 0..2 {
        for made in &all {
            assert_eq!(code(&bed, &org, made).await, VerifyCode::Valid, "{round}");
        }
    }
    for made in &all {
        revoke(&bed, &org.caller, made).await;
    }
    for made in &all {
        assert_eq!(code(&bed, &org, made).await, VerifyCode::Revoked);
    }
    assert!(bed.service.mirrors.key_cache.secret_count() <= 128);
}
