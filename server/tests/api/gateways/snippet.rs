use serde_json::json;

use super::{GATEWAYS, gateway_at};
use crate::support::TestServer;

#[tokio::test]
async fn every_proxy_has_its_configuration() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let path = gateway_at(&admin.post(GATEWAYS, json!({"name": "x"})).await.ok());
    for proxy in ["nginx", "caddy", "traefik", "envoy"] {
        let query =
            format!("?proxy={proxy}&server=https%3A%2F%2Fkeys.example%3A8443&upstream=http://10.0.0.2:9000");
        let snippet = admin.get(&format!("{path}/snippet{query}")).await.ok();
        let text = snippet["text"].as_str().unwrap();
        assert_eq!(snippet["proxy"], proxy);
        assert!(text.contains("keys.example") && text.contains("10.0.0.2"), "{text}");
    }
}

#[tokio::test]
async fn only_addresses_get_into_a_configuration() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let path = gateway_at(&admin.post(GATEWAYS, json!({"name": "x"})).await.ok());
    for (query, rules) in [
        ("", vec!["query/proxy missing", "query/server missing"]),
        ("?proxy=iis&server=a", vec!["query/proxy enum", "query/server value_error"]),
        ("?proxy=nginx&server=http://a%0Ab;", vec!["query/server value_error"]),
        ("?proxy=nginx&server=http://a&upstream=http://b%22", vec!["query/upstream value_error"]),
    ] {
        assert_eq!(admin.get(&format!("{path}/snippet{query}")).await.broken_rules(), rules, "{query}");
    }
}
