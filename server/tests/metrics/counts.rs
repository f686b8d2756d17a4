//! What happens is counted, exactly once.

use reqwest::Method;
use serde_json::json;

use crate::grpc_client::GrpcClient;
use crate::node::{Node, PASSWORD};
use crate::program;

const VERIFICATIONS: &str = "keystead_verifications_total";
const DURATIONS: &str = "keystead_http_request_duration_seconds_count";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verifications_are_counted_by_surface_and_outcome() {
    let node = Node::start().await;
    let (good, ended) = (node.key("good").await, node.key("ended").await);
    let path = "/v1/organizations/users/ada@acme.example/api-keys/ended";
    assert_eq!(node.send(Method::DELETE, path, None).await.status(), 200);
    let gateway = &node.gateway("api").await;

    for _ in 0..3 {
        assert_eq!(node.verify(&good).await, "VALID");
    }
    assert_eq!(node.verify(&ended).await, "REVOKED");
    assert_eq!(node.verify("no key").await, "NOT_FOUND");
    // An invalid request is none of them.
    assert_eq!(node.send(Method::POST, "/v1/keys/verify", Some(json!({ "key": 1 }))).await.status(), 422);
    let batch = json!({ "requests": [{ "key": good }, { "key": ended }] });
    assert_eq!(node.send(Method::POST, "/v1/keys/verify/batch", Some(batch)).await.status(), 200);
    assert_eq!(node.introspect(&ended).await, json!({ "active": false }));
    for proxy in ["nginx", "caddy", "traefik", "envoy"] {
        assert_eq!(node.ask(gateway, proxy, Some(&good)).await, 200, "{proxy}");
    }
    assert_eq!(node.ask(gateway, "nginx", Some(&ended)).await, 401);
    assert_eq!(node.ask(gateway, "nginx", None).await, 401);
    assert_eq!(node.ask("gw_00000000000000000000", "caddy", Some(&good)).await, 403);
    let mut envoy = GrpcClient::connect(node.envoy.parse().unwrap()).await.unwrap();
    let bearer = format!("Bearer {good}");
    for headers in [&[("authorization", bearer.as_str())] as &[_], &[]] {
        envoy.check(gateway, headers).await.unwrap();
    }

    let page = node.page().await;
    let series = |surface: &str, outcome: &str| {
        format!("{VERIFICATIONS}{{surface=\"{surface}\",outcome=\"{outcome}\"}}")
    };
    let mut expected = [
        ("verify", "VALID", 3.0),
        ("verify", "REVOKED", 1.0),
        ("verify", "NOT_FOUND", 1.0),
        ("batch", "VALID", 1.0),
        ("batch", "REVOKED", 1.0),
        ("introspect", "REVOKED", 1.0),
        ("nginx", "VALID", 1.0),
        ("nginx", "REVOKED", 1.0),
        ("nginx", "NO_KEY", 1.0),
        ("caddy", "VALID", 1.0),
        ("caddy", "UNKNOWN_GATEWAY", 1.0),
        ("traefik", "VALID", 1.0),
        ("envoy", "VALID", 1.0),
        ("envoy_grpc", "VALID", 1.0),
        ("envoy_grpc", "NO_KEY", 1.0),
    ]
    .map(|(surface, outcome, n)| (series(surface, outcome), n));
    expected.sort_by(|(one, _), (other, _)| one.cmp(other));
    let counted: Vec<_> = page.counted(VERIFICATIONS).into_iter().map(|(at, n)| (at.to_owned(), n)).collect();
    assert_eq!(counted, expected);
    // The fast path and the router count the same requests, each its own.
    for (route, status, n) in [
        ("/v1/keys/verify", "2xx", 5.0),
        ("/v1/keys/verify", "4xx", 1.0),
        ("/v1/keys/verify/batch", "2xx", 1.0),
        ("/v1/introspect", "2xx", 1.0),
        ("gateway", "2xx", 4.0),
        ("envoy_grpc", "2xx", 1.0),
        ("envoy_grpc", "4xx", 1.0),
        ("gateway", "4xx", 3.0),
        ("/v1/gateways", "2xx", 1.0),
        ("/v1/organizations/users/{user_email}/api-keys", "2xx", 2.0),
        ("/v1/organizations/users/{user_email}/api-keys/{key_name}", "2xx", 1.0),
    ] {
        let labels = [format!("route=\"{route}\""), format!("status=\"{status}\"")];
        assert_eq!(page.sum(DURATIONS, &labels.each_ref().map(String::as_str)), n, "{route} {status}");
    }
    assert_eq!(page.sum(DURATIONS, &["status=\"5xx\""]), 0.0);
    if program::is_wanted() {
        program::promtool(&["check", "metrics"], &page.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_other_parts_of_the_server_are_measured() {
    let node = Node::start().await;
    assert_eq!((node.sign_in(PASSWORD).await, node.sign_in("wrong").await), (200, 401));
    for path in ["/no/such/page", "/v1/nothing/secret", "/healthz"] {
        node.send(Method::GET, path, None).await;
    }
    // On a busy machine, the key cache may be out of date for a moment.
    let page = loop {
        let page = node.page().await;
        if page.value("keystead_key_cache_current") == 1.0 {
            break page;
        }
    };
    let version = env!("CARGO_PKG_VERSION");
    let is_below = |name: &str, limit: &str| page.value(name) <= page.value(limit) && page.value(name) > 0.0;
    assert_eq!(page.value(&format!("keystead_build_info{{version=\"{version}\"}}")), 1.0);
    assert_eq!(page.value("keystead_sign_ins_total{result=\"signed_in\"}"), 1.0);
    assert_eq!(page.value("keystead_sign_ins_total{result=\"refused\"}"), 1.0);
    // The connection that asks, and earlier ones that are not closed yet.
    assert!(page.value("keystead_open_connections{port=\"metrics\"}") >= 1.0);
    assert!(is_below("keystead_key_cache_secrets", "keystead_key_cache_secrets_max"));
    assert_eq!(page.value("keystead_database_connections_max"), 10.0);
    assert_eq!(page.sum("keystead_database_errors_total", &[]), 0.0);
    assert!(page.value("keystead_commit_group_size_sum") >= page.value("keystead_commit_group_size_count"));
    assert!(page.value("keystead_database_wait_seconds_count{kind=\"write\"}") > 0.0);
    assert!(page.value("keystead_start_time_seconds") > 1.7e9);
    // What a client sends is never on the page.
    assert_eq!(page.sum(DURATIONS, &["route=\"other\""]), 2.0);
    assert_eq!(page.sum(DURATIONS, &["route=\"health\""]), 1.0);
    assert_eq!(page.sum(DURATIONS, &["route=\"console\"", "method=\"POST\""]), 2.0);
    for part in ["secret", "acme", "Acme", &node.admin_key[..10]] {
        let lines = page.text.lines().filter(|line| !line.starts_with('#') && line.contains('"'));
        let labels =
            lines.filter(|line| line.split('"').skip(1).step_by(2).any(|value| value.contains(part)));
        assert_eq!(labels.count(), 0, "{part}");
    }
}
