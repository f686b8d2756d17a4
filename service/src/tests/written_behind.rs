//! Tests that uses are counted in memory and written later.

use model::key::Access;
use model::verify::VerifyCode;
use tokio::task::JoinHandle;

use super::on_both;
use super::verify::{about, code, verdict};
use crate::testing::TestBed;
use crate::{KeyRef, Service};

on_both! {
    async fn uses_are_written_behind(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        bed.warm().await;
        for _ in 0..3 {
            assert_eq!(code(&bed, &org, &made).await, VerifyCode::Valid);
        }
        let mut denied = about(&made);
        denied.permissions = model::key::Permissions::from_bits(8);
        assert_eq!(verdict(&bed, &org, &denied).await.code, VerifyCode::InsufficientPermissions);
        let mut from = about(&made);
        (from.address, from.agent) = (Some([10, 0, 0, 9].into()), Some("curl/8".into()));
        bed.clock.advance_seconds(1);
        bed.mark_cache_valid();
        assert!(verdict(&bed, &org, &from).await.is_valid());
        for _ in ["shown before it is written", "and written"] {
            let found = bed.service.get_key(&org.caller, &KeyRef::Id(made.key.key_id.clone())).await.unwrap();
            let used = found.key.last_use.unwrap();
            assert_eq!((used.at, used.address.as_deref(), used.agent.as_deref()), (bed.clock.now(), Some("10.0.0.9"), Some("curl/8")));
            bed.flush().await;
        }
        let counts = bed.outcomes(&made).await;
        assert_eq!(counts, [("VALID", 4), ("INSUFFICIENT_PERMISSIONS", 1)]);
    }

    async fn the_last_round_writes_all_uses(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let mut made = Vec::new();
        for name in ["a", "b", "c"] {
            made.push(bed.key(&org, &org.admin, |draft| draft.name = Some(name.into())).await);
        }
        bed.warm().await;
        for made in &made {
            assert_eq!(code(&bed, &org, made).await, VerifyCode::Valid);
        }
        bed.service.write_all_pending(1).await.unwrap();
        for made in &made {
            assert_eq!(bed.outcomes(made).await, [("VALID", 1)]);
        }
    }

    async fn the_callers_key_is_used_but_not_counted(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let service_account = bed.service_account(&org, "proxy", &["apikey:verify"]).await;
        let asking = bed.service_account_key(&org, &service_account, "a", Access::Read).await;
        bed.warm().await;
        bed.service.checker(asking.secret.reveal()).await.unwrap();
        bed.flush().await;
        let found = bed.service.get_key(&org.caller, &KeyRef::Id(asking.key.key_id.clone())).await.unwrap();
        assert!(found.key.last_use.is_some());
        assert_eq!(bed.outcomes(&asking).await, []);
    }
}

/// Writes all the time, as soon as the previous transaction is done.
fn others_write(service: &Service) -> JoinHandle<()> {
    let store = service.store.clone();
    tokio::spawn(async move {
        loop {
            store.begin().await.unwrap().commit().await.unwrap();
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_writers_do_not_wait_for_all_uses() {
    let bed = TestBed::sqlite().await;
    let org = bed.organization("Acme").await;
    let mut all = Vec::new();
    for n in 0..500 {
        all.push(bed.key(&org, &org.admin, |draft| draft.name = Some(format!("k{n}"))).await);
    }
    bed.warm().await;
    for made in &all {
        assert_eq!(code(&bed, &org, made).await, VerifyCode::Valid);
    }
    let others = others_write(&bed.service);
    bed.service.write_pending().await.unwrap();
    others.abort();
    let left = bed.service.mirrors.key_cache.take_pending(all.len());
    // 244 are left, or more if the processor was busy, or fewer if the other writer was late.
    assert!((100..=468).contains(&left.len()), "{} are left", left.len());
    bed.service.mirrors.key_cache.put_back(left);
    bed.service.write_all_pending(32).await.unwrap();
    for made in &all {
        assert_eq!(bed.outcomes(made).await, [("VALID", 1)]);
    }
}
