//! Tests that concurrent requests for the same row share one query.

use std::sync::Arc;

use model::gateway::{Gateway, GatewayDraft};
use store::invalidations::Invalidation;

use crate::testing::TestBed;

/// On one thread, the second request begins before the query of the first one does. Each query returns its own copy.
#[tokio::test]
async fn requests_join_a_query_unless_it_is_old_or_something_has_changed() {
    let bed = TestBed::sqlite().await;
    let org = bed.organization("Acme").await;
    let id = bed.gateway(&org, GatewayDraft::default()).await.gateway_id;
    let ask = async || -> Arc<Gateway> { bed.service.ask_gateway(id.as_str()).await.unwrap().unwrap() };
    let after = async |happens: &dyn Fn()| {
        happens();
        ask().await
    };
    let other = Invalidation::Gateway("gw_b".to_owned());
    let change = Invalidation::Gateway(id.to_string());
    let shared = Invalidation::Organization("org_b".to_owned());
    let apply = |invalidation| bed.service.mirrors.apply(std::slice::from_ref(invalidation));
    let cases: [(&dyn Fn(), bool); 6] = [
        (&|| (), true),
        (&|| bed.clock.advance_millis(250), true),
        (&|| bed.clock.advance_millis(251), false),
        (&|| apply(&other), true),
        (&|| apply(&change), false),
        (&|| apply(&shared), false),
    ];
    for (number, (happens, joins)) in cases.into_iter().enumerate() {
        let (early, late) = tokio::join!(ask(), after(happens));
        assert_eq!(Arc::ptr_eq(&early, &late), joins, "case {number}");
    }
}
