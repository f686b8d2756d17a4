use serde_json::json;

use super::{API_KEYS, api_key};
use crate::support::{ADMIN, Actor, MEMBER, TestServer, keys_of};

#[tokio::test]
async fn a_key_is_shown_with_its_last_use_and_without_its_secret() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci", "description": "d"})).await.data();
    let agent = [("user-agent", "curl/8.0")];
    let client = server.with_key(made["key"].as_str());
    assert_eq!(client.send("GET", API_KEYS, &agent, "".into()).await.status, 200);
    let background = server.bed.service.start_background();
    background.stop().await;
    let shown = admin.get(&api_key(&made["id"])).await.data();
    let mut expected = made.clone();
    expected.as_object_mut().unwrap().remove("key");
    expected["lastUsedAt"] = json!("2026-11-22T00:00:00Z");
    expected["lastUsedIp"] = json!("0.0.0.0");
    expected["lastUsedUserAgent"] = json!("curl/8.0");
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn a_key_from_the_other_group_of_endpoints_is_shown_with_a_scope() {
    let server = TestServer::start().await;
    for (permissions, scope) in [
        (json!(["read"]), "read"),
        (json!([]), "read"),
        (json!(["write"]), "read-write"),
        (json!(["read", "admin"]), "read-write"),
    ] {
        let body =
            json!({"name": permissions.to_string(), "permissions": permissions, "rate_limit_override": 5});
        let made = server.admin().post(&keys_of(MEMBER), body).await.ok();
        let shown = server.admin().get(&api_key(&made["key_id"])).await.data();
        assert_eq!(
            (&shown["scope"], &shown["userId"], &shown["createdAt"], &shown["organizationId"]),
            (&json!(scope), &made["user_id"], &made["created_at"], &made["organization_id"])
        );
        assert_eq!(
            format!("{}...", shown["keyPrefix"].as_str().unwrap()),
            made["key_prefix"].as_str().unwrap()
        );
    }
}

#[tokio::test]
async fn an_ended_key_is_still_shown() {
    let server = TestServer::start().await;
    let made = server.admin().post(API_KEYS, json!({"name": "ci"})).await.data();
    server.bed.clock.advance_seconds(1);
    server.admin().delete(&api_key(&made["id"])).await.data();
    let shown = server.admin().get(&api_key(&made["id"])).await.data();
    assert_eq!(shown["revokedAt"], "2026-11-22T00:00:01Z");
}

#[tokio::test]
async fn keys_that_the_caller_cannot_see_are_not_found() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    let theirs = foreign.post(API_KEYS, json!({"name": "ci"})).await.data();
    let admins = server.admin().get(&keys_of(ADMIN)).await.ok()["results"][0]["key_id"].clone();
    let before = server.state().await;
    let mut answers = Vec::new();
    for path in [
        api_key(&theirs["id"]),
        format!("{API_KEYS}/key_doesnotexist"),
        format!("{API_KEYS}/nonsense"),
        format!("{API_KEYS}/%00"),
        format!("{API_KEYS}/{}", "a".repeat(2000)),
        format!("{API_KEYS}/usr_a1"),
    ] {
        let reply = server.admin().get(&path).await;
        reply.enveloped(404);
        answers.push(reply.without_request_id());
    }
    let member = server.client(Actor::Member).await;
    for path in [api_key(&admins), format!("{API_KEYS}/key_doesnotexist")] {
        answers.push(member.get(&path).await.without_request_id());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    drop(before);
}
