//! Where a credential is read from, and how an invalid one is answered.

use axum::body::Body;
use serde_json::json;

use crate::support::{ADMIN, Actor, MEMBER, TestServer, key_at, keys_of, user_at};

#[tokio::test]
async fn all_invalid_credentials_get_one_response() {
    let server = TestServer::start().await;
    let secret = server.org.admin_key.reveal().to_owned();
    let altered = format!("{}{}", &secret[..secret.len() - 1], if secret.ends_with('a') { 'b' } else { 'a' });
    let hash =
        server.admin().get(&keys_of(ADMIN)).await.ok()["results"][0]["key_hash"].as_str().unwrap().to_owned();
    let mut bodies = Vec::new();
    for value in [
        secret.clone(),
        "Bearer".to_owned(),
        format!("Bearer{secret}"),
        format!("Bearer\t{secret}"),
        format!("Bearer {secret} {secret}"),
        format!("Bearer {secret},"),
        format!("Basic {secret}"),
        format!("Token {secret}"),
        format!("Bearer {altered}"),
        format!("Bearer {}", &secret[..secret.len() - 1]),
        format!("Bearer {secret}0"),
        format!("Bearer {}", secret.to_uppercase()),
        format!("Bearer {hash}"),
        format!("Bearer {}", &secret[..10]),
        "Bearer null".to_owned(),
        format!("Bearer {}", "a".repeat(16_000)),
    ] {
        let reply = server
            .with_key(None)
            .send("GET", &keys_of(ADMIN), &[("authorization", &value)], Body::empty())
            .await;
        reply.refused(401, "UnauthorizedError");
        assert_eq!(reply.header("x-ratelimit-limit"), None);
        bodies.push(reply.body);
    }
    for actor in Actor::UNAUTHENTICATED {
        let reply = server.client(actor).await.get(&keys_of(ADMIN)).await;
        reply.refused(401, "UnauthorizedError");
        bodies.push(reply.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

#[tokio::test]
async fn the_scheme_is_compared_without_regard_to_letter_case() {
    let server = TestServer::start().await;
    for scheme in ["Bearer ", "bearer ", "BEARER ", "bEaReR    "] {
        let value = format!("{scheme}{}", server.org.admin_key.reveal());
        let headers = [("authorization", value.as_str())];
        server.with_key(None).send("GET", &keys_of(ADMIN), &headers, Body::empty()).await.ok();
    }
}

#[tokio::test]
async fn two_credentials_are_refused() {
    let server = TestServer::start().await;
    let value = format!("Bearer {}", server.org.admin_key.reveal());
    for second in [value.as_str(), "Bearer x", "Basic eDp5", ""] {
        let headers = [("authorization", value.as_str()), ("authorization", second)];
        let reply = server.with_key(None).send("GET", &keys_of(ADMIN), &headers, Body::empty()).await;
        reply.refused(401, "UnauthorizedError");
    }
}

#[tokio::test]
async fn a_credential_in_another_place_is_ignored() {
    let server = TestServer::start().await;
    let secret = server.org.admin_key.reveal();
    let nobody = server.with_key(None);
    let basic = format!("Basic {secret}");
    let cookie = format!("__Host-session={secret}; Authorization=Bearer {secret}");
    for header in [
        ("x-api-key", secret),
        ("api-key", secret),
        ("x-auth-token", secret),
        ("proxy-authorization", basic.as_str()),
        ("x-forwarded-authorization", basic.as_str()),
        ("cookie", cookie.as_str()),
    ] {
        let reply = nobody.send("GET", &keys_of(ADMIN), &[header], Body::empty()).await;
        reply.refused(401, "UnauthorizedError");
    }
    for name in ["key", "api_key", "access_token", "token", "authorization"] {
        let reply = nobody.get(&format!("{}?{name}={secret}", keys_of(ADMIN))).await;
        reply.refused(401, "UnauthorizedError");
    }
    let body = json!({"name": "ci", "authorization": format!("Bearer {secret}")});
    nobody.post(&keys_of(ADMIN), body).await.refused(401, "UnauthorizedError");
}

#[tokio::test]
async fn without_a_credential_nothing_else_is_checked() {
    let server = TestServer::start().await;
    let nobody = server.with_key(None);
    let mut replies = vec![
        nobody.get(&keys_of(MEMBER)).await,
        nobody.get(&keys_of("ghost@acme.example")).await,
        nobody.get(&format!("{}?include_revoked=maybe", keys_of(MEMBER))).await,
        nobody.post(&keys_of(MEMBER), json!({"name": 5})).await,
        nobody.post_bytes(&keys_of(MEMBER), "{").await,
        nobody.delete(&key_at(ADMIN, "admin-key")).await,
        nobody.patch(&user_at(MEMBER), json!([])).await,
        nobody.post_bytes(&keys_of(MEMBER), "x".repeat(70_000)).await,
        nobody.send("POST", &keys_of(MEMBER), &[("content-length", "10737418240")], Body::empty()).await,
        nobody.send("POST", &keys_of(MEMBER), &[("content-encoding", "gzip")], Body::empty()).await,
    ];
    replies.dedup_by(|one, other| one.body == other.body);
    assert_eq!(replies.len(), 1);
    replies[0].refused(401, "UnauthorizedError");
}

#[tokio::test]
async fn the_permission_is_checked_before_body_user_and_key() {
    let server = TestServer::start().await;
    for actor in Actor::POWERLESS {
        let client = server.client(actor).await;
        let before = server.state().await;
        let mut replies = vec![
            client.post(&keys_of(MEMBER), json!({"name": "ci"})).await,
            client.post(&keys_of(MEMBER), json!({"name": 5})).await,
            client.post_bytes(&keys_of(MEMBER), "{").await,
            client.post(&keys_of("ghost@acme.example"), json!({"name": "ci"})).await,
            client.patch(&key_at(ADMIN, "admin-key"), json!({"name": "x"})).await,
            client.patch(&key_at(ADMIN, "ghost"), json!({})).await,
            client.post_nothing(&format!("{}/rotate", key_at(ADMIN, "ghost"))).await,
            client.delete(&key_at("ghost@acme.example", "ghost")).await,
            client.delete(&key_at(ADMIN, "admin-key")).await,
            client.post_bytes(&keys_of(MEMBER), "x".repeat(70_000)).await,
        ];
        replies.dedup_by(|one, other| one.body == other.body);
        assert_eq!(replies.len(), 1, "{actor:?}");
        replies[0].refused(403, "ForbiddenError");
        assert_eq!(server.state().await, before, "{actor:?}");
    }
}

#[tokio::test]
async fn a_key_stops_working_with_its_owner() {
    let server = TestServer::start().await;
    let client = server.client(Actor::Member).await;
    client.get(&keys_of(MEMBER)).await.ok();
    server.admin().patch(&user_at(MEMBER), json!({"status": "suspended"})).await.ok();
    client.get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
    server.admin().patch(&user_at(MEMBER), json!({"status": "active"})).await.ok();
    client.get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
}

#[tokio::test]
async fn a_key_stops_working_exactly_at_its_expiry() {
    let server = TestServer::start().await;
    let end = server.bed.clock.now().plus_seconds(60);
    let body = json!({"name": "short", "expires_at": end, "permissions": ["admin"]});
    let secret = server.admin().post(&keys_of(ADMIN), body).await.secret();
    let client = server.with_key(Some(&secret));
    server.bed.clock.advance_seconds(59);
    client.get(&keys_of(ADMIN)).await.ok();
    server.bed.clock.advance_seconds(1);
    client.get(&keys_of(ADMIN)).await.refused(401, "UnauthorizedError");
}
