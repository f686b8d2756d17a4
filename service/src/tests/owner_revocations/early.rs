//! Tests owners who come back before all their keys are stored as revoked.

use model::key::{KeyDraft, KeyPatchDraft};

use super::*;

async fn create(bed: &TestBed, org: &Org, owner: &Owner, name: &str) -> Result<CreatedKey, Error> {
    let new = KeyDraft { name: Some(name.into()), ..KeyDraft::default() }.check(bed.clock.now()).unwrap();
    bed.service.create_key(&org.caller, owner, new).await
}

async fn code_at(service: &Service, org: &Org, made: &CreatedKey) -> VerifyCode {
    let verify_request = crate::tests::verify::about(made);
    service.verdict(&org.organization_id, &verify_request).await.unwrap().code
}

on_both! {
    async fn reactivating_an_owner_early_revives_no_key(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, bobs) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let owner = Owner::Id(bob.user_id.clone());
        let old = bed.key(&org, &bob, |_| ()).await;
        bed.copies(&old.key, BATCH + 10).await;
        let other = bed.other_process();
        bed.warm().await;
        assert_eq!(code(&bed, &org, &old).await, VerifyCode::Valid);
        set_status(&bed, &org, &owner, "suspended").await;
        set_status(&bed, &org, &owner, "active").await;
        bed.mark_cache_valid();
        // The new key has the same name and the same creation time as the old one, so neither of these distinguishes
        // them.
        let new = create(&bed, &org, &owner, "ci").await.unwrap();
        for _ in ["before the batches", "between them", "after them", "long after"] {
            for _ in ["from the database", "from memory"] {
                assert_eq!(code(&bed, &org, &old).await, VerifyCode::Revoked);
                assert_eq!(code(&bed, &org, &new).await, VerifyCode::Valid);
                bed.warm().await;
            }
            assert_eq!(code_at(&other, &org, &old).await, VerifyCode::Revoked);
            assert!(!bed.accepts(&old.secret).await && bed.accepts(&new.secret).await);
            is_final(&bed, &org, &old).await;
            assert_eq!(view(&bed, &org, KeyView::Active, Some(owner.clone())).await.0.len(), 1);
            assert_eq!(bed.list_keys_of_user(&org.caller, &owner, false).await.unwrap().len(), 1);
            let own = bed.service.page_keys(&bobs, &KeyQuery::default()).await.unwrap();
            assert_eq!((own.totals.active.number, own.totals.revoked.number), (1, u64::from(BATCH + 11)));
            bed.service.revoke_next_batch().await.unwrap();
        }
        let records = revocations(&bed, &org).await;
        assert_eq!(records.iter().filter(|event| event.resource_id == old.key.key_id.as_str()).count(), 1);
        assert_eq!(records.len(), BATCH as usize + 11);
    }

    async fn names_of_ended_keys_can_be_used_again(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let owner = Owner::Id(bob.user_id.clone());
        for name in ["ci", "nightly"] {
            create(&bed, &org, &owner, name).await.unwrap();
        }
        set_status(&bed, &org, &owner, "suspended").await;
        set_status(&bed, &org, &owner, "active").await;
        let named = KeyRef::Named { owner: owner.clone(), name: "ci".into() };
        assert!(matches!(bed.service.get_key(&org.caller, &named).await, Err(Error::NotFound(_))));
        let new = create(&bed, &org, &owner, "ci").await.unwrap();
        assert!(matches!(create(&bed, &org, &owner, "ci").await, Err(Error::AlreadyExists(_))));
        assert_eq!(bed.service.get_key(&org.caller, &named).await.unwrap().key.key_id, new.key.key_id);
        let rename = KeyPatchDraft { name: Some("nightly".into()), ..KeyPatchDraft::default() };
        let rename = rename.check(bed.clock.now()).unwrap();
        bed.service.update_key(&org.caller, &named, rename, &Precondition::Anything).await.unwrap();
        assert_eq!(revocations(&bed, &org).await.len(), 2, "each when its name was freed");
        bed.finish_ends().await;
        assert_eq!(revocations(&bed, &org).await.len(), 2);
        assert!(bed.accepts(&new.secret).await);
    }

    async fn a_second_end_ends_the_keys_created_since_the_first(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (eve, eves) = bed.member(&org, "eve@acme.example", Role::Admin).await;
        let owner = Owner::Id(bob.user_id.clone());
        let first = create(&bed, &org, &owner, "one").await.unwrap();
        set_status(&bed, &org, &owner, "suspended").await;
        set_status(&bed, &org, &owner, "active").await;
        let second = create(&bed, &org, &owner, "two").await.unwrap();
        bed.service.remove_user(&eves, &owner).await.unwrap();
        for _ in ["before", "after"] {
            for made in [&first, &second] {
                assert_eq!(code(&bed, &org, made).await, VerifyCode::Revoked);
            }
            bed.finish_ends().await;
        }
        // Each key was ended by the admin who ended its owner, and its audit record says so.
        for (made, admin, reason) in [(&first, &org.admin, "suspended"), (&second, &eve, "removed")] {
            let key = bed.service.get_key(&org.caller, &KeyRef::Id(made.key.key_id.clone())).await.unwrap().key;
            let end = key.revoked.unwrap();
            assert_eq!(end.by, Some(admin.user_id.clone().into()));
            assert!(end.reason.contains(reason), "{end:?}");
            let records = revocations(&bed, &org).await;
            let record = records.iter().find(|event| event.resource_id == made.key.key_id.as_str()).unwrap();
            assert_eq!(record.actor_name, admin.email.as_str());
        }
    }

    async fn an_admin_key_can_be_replaced_before_the_old_one_is_revoked(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (_, eves) = bed.member(&org, "eve@acme.example", Role::Admin).await;
        let owner = Owner::Id(org.admin.user_id.clone());
        for word in ["suspended", "active"] {
            bed.service.update_user(&eves, &owner, status(word)).await.unwrap();
        }
        let made = bed.service.replace_admin_key(&org.admin.email, None).await.unwrap();
        bed.finish_ends().await;
        assert!(bed.accepts(&made.admin_key).await && !bed.accepts(&org.admin_key).await);
    }

    /// A clock that was a day ahead stored the keys as expired, and their owner was ended meanwhile or just after that.
    async fn reactivating_an_owner_after_a_fast_clock_revives_no_key(bed: TestBed) {
        let org = bed.organization("Acme").await;
        for (n, is_early, is_late_end) in [(0, true, false), (1, false, false), (2, true, true), (3, false, true)] {
            let (bob, _) = bed.member(&org, &format!("bob{n}@acme.example"), Role::Member).await;
            let owner = Owner::Id(bob.user_id.clone());
            let hour = bed.clock.now().plus_seconds(3600).to_rfc3339();
            let old = bed.key(&org, &bob, |draft| draft.expires_at = Some(hour.clone())).await;
            let by_id = KeyRef::Id(old.key.key_id.clone());
            let grace = RotateDraft { grace_period_seconds: Some(600) }.check().unwrap();
            let rotated = bed.service.rotate_key(&org.caller, &by_id, grace, &Precondition::Anything).await.unwrap();
            bed.copies(&rotated.key, 150).await;
            let other = bed.other_process();
            bed.warm().await;
            assert_eq!(code(&bed, &org, &rotated).await, VerifyCode::Valid);
            let day = model::time::DAY_SECONDS;
            bed.clock.set_by_seconds(day);
            bed.service.sweep_due().await.unwrap();
            if is_late_end {
                bed.clock.set_by_seconds(-day);
                bed.mark_cache_valid();
                assert_eq!(code(&bed, &org, &rotated).await, VerifyCode::Valid);
            }
            set_status(&bed, &org, &owner, "suspended").await;
            if !is_early {
                bed.finish_ends().await;
            }
            if !is_late_end {
                bed.clock.set_by_seconds(-day);
            }
            set_status(&bed, &org, &owner, "active").await;
            bed.mark_cache_valid();
            let new = create(&bed, &org, &owner, "new").await.unwrap();
            for _ in ["before the batches", "between them", "after them", "long after"] {
                for _ in ["from the database", "from memory"] {
                    assert_eq!(code(&bed, &org, &rotated).await, VerifyCode::Expired);
                    assert_eq!(code(&bed, &org, &old).await, VerifyCode::NotFound, "an earlier secret");
                    assert_eq!(code(&bed, &org, &new).await, VerifyCode::Valid);
                    bed.warm().await;
                }
                assert_eq!(code_at(&other, &org, &rotated).await, VerifyCode::Expired);
                assert!(!bed.accepts(&rotated.secret).await && !bed.accepts(&old.secret).await);
                assert!(bed.accepts(&new.secret).await);
                is_final(&bed, &org, &rotated).await;
                assert_eq!(view(&bed, &org, KeyView::Active, Some(owner.clone())).await.0.len(), 1);
                assert_eq!(view(&bed, &org, KeyView::Expired, Some(owner.clone())).await.0.len(), 151);
                assert_eq!(bed.list_keys_of_user(&org.caller, &owner, false).await.unwrap().len(), 1);
                bed.service.revoke_next_batch().await.unwrap();
            }
            // The name is free, and stays with the key that took it.
            let next = create(&bed, &org, &owner, "ci").await.unwrap();
            bed.service.sweep_due().await.unwrap();
            assert!(bed.accepts(&next.secret).await && !bed.accepts(&rotated.secret).await);
        }
    }

    /// Two keys had the name: one expired by a clock that was ahead, and one ended with its owner.
    async fn the_name_of_an_expired_and_ended_key_can_be_used_again(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let owner = Owner::Id(bob.user_id.clone());
        let hour = bed.clock.now().plus_seconds(3600).to_rfc3339();
        let first = bed.key(&org, &bob, |draft| draft.expires_at = Some(hour.clone())).await;
        let day = model::time::DAY_SECONDS;
        bed.clock.set_by_seconds(day);
        let second = create(&bed, &org, &owner, "ci").await.unwrap();
        set_status(&bed, &org, &owner, "suspended").await;
        set_status(&bed, &org, &owner, "active").await;
        let third = create(&bed, &org, &owner, "ci").await.unwrap();
        bed.clock.set_by_seconds(-day);
        for _ in ["before the batches", "after them"] {
            assert!(!bed.accepts(&first.secret).await && !bed.accepts(&second.secret).await);
            assert!(bed.accepts(&third.secret).await);
            assert_eq!(code(&bed, &org, &first).await, VerifyCode::Expired);
            assert_eq!(code(&bed, &org, &second).await, VerifyCode::Revoked);
            assert!(matches!(create(&bed, &org, &owner, "ci").await, Err(Error::AlreadyExists(_))));
            bed.finish_ends().await;
            bed.service.sweep_due().await.unwrap();
        }
        assert_eq!(revocations(&bed, &org).await.len(), 1);
    }
}
