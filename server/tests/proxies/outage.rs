//! While the database is unavailable, every proxy tells its clients to try again, and none reports a key as wrong.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use service::testing::{Cluster, Outage};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

use crate::keystead::Keystead;
use crate::reverse_proxy::Visitor;
use crate::{caddy, envoy, nginx, proxy, traefik};

/// Time after which the key cache is no longer used without the database.
const CACHE_VALIDITY: Duration = Duration::from_secs(1);
/// Maximum time until a client gets an answer.
const RESPONSE_TIME_MAX: Duration = Duration::from_secs(6);
/// Maximum time until keys are accepted again after the database is back.
const BACK: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn without_the_database_every_proxy_responds_with_503() {
    if !proxy::is_wanted() {
        return;
    }
    let cluster = spawn_blocking(Cluster::start).await.unwrap();
    let keystead = Keystead::start_on(Some(cluster.url().as_str()));
    let kinds = [nginx::KIND, caddy::KIND, traefik::KIND, envoy::KIND, envoy::KIND_GRPC];
    let mut visitors = Vec::new();
    for (number, kind) in kinds.into_iter().enumerate() {
        visitors.push(Visitor::behind(&keystead, kind, &format!("{} {number}", kind.word)).await);
    }
    let (good, revoked) = (keystead.key("good", json!({})).await, keystead.key("revoked", json!({})).await);
    keystead.revoke("revoked").await;
    for how in [Outage::Hanging, Outage::Ended] {
        for visitor in &visitors {
            assert_eq!((visitor.get("/v1/x", &good).await, visitor.get("/v1/x", &revoked).await), (200, 401));
        }
        let cluster = &cluster;
        tokio::task::block_in_place(|| cluster.begin_outage(how));
        sleep(CACHE_VALIDITY).await;
        let shown = visitors.iter().flat_map(|visitor| [(visitor, &good), (visitor, &revoked)]);
        join_all(shown.map(|(visitor, key)| is_told_to_try_again(visitor, key))).await;
        tokio::task::block_in_place(|| cluster.end_outage(how));
        for visitor in &visitors {
            let accepted = async {
                while visitor.get("/v1/x", &good).await != 200 {
                    sleep(Duration::from_millis(50)).await;
                }
            };
            timeout(BACK, accepted).await.unwrap_or_else(|_| panic!("{how:?} {}", visitor.kind));
        }
    }
}

async fn is_told_to_try_again(visitor: &Visitor, key: &str) {
    let started = Instant::now();
    let bearer = format!("Bearer {key}");
    let reply = visitor.send(Method::GET, "/v1/x", &[("authorization", &bearer)]).await;
    assert_eq!(reply.status(), 503, "{}", visitor.kind);
    assert!(started.elapsed() < RESPONSE_TIME_MAX, "{} {:?}", visitor.kind, started.elapsed());
    // Envoy gives up earlier and answers by itself.
    assert!(visitor.kind == "envoy" || reply.headers().contains_key("retry-after"), "{}", visitor.kind);
}
