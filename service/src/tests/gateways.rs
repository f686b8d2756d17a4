//! Tests the cache of gateways that proxies are answered from.

use model::gateway::GatewayDraft;
use model::id::GatewayId;

use super::on_both;
use crate::testing::TestBed;

async fn exists(bed: &TestBed, id: &GatewayId) -> bool {
    bed.service.gateway(id.as_str()).await.unwrap().is_some()
}

on_both! {
    /// Without a database every query fails, so an answer proves that there was no query.
    async fn made_up_ids_cause_no_query(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.warm().await;
        let gateway = bed.gateway(&org, GatewayDraft::default()).await;
        assert!(exists(&bed, &gateway.gateway_id).await, "made a moment ago");
        bed.mark_cache_valid();
        bed.database.store.close().await;
        for number in 0..1000 {
            assert!(!exists(&bed, &GatewayId::from_random(&format!("{number:020}"))).await);
        }
        // The list of ids is no longer valid.
        bed.clock.advance_seconds(2);
        assert!(bed.service.gateway(GatewayId::from_random("unknown").as_str()).await.is_err());
    }

    async fn a_gateway_of_another_process_is_found_after_its_invalidation(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.warm().await;
        let draft = GatewayDraft { name: Some("api".to_owned()), ..GatewayDraft::default() };
        let other = bed.other_process();
        let made = other.create_gateway(&org.caller, draft.check().unwrap()).await.unwrap();
        assert!(!exists(&bed, &made.gateway_id).await, "its invalidation was not read yet");
        bed.read_invalidations().await;
        assert!(exists(&bed, &made.gateway_id).await);
        other.remove_gateway(&org.caller, &made.gateway_id).await.unwrap();
        bed.read_invalidations().await;
        assert!(!exists(&bed, &made.gateway_id).await);
    }
}
