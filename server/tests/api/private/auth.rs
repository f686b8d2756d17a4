//! Who may use the operator's endpoints, and whether they exist.

use axum::body::Body;
use service::Settings;

use super::{NODES, PRIVATE, bootstrap_at, operator, organization_at};
use crate::support::{MEMBER, OPERATOR_TOKEN, TestServer};

fn all(id: &str) -> [(&'static str, String); 7] {
    [
        ("GET", NODES.to_owned()),
        ("POST", PRIVATE.to_owned()),
        ("POST", format!("{PRIVATE}/add-user")),
        ("GET", organization_at(id)),
        ("PATCH", organization_at(id)),
        ("DELETE", organization_at(id)),
        ("POST", bootstrap_at(id, MEMBER)),
    ]
}

#[tokio::test]
async fn without_a_token_in_the_settings_the_endpoints_do_not_exist() {
    let server = TestServer::start_with(Settings::default()).await;
    let before = server.state().await;
    let unknown = server.admin().get("/v1/nothing").await;
    for (method, path) in all(server.org.organization_id.as_str()) {
        for client in [operator(&server), server.admin(), server.with_key(None), server.with_key(Some(""))] {
            for method in [method, "PUT", "BREW"] {
                let reply = client.send(method, &path, &[], Body::from("{}")).await;
                reply.refused(404, "NotFoundError");
                assert_eq!(reply.body, unknown.body, "{method} {path}");
            }
        }
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn only_the_exact_token_is_accepted() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let missing = server.with_key(None).get("/v1/organizations").await;
    for (method, path) in all(server.org.organization_id.as_str()) {
        for token in [
            OPERATOR_TOKEN[1..].to_owned(),
            OPERATOR_TOKEN[..35].to_owned(),
            format!("{OPERATOR_TOKEN}0"),
            OPERATOR_TOKEN.to_uppercase(),
            "a".repeat(16_000),
            server.org.admin_key.reveal().to_owned(),
        ] {
            let reply = server.with_key(Some(&token)).send(method, &path, &[], Body::from("{")).await;
            reply.refused(401, "UnauthorizedError");
            assert_eq!(reply.body, missing.body);
        }
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn the_operators_token_is_not_accepted_as_a_key() {
    let server = TestServer::start().await;
    operator(&server).get("/v1/organizations").await.refused(401, "UnauthorizedError");
    operator(&server).get("/v1/me").await.refused(401, "UnauthorizedError");
}
