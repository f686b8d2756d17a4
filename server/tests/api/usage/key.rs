use serde_json::json;

use super::{ask, usage_of};
use crate::support::{ADMIN, Actor, MEMBER, TestServer, key_at, keys_of, user_at};

#[tokio::test]
async fn every_outcome_of_a_key_is_counted() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let body = json!({"name": "ci", "rate_limit_override": 3, "expires_at": "2026-11-22T05:00:00Z"});
        let key = admin.post(&keys_of(MEMBER), body).await.ok();
        let client = server.with_key(key["key"].as_str());
        let usage = usage_of(&key["key_id"]);
        let empty = ask(&server, &admin, &usage).await;
        assert_eq!(
            empty,
            json!({
                "key_id": key["key_id"], "start": "2026-10-23T01:00:00Z", "end": "2026-11-22T01:00:00Z",
                "total_requests": 0, "by_status": {}, "last_used_at": null,
            })
        );
        client.get(&keys_of(MEMBER)).await.ok();
        client.get("/v1/organizations/users").await.refused(403, "ForbiddenError");
        client.get("/v1/me").await.ok();
        client.get("/v1/me").await.refused(429, "TooManyRequestsError");
        server.bed.clock.advance_seconds(5 * 3600);
        client.get("/v1/me").await.refused(401, "UnauthorizedError");
        admin.get(&user_at(MEMBER)).await.ok();

        server.bed.clock.advance_seconds(60);
        let shown = ask(&server, &admin, &usage).await;
        assert_eq!(shown["total_requests"], 5);
        assert_eq!(shown["by_status"], json!({"VALID": 3, "RATE_LIMITED": 1, "EXPIRED": 1}));
        assert_eq!(shown["last_used_at"], "2026-11-22T00:00:00Z");
        let first = ask(&server, &admin, &format!("{usage}?start=2026-11-22&end=2026-11-22T01:00:00Z")).await;
        assert_eq!((&first["total_requests"], &first["end"]), (&json!(4), &json!("2026-11-22T01:00:00Z")));
        let later = ask(&server, &admin, &format!("{usage}?start=2026-11-22T01:30:00Z")).await;
        assert_eq!((&later["total_requests"], &later["start"]), (&json!(1), &json!("2026-11-22T01:00:00Z")));
    }
}

#[tokio::test]
async fn attempts_with_a_revoked_or_disabled_key_are_counted() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let key = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let client = server.with_key(key["key"].as_str());
    let id = model::id::KeyId::parse(key["key_id"].as_str().unwrap()).unwrap();
    server
        .bed
        .service
        .disable_key(&server.org.caller, &id, &model::key::Precondition::Anything)
        .await
        .unwrap();
    client.get("/v1/me").await.refused(401, "UnauthorizedError");
    admin.delete(&key_at(MEMBER, "ci")).await.ok();
    client.get("/v1/me").await.refused(401, "UnauthorizedError");
    client.get("/v1/me").await.refused(401, "UnauthorizedError");
    server.bed.clock.advance_seconds(1);
    let shown = ask(&server, &admin, &usage_of(&key["key_id"])).await;
    assert_eq!(shown["by_status"], json!({"DISABLED": 1, "REVOKED": 2}));
}

#[tokio::test]
async fn old_counts_are_deleted() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let key = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    server.with_key(key["key"].as_str()).get("/v1/me").await.ok();
    server.bed.flush().await;
    let path = format!("{}?start=2026-11-22&end=2027-12-01", usage_of(&key["key_id"]));
    for (days, total) in [(40, 1), (360, 1), (2, 0)] {
        server.bed.clock.advance_seconds(days * 24 * 3600);
        assert_eq!(ask(&server, &admin, &path).await["total_requests"], total, "{days}");
    }
}

#[tokio::test]
async fn a_foreign_key_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    let theirs = foreign.post(&keys_of("member@globex.example"), json!({"name": "ci"})).await.ok();
    for client in [server.admin(), server.client(Actor::Member).await] {
        let missing = client.get(&usage_of(&json!("key_0123456789abcdefghij"))).await;
        missing.refused(404, "NotFoundError");
        for id in
            [theirs["key_id"].clone(), json!("x"), json!("key_"), json!("%00"), json!("a".repeat(60_000))]
        {
            assert_eq!(client.get(&usage_of(&id)).await.body, missing.body, "{id:.40}");
            let endpoints = client.get(&format!("{}/endpoints", usage_of(&id))).await;
            assert_eq!(endpoints.body, missing.body, "{id:.40}");
        }
    }
}

#[tokio::test]
async fn a_key_without_admin_sees_the_usage_of_its_own_owner() {
    let server = TestServer::start().await;
    let own = server.admin().post(&keys_of(MEMBER), json!({"name": "own"})).await.ok();
    let other = server.admin().post(&keys_of(ADMIN), json!({"name": "other"})).await.ok();
    let client = server.client(Actor::Member).await;
    client.get(&usage_of(&own["key_id"])).await.ok();
    client.get(&usage_of(&other["key_id"])).await.refused(404, "NotFoundError");
    let scope = json!({"resource_type": "api_key", "resource_id": "own"});
    let scoped = server.with_scoped_key(ADMIN, "scoped", scope).await;
    scoped.get(&usage_of(&own["key_id"])).await.ok();
    scoped.get(&usage_of(&other["key_id"])).await.refused(403, "ForbiddenError");
}

#[tokio::test]
async fn invalid_parameters_are_reported_together() {
    let server = TestServer::start().await;
    let key = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    for path in [usage_of(&key["key_id"]), format!("{}/endpoints", usage_of(&key["key_id"]))] {
        let reply = server.admin().get(&format!("{path}?start=x&end=y")).await;
        assert_eq!(reply.broken_rules(), ["query/start datetime_parsing", "query/end datetime_parsing"]);
        let reply = server.admin().get(&format!("{path}?start=2026-11-22&end=2026-11-21")).await;
        assert_eq!(reply.broken_rules(), ["query/end value_error"]);
        for extreme in [
            "start=0001-01-01T00:00:00Z&end=9999-12-31T23:59:59Z",
            "start=9999-12-31T23:59:59Z",
            "end=0001-01-01",
        ] {
            server.admin().get(&format!("{path}?{extreme}")).await.ok();
        }
        for actor in Actor::UNAUTHENTICATED {
            server.client(actor).await.get(&path).await.refused(401, "UnauthorizedError");
        }
    }
}
