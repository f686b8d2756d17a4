//! A secret is only in the answer to the request that creates it.

use axum::body::Body;
use serde_json::json;

use crate::support::{ADMIN, MEMBER, Reply, TestServer, key_at, keys_of, user_at};

/// Checks that an answer contains no twelve consecutive characters of a secret. The shown prefix has ten.
#[track_caller]
fn assert_without(reply: &Reply, secret: &str) {
    let everything = format!("{:?} {}", reply.headers, String::from_utf8_lossy(&reply.body)).to_lowercase();
    let secret = secret.to_lowercase();
    for start in 0..=secret.len() - 12 {
        assert!(!everything.contains(&secret[start..start + 12]), "{everything}");
    }
}

#[tokio::test]
async fn a_secret_is_shown_once() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let first = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.secret();
    let second = admin.post_nothing(&format!("{}/rotate", key_at(MEMBER, "ci"))).await.secret();
    assert_ne!(first, second);
    for reply in [
        admin.get(&keys_of(MEMBER)).await,
        admin.patch(&key_at(MEMBER, "ci"), json!({"description": "changed"})).await,
        admin.get(&user_at(MEMBER)).await,
        admin.get("/v1/organizations").await,
        admin.delete(&key_at(MEMBER, "ci")).await,
        admin.get(&format!("{}?include_revoked=true", keys_of(MEMBER))).await,
    ] {
        reply.ok();
        assert_without(&reply, &first);
        assert_without(&reply, &second);
    }
}

#[tokio::test]
async fn a_leaked_secret_is_not_repeated() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let secret = server.org.admin_key.reveal();
    let mut replies = vec![
        admin.get(&user_at(secret)).await,
        admin.delete(&key_at(MEMBER, secret)).await,
        admin.get(&format!("{}?include_revoked={secret}", keys_of(MEMBER))).await,
        admin.get(&format!("{}?{secret}=1", keys_of("ghost@acme.example"))).await,
        admin.get(&format!("/v1/organizations/users?limit={secret}&role={secret}&skip={secret}")).await,
        admin.post(&keys_of(MEMBER), json!({secret: secret})).await,
        admin
            .post(&keys_of(MEMBER), json!({"name": "ci", "permissions": [secret], "expires_at": secret}))
            .await,
        admin
            .post(&keys_of(MEMBER), json!({"name": "ci", "scopes": [{secret: 1, "resource_type": secret}]}))
            .await,
        admin.post(&keys_of(MEMBER), json!({"name": "ci", "rate_limit_override": secret})).await,
        admin.post("/v1/organizations/users", json!({"email": secret, "user_name": 1, "role": secret})).await,
        admin.post_bytes(&keys_of(MEMBER), format!("{{\"name\": \"{secret}")).await,
        admin.post_bytes(&keys_of(MEMBER), secret).await,
        admin.post_bytes(&keys_of(MEMBER), format!("{{\"{secret}\":1,\"{secret}\":2}}")).await,
        admin.get(&format!("/v1/{secret}")).await,
    ];
    for name in ["x-request-id", "user-agent", "referer", "cookie", "content-type"] {
        let path = keys_of("ghost@acme.example");
        replies.push(admin.send("POST", &path, &[(name, secret)], Body::from("{}")).await);
        let part = &secret[8..38];
        replies.push(admin.send("POST", &path, &[(name, part)], Body::from("{}")).await);
    }
    let basic = format!("Basic {secret}");
    replies.push(
        server.with_key(None).send("GET", &keys_of(ADMIN), &[("authorization", &basic)], Body::empty()).await,
    );
    for reply in replies {
        assert!((400..500).contains(&reply.status), "{}", reply.text());
        assert_without(&reply, secret);
    }
}

#[tokio::test]
async fn no_input_can_inject_a_response_header() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for text in ["a%0D%0ASet-Cookie:%20x=1", "a%0ASet-Cookie:%20x=1", "a%E5%98%8A%E5%98%8DSet-Cookie:x"] {
        let reply = admin.get(&format!("/v1/organizations/users/{text}")).await;
        reply.refused(404, "NotFoundError");
        assert_eq!(reply.header("set-cookie"), None);
    }
}
