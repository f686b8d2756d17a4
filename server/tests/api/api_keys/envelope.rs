//! The envelope of every answer at `/v1/api-keys` and `/v1/service-accounts`, and the header that names the
//! organization of a request.

use axum::body::Body;
use serde_json::json;

use super::API_KEYS;
use crate::support::{Actor, TestServer, keys_of};

const SERVICE_ACCOUNTS: &str = "/v1/service-accounts";

#[tokio::test]
async fn errors_outside_the_handlers_also_have_the_envelope() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for path in [API_KEYS, SERVICE_ACCOUNTS] {
        server.with_key(None).get(path).await.enveloped(401);
        for missing in
            [format!("{path}/"), format!("{path}/a/b/c"), format!("{path}/%FF"), format!("{path}//")]
        {
            admin.get(&missing).await.enveloped(404);
        }
        let reply = admin.send("PUT", path, &[], Body::empty()).await;
        reply.enveloped(405);
        assert_eq!(reply.header("allow"), Some("GET, POST, HEAD"));
        let huge = admin.post_bytes(path, vec![b' '; 70_000]).await;
        huge.enveloped(413);
        admin.send("POST", path, &[("content-type", "text/plain")], Body::from("{}")).await.enveloped(415);
        admin.send("POST", path, &[("content-encoding", "gzip")], Body::from("{}")).await.enveloped(415);
    }
    admin.get("/v1/api-keysx").await.refused(404, "NotFoundError");
}

#[tokio::test]
async fn a_rate_limit_error_has_the_same_headers_as_elsewhere() {
    let server = TestServer::start().await;
    let body = json!({"name": "slow", "rate_limit_override": 1});
    let secret = server.admin().post(&keys_of(crate::support::ADMIN), body).await.secret();
    let client = server.with_key(Some(&secret));
    let first = client.get(API_KEYS).await;
    first.data();
    assert_eq!(first.header("x-ratelimit-remaining"), Some("0"));
    let second = client.get(API_KEYS).await;
    second.enveloped(429);
    assert_eq!(second.header("retry-after"), Some("61"));
}

#[tokio::test]
async fn the_request_id_of_the_client_is_in_body_and_header() {
    let server = TestServer::start().await;
    let headers = [("x-request-id", "mine-1")];
    let reply = server.admin().send("GET", API_KEYS, &headers, Body::empty()).await;
    reply.data();
    assert_eq!(reply.json()["requestId"], "mine-1");
    let reply = server.with_key(None).send("GET", API_KEYS, &headers, Body::empty()).await;
    reply.enveloped(401);
    assert_eq!(reply.json()["requestId"], "mine-1");
}

#[tokio::test]
async fn all_invalid_credentials_get_the_same_response() {
    let server = TestServer::start().await;
    let mut answers = Vec::new();
    for actor in Actor::UNAUTHENTICATED {
        let client = server.client(actor).await;
        for path in [API_KEYS.to_owned(), format!("{API_KEYS}/key_a1"), format!("{SERVICE_ACCOUNTS}/sa_a1")] {
            answers.push(client.get(&path).await.without_request_id());
        }
    }
    answers.dedup();
    assert_eq!((answers.len(), answers[0].0), (1, 401));
}

#[tokio::test]
async fn x_org_id_must_be_the_callers_organization() {
    let server = TestServer::start().await;
    let foreign = server.foreign().await.organization_id.to_string();
    let own = server.org.organization_id.to_string();
    let send = async |path: &str, headers: &[(&str, &str)]| {
        server.admin().send("GET", path, headers, Body::empty()).await
    };
    for path in [API_KEYS, SERVICE_ACCOUNTS] {
        send(path, &[("x-org-id", &own)]).await.data();
        send(path, &[("x-org-id", &own), ("x-org-id", &own)]).await.data();
        let mut answers = Vec::new();
        for other in [foreign.as_str(), "org_doesnotexist", "", "Acme", &own.to_uppercase()] {
            answers.push(send(path, &[("x-org-id", other)]).await.without_request_id());
            answers.push(send(path, &[("x-org-id", &own), ("X-Org-ID", other)]).await.without_request_id());
        }
        answers.dedup();
        assert_eq!((answers.len(), answers[0].0), (1, 403));
    }
    let before = server.state().await;
    let headers = [("x-org-id", foreign.as_str()), ("content-type", "application/json")];
    let body = json!({"name": "x"}).to_string();
    server.admin().send("POST", API_KEYS, &headers, Body::from(body)).await.enveloped(403);
    assert_eq!(server.state().await, before);
    // Other addresses ignore the header.
    server.admin().send("GET", "/v1/organizations", &[("x-org-id", &foreign)], Body::empty()).await.ok();
}

#[tokio::test]
async fn a_secret_is_shown_once_and_a_leaked_one_never() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci"})).await.data();
    let path = super::api_key(&made["id"]);
    let secret = made["key"].as_str().unwrap();
    let parts: Vec<_> = (0..secret.len() - 12).map(|start| &secret[start..start + 12]).collect();
    let without = |text: String| assert!(!parts.iter().any(|part| text.contains(part)), "{text}");
    for reply in [
        admin.get(API_KEYS).await,
        admin.get(&path).await,
        admin.patch(&path, json!({"name": "x"})).await,
        admin.get(&format!("{API_KEYS}/{secret}")).await,
        admin.get(&format!("{API_KEYS}?search={secret}&sort={secret}&cursor={secret}&owner={secret}")).await,
        admin.post(API_KEYS, json!({"name": "y", "scope": secret, "serviceAccountId": secret})).await,
        admin.post(API_KEYS, json!({secret: secret})).await,
        admin.post(SERVICE_ACCOUNTS, json!({"name": "x", "permissions": [secret]})).await,
        admin.post(SERVICE_ACCOUNTS, json!({"name": secret.repeat(9), "permissions": {secret: 1}})).await,
        admin.patch_seen(&path, secret, json!({})).await,
        admin.send("GET", API_KEYS, &[("x-org-id", secret)], Body::empty()).await,
        admin.post_bytes(API_KEYS, format!("{{\"name\": \"{secret}")).await,
    ] {
        without(format!("{:?} {}", reply.headers, reply.text()));
        assert!(reply.status < 500);
    }
}
