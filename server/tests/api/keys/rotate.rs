use serde_json::{Value, json};

use crate::support::{Actor, MEMBER, TestServer, key_at, keys_of};

fn rotate_at(name: &str) -> String {
    format!("{}/rotate", key_at(MEMBER, name))
}

#[tokio::test]
async fn the_secret_is_replaced_and_the_rest_of_the_key_stays() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let body = json!({"name": "ci", "description": "d", "rate_limit_override": 5, "expires_at": "2027-01-01T00:00:00Z"});
    let made = admin.post(&keys_of(MEMBER), body).await.ok();
    server.bed.clock.advance_seconds(5);
    let reply = admin.post_nothing(&rotate_at("ci")).await;
    let secret = reply.secret();
    let rotated = reply.ok();
    let mut expected = made.clone();
    for member in ["key", "key_hash", "key_prefix"] {
        assert_ne!(rotated[member], made[member], "{member}");
        expected[member] = rotated[member].clone();
    }
    assert_eq!(rotated, expected);
    assert_eq!(server.history(&made["key_id"]).await, ["api_key_rotated", "api_key_created"]);
    server.with_key(made["key"].as_str()).get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
    server.with_key(Some(&secret)).get(&keys_of(MEMBER)).await.ok();
}

#[tokio::test]
async fn a_rotation_resets_the_last_use() {
    let server = TestServer::start().await;
    let secret = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.secret();
    let background = server.bed.service.start_background();
    server.with_key(Some(&secret)).get(&keys_of(MEMBER)).await.ok();
    background.stop().await;
    assert_eq!(server.admin().post_nothing(&rotate_at("ci")).await.ok()["last_used_at"], Value::Null);
}

#[tokio::test]
async fn the_old_secret_works_only_during_its_grace_period() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let old = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.secret();
    let new = admin.post(&rotate_at("ci"), json!({"grace_period_seconds": 60})).await.secret();
    let works = async |secret: &str| server.with_key(Some(secret)).get(&keys_of(MEMBER)).await.status == 200;
    server.bed.clock.advance_seconds(59);
    assert!(works(&old).await && works(&new).await);
    server.bed.clock.advance_seconds(1);
    assert!(!works(&old).await && works(&new).await);
}

#[tokio::test]
async fn an_immediate_rotation_and_a_revocation_end_every_earlier_secret() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let works = async |secret: &str| server.with_key(Some(secret)).get(&keys_of(MEMBER)).await.status == 200;
    let first = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.secret();
    let second = admin.post(&rotate_at("ci"), json!({"grace_period_seconds": 600})).await.secret();
    let third = admin.post(&rotate_at("ci"), json!({"grace_period_seconds": 600})).await.secret();
    assert!(works(&first).await && works(&second).await && works(&third).await);
    let fourth = admin.post_nothing(&rotate_at("ci")).await.secret();
    assert!(!works(&first).await && !works(&second).await && !works(&third).await && works(&fourth).await);
    let fifth = admin.post(&rotate_at("ci"), json!({"grace_period_seconds": 600})).await.secret();
    assert!(works(&fourth).await && works(&fifth).await);
    admin.delete(&key_at(MEMBER, "ci")).await.ok();
    assert!(!works(&fourth).await && !works(&fifth).await);
}

#[tokio::test]
async fn a_grace_period_never_outlasts_the_expiry() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let body = json!({"name": "ci", "expires_at": "2026-11-22T00:01:00Z"});
    let old = admin.post(&keys_of(MEMBER), body).await.secret();
    admin.post(&rotate_at("ci"), json!({"grace_period_seconds": 2_592_000})).await.ok();
    server.with_key(Some(&old)).get(&keys_of(MEMBER)).await.ok();
    server.bed.clock.advance_seconds(60);
    server.with_key(Some(&old)).get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
    admin.post_nothing(&rotate_at("ci")).await.refused(404, "NotFoundError");
}

#[tokio::test]
async fn a_rotation_needs_no_body_and_accepts_a_small_one() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    for body in [json!({}), json!({"grace_period_seconds": null}), json!({"grace_period_seconds": 0})] {
        admin.post(&rotate_at("ci"), body).await.secret();
    }
    let before = server.state().await;
    for (body, rule) in [
        (json!({"grace_period_seconds": -1}), "body/grace_period_seconds greater_than_equal"),
        (json!({"grace_period_seconds": 2_592_001}), "body/grace_period_seconds less_than_equal"),
        (json!({"grace_period_seconds": 1.5}), "body/grace_period_seconds int_from_float"),
        (json!({"grace_period_seconds": "60"}), "body/grace_period_seconds int_type"),
        (json!({"grace_seconds": 60}), "body/grace_seconds extra_forbidden"),
        (json!([]), "body model_attributes_type"),
        (json!(null), "body model_attributes_type"),
    ] {
        assert_eq!(admin.post(&rotate_at("ci"), body).await.broken_rules(), [rule]);
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn ended_foreign_and_missing_keys_are_not_found_and_not_changed() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "gone"})).await.ok();
    admin.delete(&key_at(MEMBER, "gone")).await.ok();
    let foreign = server.client(Actor::Foreign).await;
    foreign.post(&keys_of("member@globex.example"), json!({"name": "ci"})).await.ok();
    let before = server.state().await;
    admin.post_nothing(&rotate_at("gone")).await.refused(404, "NotFoundError");
    admin.post_nothing(&rotate_at("ghost")).await.refused(404, "NotFoundError");
    let theirs = admin.post_nothing(&format!("{}/rotate", key_at("member@globex.example", "ci"))).await;
    let missing = admin.post_nothing(&format!("{}/rotate", key_at("ghost@acme.example", "ci"))).await;
    theirs.refused(404, "NotFoundError");
    assert_eq!(theirs.body, missing.body);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_rotate_and_nothing_is_changed() {
    let server = TestServer::start().await;
    server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    for (actors, status, kind) in [
        (Actor::UNAUTHENTICATED, 401, "UnauthorizedError"),
        (Actor::POWERLESS, 403, "ForbiddenError"),
        ([Actor::Foreign; 4], 404, "NotFoundError"),
    ] {
        for actor in actors {
            let client = server.client(actor).await;
            let before = server.state().await;
            client.post_nothing(&rotate_at("ci")).await.refused(status, kind);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}

#[tokio::test]
async fn a_key_can_rotate_and_revoke_itself() {
    let server = TestServer::start().await;
    let body = json!({"name": "own", "permissions": ["admin"]});
    let path = keys_of("admin@acme.example");
    let secret = server.admin().post(&path, body).await.secret();
    let own = format!("{path}/own");
    let next = server.with_key(Some(&secret)).post_nothing(&format!("{own}/rotate")).await.secret();
    server.with_key(Some(&secret)).get(&path).await.refused(401, "UnauthorizedError");
    server.with_key(Some(&next)).delete(&own).await.ok();
    server.with_key(Some(&next)).get(&path).await.refused(401, "UnauthorizedError");
}
