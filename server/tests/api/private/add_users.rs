use serde_json::json;

use super::{PRIVATE, assert_for_the_operator_only, operator};
use crate::support::{MEMBER, TestServer};

fn path() -> String {
    format!("{PRIVATE}/add-user")
}

#[tokio::test]
async fn users_are_added_all_together() {
    let server = TestServer::start().await;
    let body = json!({
        "organization_identifier": server.org.organization_id,
        "users": [{"email": "a@acme.example", "user_name": "Aa"}, {"email": "b@acme.example", "user_name": "Bb", "role": "admin"}],
    });
    let shown = operator(&server).post(&path(), body).await.ok();
    assert_eq!(shown["users"].as_array().unwrap().len(), 5);
    let user = server.admin().get("/v1/organizations/users/a%40acme.example").await.ok();
    assert_eq!((&user["role"], &user["status"]), (&json!("member"), &json!("active")));
}

#[tokio::test]
async fn one_existing_user_prevents_adding_the_others() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let body = json!({
        "organization_identifier": server.org.organization_id,
        "users": [{"email": "a@acme.example", "user_name": "Aa"}, {"email": MEMBER, "user_name": "Again"}],
    });
    operator(&server).post(&path(), body).await.refused(409, "AlreadyExistsError");
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_invalid_body_changes_nothing() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let user = json!({"email": "a@acme.example", "user_name": "Aa"});
    let id = &server.org.organization_id;
    for (body, rules) in [
        (json!({}), vec!["body/organization_identifier missing", "body/users missing"]),
        (json!({"organization_identifier": id, "users": []}), vec!["body/users missing"]),
        (
            json!({"organization_identifier": 5, "users": [user]}),
            vec!["body/organization_identifier string_type"],
        ),
        (json!({"organization_identifier": id, "users": {}}), vec!["body/users list_type"]),
        (
            json!({"organization_identifier": id, "users": [user, {}]}),
            vec!["body/users/1/email missing", "body/users/1/user_name missing"],
        ),
        (json!({"organization_identifier": id, "users": [user], "x": 1}), vec!["body/x extra_forbidden"]),
    ] {
        assert_eq!(operator(&server).post(&path(), body).await.broken_rules(), rules);
    }
    for identifier in ["org_0123456789abcdefghij", "Acme", "", "\0"] {
        let body = json!({"organization_identifier": identifier, "users": [user]});
        operator(&server).post(&path(), body).await.refused(404, "NotFoundError");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_use_the_endpoint() {
    assert_for_the_operator_only(&TestServer::start().await, "POST", &path()).await;
}
