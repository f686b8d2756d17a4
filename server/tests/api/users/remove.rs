use serde_json::json;

use super::assert_for_admins_only;
use crate::support::{MEMBER, TestServer, keys_of, user_at};

#[tokio::test]
async fn a_removed_member_loses_all_keys() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let secret =
        admin.post(&keys_of(MEMBER), json!({"name": "ci", "permissions": ["delete"]})).await.secret();
    let reply = admin.delete(&user_at(MEMBER)).await;
    assert_eq!(reply.ok(), json!({"message": "Successfully completed", "success": true}));
    server.with_key(Some(&secret)).get(&keys_of(MEMBER)).await.refused(401, "UnauthorizedError");
    for reply in [
        admin.get(&user_at(MEMBER)).await,
        admin.get(&keys_of(MEMBER)).await,
        admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await,
        admin.delete(&user_at(MEMBER)).await,
    ] {
        reply.refused(404, "NotFoundError");
    }
    assert_eq!(admin.get("/v1/organizations/users").await.ok()["total"], 2);
}

#[tokio::test]
async fn a_foreign_member_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    server.foreign().await;
    let before = server.state().await;
    let foreign = server.admin().delete(&user_at("member@globex.example")).await;
    let missing = server.admin().delete(&user_at("ghost@acme.example")).await;
    foreign.refused(404, "NotFoundError");
    assert_eq!(foreign.body, missing.body);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_remove_a_member() {
    assert_for_admins_only("DELETE", &user_at(MEMBER), json!(null)).await;
}
