//! Tests how a process reads the changes of other processes, and for how long its key cache is valid.

use model::gateway::GatewayDraft;
use model::key::{CreatedKey, KeyDraft, Precondition};
use model::verify::VerifyCode;

use super::on_both;
use super::verify::{code, is_in_memory};
use crate::testing::{Org, TestBed};
use crate::{KeyRef, Owner, Service};

async fn revoke(other: &Service, org: &Org, made: &CreatedKey) {
    let key = KeyRef::Id(made.key.key_id.clone());
    other.revoke_key(&org.caller, &key, String::new(), &Precondition::Anything).await.unwrap();
}

async fn create(other: &Service, org: &Org) -> CreatedKey {
    let draft = KeyDraft { name: Some("new".into()), ..KeyDraft::default() };
    let new = draft.check(other.now()).unwrap();
    let owner = Owner::Id(org.admin.user_id.clone());
    other.create_key(&org.caller, &owner, new).await.unwrap()
}

on_both! {
    /// This is like a machine that was paused together with its clock: only the table of changes can show that changes
    /// were missed.
    async fn deleted_invalidations_invalidate_everything(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (made, other) = (bed.key(&org, &org.admin, |_| ()).await, bed.other_process());
        bed.warm().await;
        assert!(is_in_memory(&bed, &org, &made));
        revoke(&other, &org, &made).await;
        let new = create(&other, &org).await;
        let draft = GatewayDraft { name: Some("api".to_owned()), ..GatewayDraft::default() };
        let gateway = other.create_gateway(&org.caller, draft.check().unwrap()).await.unwrap();
        bed.database.run("DELETE FROM changes").await;
        bed.read_invalidations().await;
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Revoked);
        assert_eq!(code(&bed, &org, &new).await, VerifyCode::Valid);
        assert!(bed.service.gateway(gateway.gateway_id.as_str()).await.unwrap().is_some());
        // After that, changes are read normally again.
        bed.warm().await;
        assert!(is_in_memory(&bed, &org, &new));
        revoke(&other, &org, &new).await;
        bed.read_invalidations().await;
        assert_eq!(code(&bed, &org, &new).await, VerifyCode::Revoked);
    }

    async fn a_machine_that_slept_reloads_everything(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        bed.warm().await;
        revoke(&bed.other_process(), &org, &made).await;
        bed.clock.advance_seconds(3600);
        assert!(!is_in_memory(&bed, &org, &made));
        bed.read_invalidations().await;
        assert!(!is_in_memory(&bed, &org, &made));
        assert_eq!(code(&bed, &org, &made).await, VerifyCode::Revoked);
    }

    async fn setting_the_wall_clock_does_not_change_how_long_the_cache_is_valid(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        for seconds in [-86_400, 2 * 86_400] {
            bed.warm().await;
            bed.clock.set_by_seconds(seconds);
            assert!(is_in_memory(&bed, &org, &made));
            bed.clock.advance_millis(899);
            assert!(is_in_memory(&bed, &org, &made));
            bed.clock.advance_millis(1);
            assert!(!is_in_memory(&bed, &org, &made));
        }
    }

    /// No clock should go back. If one did, the key cache would otherwise be valid for too long.
    async fn a_monotonic_clock_that_goes_back_invalidates_the_cache(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        bed.warm().await;
        bed.clock.advance_seconds(-3600);
        bed.database.store.close().await;
        let mut feed = bed.feed.lock().await;
        assert!(bed.service.apply_invalidations(&mut feed).await.is_err());
        assert!(!is_in_memory(&bed, &org, &made));
    }
}
