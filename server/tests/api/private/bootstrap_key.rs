use axum::body::Body;
use serde_json::json;

use super::{assert_for_the_operator_only, bootstrap_at, operator};
use crate::support::{ADMIN, MEMBER, TestServer, VIEWER, keys_of, user_at};

#[tokio::test]
async fn a_new_admin_key_takes_the_place_of_the_old_one() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let path = bootstrap_at(server.org.organization_id.as_str(), &ADMIN.to_uppercase());
        let reply = operator(&server).post_nothing(&path).await;
        let secret = reply.secret();
        let key = reply.ok();
        assert_eq!((&key["name"], &key["permissions"]), (&json!("admin-key"), &json!(["admin"])));
        server.admin().get("/v1/me").await.refused(401, "UnauthorizedError");
        let renewed = server.with_key(Some(&secret));
        renewed.get(&keys_of(MEMBER)).await.ok();
        let again = operator(&server).post_nothing(&path).await.secret();
        renewed.get("/v1/me").await.refused(401, "UnauthorizedError");
        let all =
            server.with_key(Some(&again)).get(&format!("{}?include_revoked=1", keys_of(ADMIN))).await.ok();
        let statuses: Vec<_> =
            all["results"].as_array().unwrap().iter().map(|key| key["status"].clone()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == json!("active")).count(), 1);
        assert_eq!(statuses.len(), 3);
    }
}

#[tokio::test]
async fn the_key_has_no_more_rights_than_its_owner() {
    let server = TestServer::start().await;
    let path = bootstrap_at(server.org.organization_id.as_str(), VIEWER);
    let secret = operator(&server).post_nothing(&path).await.secret();
    server.with_key(Some(&secret)).get(&user_at(MEMBER)).await.refused(403, "ForbiddenError");
}

#[tokio::test]
async fn a_missing_or_inactive_user_gets_no_key() {
    let server = TestServer::start().await;
    server.foreign().await;
    server.admin().patch(&user_at(MEMBER), json!({"status": "suspended"})).await.ok();
    let before = server.state().await;
    let id = server.org.organization_id.as_str();
    operator(&server).post_nothing(&bootstrap_at(id, MEMBER)).await.refused(403, "ForbiddenError");
    for (organization, email) in
        [(id, "member@globex.example"), (id, "x"), (id, "a\0b"), ("org_0123456789abcdefghij", ADMIN)]
    {
        operator(&server)
            .post_nothing(&bootstrap_at(organization, email))
            .await
            .refused(404, "NotFoundError");
    }
    let unknown = operator(&server).post(&bootstrap_at(id, ADMIN), json!({"name": "x"})).await;
    assert_eq!(unknown.broken_rules(), ["body/name extra_forbidden"]);
    let broken = operator(&server).send("POST", &bootstrap_at(id, ADMIN), &[], Body::from("{")).await;
    assert_eq!(broken.broken_rules(), ["body/1 json_invalid"]);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn four_simultaneous_requests_leave_one_working_key() {
    let server = TestServer::start_on_postgres().await;
    let path = bootstrap_at(server.org.organization_id.as_str(), ADMIN);
    let client = operator(&server);
    let once = || client.post_nothing(&path);
    let (a, b, c, d) = tokio::join!(once(), once(), once(), once());
    let mut working = 0;
    for reply in [a, b, c, d] {
        let status = server.with_key(Some(&reply.secret())).get("/v1/me").await.status;
        working += usize::from(status == 200);
    }
    assert_eq!(working, 1);
}

#[tokio::test]
async fn nobody_else_can_use_the_endpoint() {
    let server = TestServer::start().await;
    let path = bootstrap_at(server.org.organization_id.as_str(), ADMIN);
    assert_for_the_operator_only(&server, "POST", &path).await;
}
