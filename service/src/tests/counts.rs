//! Tests what the service counts and measures about itself.

use std::time::Duration;

use model::key::{CreatedKey, Precondition};
use model::password::Password;
use model::verify::{PresentedSecret, VerifyRequest};

use super::on_both;
use crate::testing::{Org, PASSWORD, TestBed};
use crate::{KeyRef, QueueReading, RequestContext, Service, SignInResult};

async fn verify(bed: &TestBed, org: &Org, made: &CreatedKey) {
    let secret = PresentedSecret::Borrowed(made.secret.reveal());
    let request = VerifyRequest { secret, cost: 1, ..VerifyRequest::default() };
    bed.service.verdict(&org.organization_id, &request).await.unwrap();
}

async fn revoke(service: &Service, org: &Org, made: &CreatedKey) {
    let key = KeyRef::Id(made.key.key_id.clone());
    service.revoke_key(&org.caller, &key, String::new(), &Precondition::Anything).await.unwrap();
}

fn queue(bed: &TestBed, name: &str) -> QueueReading {
    let queues = bed.service.readings().queues;
    queues.into_iter().find(|reading| reading.queue == name).unwrap()
}

on_both! {
    async fn the_lag_of_a_change_is_measured_where_it_was_made_and_where_it_was_read(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let other = bed.other_process();
        bed.warm().await;
        // The first reading after the start may return recent commits once more.
        bed.read_invalidations().await;
        let lags = || bed.service.counts().feed_lags.recorded();
        let before = lags();
        bed.clock.advance_millis(75);
        bed.read_invalidations().await;
        assert_eq!(lags(), before, "nothing has changed");
        let applied = bed.service.database_counts().applied.recorded().count();
        revoke(&other, &org, &made).await;
        bed.clock.advance_millis(400);
        bed.read_invalidations().await;
        let after = lags();
        assert_eq!(after.count(), before.count() + 1);
        assert_eq!(u128::from(after.sum - before.sum), Duration::from_millis(400).as_nanos());
        assert_eq!(bed.service.database_counts().applied.recorded().count(), applied);
        bed.key(&org, &org.admin, |draft| draft.name = Some("own".to_owned())).await;
        assert_eq!(bed.service.database_counts().applied.recorded().count(), applied + 1);
    }

    async fn the_key_cache_says_how_old_it_is(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let cache = || bed.service.readings().key_cache;
        bed.clock.advance_seconds(7);
        assert_eq!((cache().is_current, cache().age_millis), (false, 7000), "since the start");
        bed.warm().await;
        assert_eq!((cache().is_current, cache().age_millis), (true, 0));
        assert!(cache().is_complete && cache().secrets >= 2, "{:?}", cache());
        verify(&bed, &org, &made).await;
        assert_eq!(bed.service.counts().cache_misses(), 0);
        bed.clock.advance_millis(1500);
        assert_eq!((cache().is_current, cache().age_millis), (false, 1500));
        verify(&bed, &org, &made).await;
        assert_eq!(bed.service.counts().cache_misses(), 1);
    }

    async fn a_queue_is_as_old_as_its_last_complete_write(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        bed.warm().await;
        bed.flush().await;
        bed.clock.advance_seconds(5);
        assert_eq!((queue(&bed, "verified_uses").items, queue(&bed, "verified_uses").age_millis), (0, Some(0)));
        bed.mark_cache_valid();
        verify(&bed, &org, &made).await;
        bed.accepts(&made.secret).await;
        for name in ["verified_uses", "last_uses", "usage_counts"] {
            let QueueReading { items, age_millis, dropped, .. } = queue(&bed, name);
            assert_eq!((items, age_millis, dropped), (1, Some(5000), 0), "{name}");
        }
        bed.flush().await;
        for name in ["verified_uses", "last_uses", "usage_counts"] {
            assert_eq!((queue(&bed, name).items, queue(&bed, name).age_millis), (0, Some(0)), "{name}");
        }
        assert_eq!(queue(&bed, "failed_sign_ins").age_millis, None);
    }

    async fn sign_ins_are_counted_by_their_result(bed: TestBed) {
        bed.organization("Acme").await;
        let sign_in = async |email: &str, password: &str| {
            bed.service.sign_in(email, &Password::typed(password), &RequestContext::default()).await
        };
        let counted = || SignInResult::ALL.map(|result| bed.service.counts().sign_ins.total(result));
        let before = counted();
        sign_in("admin@acme.example", PASSWORD).await.unwrap();
        sign_in("admin@acme.example", "wrong").await.unwrap_err();
        sign_in("nobody@acme.example", PASSWORD).await.unwrap_err();
        assert_eq!(counted(), [before[0] + 1, before[1] + 2, before[2], before[3], before[4]]);
        bed.database.store.close().await;
        sign_in("admin@acme.example", PASSWORD).await.unwrap_err();
        assert_eq!(counted(), [before[0] + 1, before[1] + 2, before[2], before[3], before[4] + 1]);
    }
}
