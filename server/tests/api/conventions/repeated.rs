//! Requests that a client repeats with the same idempotency key.

use axum::body::Body;
use serde_json::{Value, json};

use crate::support::{ADMIN, Actor, Client, MEMBER, Reply, TestServer, key_at, keys_of};

async fn post(client: &Client, path: &str, name: &str, body: &Value) -> Reply {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    client.send("POST", path, &[("idempotency-key", name)], Body::from(body)).await
}

#[tokio::test]
async fn a_repeated_creation_gives_the_same_key_and_secret() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let body = json!({"name": "ci", "expires_at": "2026-11-22T00:05:00Z"});
        let first = post(&admin, &keys_of(MEMBER), "\"8e03978e\"", &body).await;
        let secret = first.secret();
        assert_eq!(first.header("idempotent-replayed"), None);
        assert!(first.header("etag").is_some());
        // The key has expired meanwhile, but the answer is the same, byte for byte.
        server.bed.clock.advance_seconds(599);
        let before = server.state().await;
        for name in ["8e03978e", "\"8e03978e\""] {
            let again = post(&admin, &keys_of(MEMBER), name, &body).await;
            assert_eq!((again.secret(), &again.body), (secret.clone(), &first.body));
            assert_eq!(again.header("idempotent-replayed"), Some("true"));
        }
        assert_eq!(server.state().await, before);
        server.bed.clock.advance_seconds(1);
        let later = post(&admin, &keys_of(MEMBER), "8e03978e", &body).await;
        assert_eq!(
            later.broken_rules(),
            ["body/expires_at value_error"],
            "it is forgotten after ten minutes"
        );
    }
}

#[tokio::test]
async fn a_repeated_rotation_rotates_once() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let key = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
        let path = format!("{}/rotate", key_at(MEMBER, "ci"));
        let first = post(&admin, &path, "a", &Value::Null).await;
        let again = post(&admin, &path, "a", &Value::Null).await;
        assert_eq!((again.secret(), &again.body), (first.secret(), &first.body));
        server.with_key(Some(&again.secret())).get("/v1/me").await.ok();
        assert_eq!(server.history(&key["key_id"]).await, ["api_key_rotated", "api_key_created"]);
        assert_ne!(post(&admin, &path, "b", &Value::Null).await.secret(), first.secret());
    }
}

#[tokio::test]
async fn an_enveloped_request_can_be_repeated() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        for (number, actor) in [Actor::Admin, Actor::ServiceAccount].into_iter().enumerate() {
            let client = server.client(actor).await;
            let mut body = json!({"name": format!("ci {number}")});
            if actor == Actor::ServiceAccount {
                let accounts = client.get("/v1/service-accounts").await.data();
                body["serviceAccountId"] = accounts["items"][0]["id"].clone();
            }
            let mut at = "/v1/api-keys".to_owned();
            for sent in [body, Value::Null] {
                let first = post(&client, &at, "a", &sent).await;
                let again = post(&client, &at, "a", &sent).await;
                assert_eq!(first.header("idempotent-replayed"), None);
                assert_eq!(again.header("idempotent-replayed"), Some("true"));
                assert!(first.header("etag").is_some() && first.header("etag") == again.header("etag"));
                let other = post(&client, &at, "a", &json!({"name": "another"})).await;
                assert!(other.enveloped(400).contains("Idempotency-Key"));
                let (first, again) = (first.data(), again.data());
                assert!(first["key"].is_string() && first == again);
                server.with_key(first["key"].as_str()).get("/v1/me").await.ok();
                at = format!("/v1/api-keys/{}/rotate", first["id"].as_str().unwrap());
            }
        }
    }
}

#[tokio::test]
async fn another_request_with_the_same_idempotency_key_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin();
    post(&admin, &keys_of(MEMBER), "a", &json!({"name": "one"})).await.ok();
    let before = server.state().await;
    for (path, body) in [
        (keys_of(MEMBER), json!({"name": "two"})),
        (keys_of(MEMBER), json!({"name": "one", "permissions": ["read"]})),
        (keys_of(ADMIN), json!({"name": "one"})),
    ] {
        let reply = post(&admin, &path, "a", &body).await;
        assert_eq!(reply.broken_rules(), ["header/Idempotency-Key value_error"]);
    }
    assert_eq!(server.state().await, before);
    // Another endpoint may use the same idempotency key for another request.
    let rotate = format!("{}/rotate", key_at(MEMBER, "one"));
    post(&admin, &rotate, "a", &Value::Null).await.ok();
    let before = server.state().await;
    for tag in ["*", "\"key_a1.1\"", ""] {
        let headers = [("idempotency-key", "a"), ("if-match", tag)];
        let reply = admin.send("POST", &rotate, &headers, Body::empty()).await;
        assert_eq!(reply.broken_rules(), ["header/Idempotency-Key value_error"], "{tag}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_the_api_key_that_sent_it() {
    let server = TestServer::start().await;
    let body = json!({"name": "ci"});
    let first = post(&server.admin(), &keys_of(MEMBER), "a", &body).await.secret();
    let scope = json!({"resource_type": "user", "resource_id": MEMBER});
    let other = server.with_scoped_key(ADMIN, "other", scope).await;
    let reply = post(&other, &keys_of(MEMBER), "a", &body).await;
    assert!(reply.status == 403 || reply.status == 409, "{}", reply.text());
    assert!(!reply.text().contains(&first));
    for actor in Actor::POWERLESS {
        let reply = post(&server.client(actor).await, &keys_of(MEMBER), "a", &body).await;
        reply.refused(403, "ForbiddenError");
    }
    for actor in Actor::UNAUTHENTICATED {
        let reply = post(&server.client(actor).await, &keys_of(MEMBER), "a", &body).await;
        reply.refused(401, "UnauthorizedError");
    }
}

#[tokio::test]
async fn a_refused_request_can_be_repeated_at_once() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let body = json!({"name": "ci"});
    admin.post(&keys_of(MEMBER), body.clone()).await.ok();
    for _ in 0..2 {
        post(&admin, &keys_of(MEMBER), "a", &body).await.refused(409, "AlreadyExistsError");
    }
    post(&admin, &keys_of(MEMBER), "a", &json!({"name": ""})).await.broken_rules();
    admin.delete(&key_at(MEMBER, "ci")).await.ok();
    post(&admin, &keys_of(MEMBER), "a", &body).await.secret();
}

#[tokio::test]
async fn several_simultaneous_requests_create_one_key() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let (path, body) = (keys_of(MEMBER), json!({"name": "ci"}));
        let once = || post(&admin, &path, "a", &body);
        let (a, b, c, d) = tokio::join!(once(), once(), once(), once());
        let mut secrets = Vec::new();
        for reply in [a, b, c, d] {
            if reply.status == 409 {
                reply.refused(409, "ConflictError");
            } else {
                secrets.push(reply.secret());
            }
        }
        assert!(!secrets.is_empty() && secrets.iter().all(|secret| *secret == secrets[0]));
        assert_eq!(post(&admin, &path, "a", &body).await.secret(), secrets[0]);
        assert_eq!(admin.get(&path).await.ok()["total"], 1);
    }
}

#[tokio::test]
async fn an_invalid_idempotency_key_is_refused_before_anything_is_done() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let before = server.state().await;
    let long = "a".repeat(256);
    for headers in [
        &[("idempotency-key", "")][..],
        &[("idempotency-key", "\"a")],
        &[("idempotency-key", "\"\"")],
        &[("idempotency-key", long.as_str())],
        &[("idempotency-key", "a"), ("idempotency-key", "a")],
    ] {
        let body = Body::from(json!({"name": "ci"}).to_string());
        let reply = admin.send("POST", &keys_of(MEMBER), headers, body).await;
        reply.refused(400, "BadRequestError");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_stored_response_is_encrypted_in_the_database() {
    let server = TestServer::start().await;
    let name = "sk_live_0123456789abcdefghijABCDEFGHIJxy1a2B3c";
    let secret = post(&server.admin(), &keys_of(MEMBER), name, &json!({"name": "ci"})).await.secret();
    let path = server.bed.database.path();
    for end in ["", "-wal"] {
        let file = std::fs::read(format!("{}{end}", path.display())).unwrap_or_default();
        for text in [secret.as_str(), name, &secret[12..30]] {
            assert!(!file.windows(text.len()).any(|window| window == text.as_bytes()), "{end}");
        }
    }
}

#[tokio::test]
async fn a_key_that_lost_rights_does_not_get_a_repeated_secret() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let filters = [
            json!({"permissions": ["read"]}),
            json!({"scopes": [{"resource_type": "user", "resource_id": MEMBER}]}),
            json!({"scopes": [{"resource_type": "api_key", "resource_id": "nothing"}]}),
        ];
        for (number, filter) in filters.into_iter().enumerate() {
            let name = format!("deploy-{number}");
            let made = admin.post(&keys_of(ADMIN), json!({"name": name, "permissions": ["admin"]})).await;
            let deploy = server.with_key(Some(&made.secret()));
            let wide = json!({"name": format!("wide-{number}"), "permissions": ["admin"]});
            post(&deploy, &keys_of(MEMBER), "a", &wide).await.ok();
            let rotate = format!("{}/rotate", key_at(MEMBER, &format!("wide-{number}")));
            post(&deploy, &rotate, "b", &Value::Null).await.ok();
            admin.patch(&key_at(ADMIN, &name), filter.clone()).await.ok();
            let before = server.state().await;
            for (path, once, body) in [(keys_of(MEMBER), "a", wide), (rotate, "b", Value::Null)] {
                let again = post(&deploy, &path, once, &body).await;
                assert_eq!(again.status, 403, "{filter}: {path}");
                assert_eq!(again.header("idempotent-replayed"), None);
            }
            assert_eq!(server.state().await, before);
        }
    }
}
