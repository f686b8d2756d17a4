//! Which address leads to which endpoint.

use axum::body::Body;
use serde_json::json;

use crate::support::{ADMIN, MEMBER, TestServer, key_at, keys_of, user_at};

#[tokio::test]
async fn an_unknown_address_is_reported_before_the_credential() {
    let server = TestServer::start().await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/api_keys",
        "/v1/organizations/",
        "/v1/organizations/users/",
        "/v1/organizations/users/a/rotate",
        "/v1/organizations/users/a/api-keys/b/rotate/",
        "/v1//organizations",
        "/v1/./organizations",
        "/v1/organizations/../organizations",
        "/v1/Organizations",
        "/v1/%6Frganizations",
    ] {
        for client in [server.with_key(None), server.admin()] {
            client.get(path).await.refused(404, "NotFoundError");
        }
    }
}

#[tokio::test]
async fn a_trailing_slash_makes_a_different_address() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let before = server.state().await;
    // What the published client sends for a key named `..`, and for a key with an empty name.
    for (method, path) in [
        ("DELETE", format!("{}/", user_at(MEMBER))),
        ("PATCH", format!("{}/", user_at(MEMBER))),
        ("POST", format!("{}/rotate", user_at(MEMBER))),
        ("DELETE", format!("{}/", keys_of(MEMBER))),
        ("GET", format!("{}/", keys_of(MEMBER))),
        ("DELETE", format!("{}/", key_at(MEMBER, "ci"))),
        ("DELETE", format!("{}/ci/../ci", keys_of(MEMBER))),
        ("DELETE", format!("{}/../users/{MEMBER}", user_at(MEMBER))),
        ("DELETE", format!("{}//ci", keys_of(MEMBER))),
    ] {
        let reply = admin.send(method, &path, &[], Body::empty()).await;
        reply.refused(404, "NotFoundError");
        assert_eq!(reply.header("location"), None, "{method} {path}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_unsupported_method_is_reported_with_the_supported_ones() {
    let server = TestServer::start().await;
    for (method, path, allowed) in [
        ("PUT", "/v1/organizations".to_owned(), "GET, PATCH, HEAD"),
        ("DELETE", "/v1/organizations/users".to_owned(), "GET, POST, HEAD"),
        ("POST", user_at(MEMBER), "GET, PATCH, DELETE, HEAD"),
        ("OPTIONS", keys_of(MEMBER), "GET, POST, HEAD"),
        ("TRACE", keys_of(MEMBER), "GET, POST, HEAD"),
        ("GET", key_at(MEMBER, "ci"), "PATCH, DELETE"),
        ("HEAD", key_at(MEMBER, "ci"), "PATCH, DELETE"),
        ("BREW", key_at(MEMBER, "ci"), "PATCH, DELETE"),
        ("GET", format!("{}/rotate", key_at(MEMBER, "ci")), "POST"),
    ] {
        let reply = server.with_key(None).send(method, &path, &[], Body::empty()).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some(allowed)), "{method} {path}");
        if method != "HEAD" {
            reply.refused(405, "MethodNotAllowedError");
        }
    }
}

#[tokio::test]
async fn a_method_in_a_header_or_a_query_is_ignored() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let before = server.state().await;
    let path = keys_of(MEMBER);
    for (name, value) in [
        ("x-http-method-override", "DELETE"),
        ("x-method-override", "DELETE"),
        ("x-http-method", "DELETE"),
        ("x-original-url", "/v1/organizations/users/admin%40globex.example/api-keys"),
        ("x-rewrite-url", "/v1/organizations/users/admin%40globex.example/api-keys"),
        ("x-forwarded-path", "/v1/organizations"),
        ("x-user-email", ADMIN),
        ("x-user-id", "usr_1"),
        ("x-organization-id", "org_1"),
        ("x-org-id", "org_1"),
    ] {
        let reply = admin.send("GET", &path, &[(name, value)], Body::empty()).await;
        assert_eq!(reply.ok()["total"], 1, "{name}");
    }
    admin.get(&format!("{path}?_method=DELETE&method=DELETE")).await.ok();
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn head_gets_the_response_of_get_without_the_body() {
    let server = TestServer::start().await;
    let reply = server.admin().send("HEAD", &keys_of(MEMBER), &[], Body::empty()).await;
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    assert_eq!(reply.header("x-ratelimit-limit"), Some("6000"));
}

#[tokio::test]
async fn path_segments_that_name_nothing_are_not_found() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for part in ["%", "%2", "%zz", "%FF", "%C3", "%ED%A0%80", "%C0%AF", "%00", "%0D%0A", "%2E%2E", ".", "%20"]
    {
        admin.get(&format!("/v1/organizations/users/{part}")).await.refused(404, "NotFoundError");
        admin.delete(&format!("{}/{part}", keys_of(MEMBER))).await.refused(404, "NotFoundError");
    }
    let long = "a".repeat(60_000);
    admin.get(&user_at(&long)).await.refused(404, "NotFoundError");
    admin.delete(&key_at(MEMBER, &long)).await.refused(404, "NotFoundError");
}

#[tokio::test]
async fn an_address_is_found_in_every_percent_encoding() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for path in [
        "/v1/organizations/users/member%40acme.example",
        "/v1/organizations/users/member@acme.example",
        "/v1/organizations/users/MEMBER@Acme.EXAMPLE",
        "/v1/organizations/users/%6d%65mber%40acme%2Eexample",
    ] {
        assert_eq!(admin.get(path).await.ok()["email"], MEMBER, "{path}");
    }
    for path in
        ["/v1/organizations/users/member%2540acme.example", "/v1/organizations/users/member@acme.example%20"]
    {
        admin.get(path).await.refused(404, "NotFoundError");
    }
}

#[tokio::test]
async fn parameters_of_newer_clients_are_ignored() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let list = admin.get(&format!("{}?include_session_keys=true", keys_of(MEMBER))).await.ok();
    assert_eq!(list["total"], 1);
    admin.delete(&format!("{}?force=true", key_at(MEMBER, "ci"))).await.ok();
    // The parameter does not remove the protection of the admin key.
    let protected = format!("{}?force=true", key_at(ADMIN, "admin-key"));
    admin.delete(&protected).await.refused(403, "ForbiddenError");
}
