use serde_json::json;

use crate::support::{Actor, MEMBER, TestServer, key_at, keys_of};

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_and_its_record_is_kept() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let client = server.with_key(made["key"].as_str());
    client.get(&keys_of(MEMBER)).await.ok();
    server.bed.clock.advance_seconds(1);
    let reply = admin.delete(&key_at(MEMBER, "ci")).await;
    assert_eq!(reply.ok(), json!({"message": "Successfully completed", "success": true}));
    client.get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
    assert_eq!(server.history(&made["key_id"]).await, ["api_key_revoked", "api_key_created"]);
    let all = admin.get(&format!("{}?include_revoked=true", keys_of(MEMBER))).await.ok();
    assert_eq!(
        (&all["results"][0]["key_id"], &all["results"][0]["status"]),
        (&made["key_id"], &json!("revoked"))
    );
}

#[tokio::test]
async fn a_second_revocation_is_not_found() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    admin.delete(&format!("{}?force=true", key_at(MEMBER, "ci"))).await.ok();
    let before = server.state().await;
    admin.delete(&key_at(MEMBER, "ci")).await.refused(404, "NotFoundError");
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_foreign_key_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    foreign.post(&keys_of("member@globex.example"), json!({"name": "ci"})).await.ok();
    let before = server.state().await;
    let theirs = server.admin().delete(&key_at("member@globex.example", "ci")).await;
    let missing = server.admin().delete(&key_at("ghost@acme.example", "ci")).await;
    theirs.refused(404, "NotFoundError");
    assert_eq!(theirs.body, missing.body);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_revoke_and_nothing_is_changed() {
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
            client.delete(&key_at(MEMBER, "ci")).await.refused(status, kind);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}
