//! Invalid bodies.

use axum::body::Body;
use serde_json::json;

use crate::support::{ADMIN, MEMBER, TestServer, key_at, keys_of};

#[tokio::test]
async fn invalid_json_is_reported_with_its_location_and_changes_nothing() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let deep_member = format!("{{\"name\":{}{}}}", "{\"a\":".repeat(10_000), "1");
    for (body, rule) in [
        (b"{".as_slice(), "body/1 json_invalid"),
        (b"nope", "body/1 json_invalid"),
        (b" ", "body/1 json_invalid"),
        (b"{\"name\":\"a\",\"name\":\"b\"}", "body/17 json_invalid"),
        (b"{\"name\":NaN}", "body/8 json_invalid"),
        (b"{\"rate_limit_override\":Infinity}", "body/23 json_invalid"),
        (b"{\"name\":\"\\ud800\"}", "body/15 json_invalid"),
        (b"{\"name\":\"\xFF\"}", "body/9 json_invalid"),
        (b"{\"name\":\"a\0b\"}", "body/10 json_invalid"),
        (b"{\"name\":\"ci\"}{}", "body/13 json_invalid"),
        (b"\xEF\xBB\xBF{\"name\":\"ci\"}", "body/0 json_invalid"),
        (deep.as_bytes(), "body/127 json_invalid"),
        (deep_member.as_bytes(), "body/638 json_invalid"),
        (b"[]", "body model_attributes_type"),
        (b"null", "body model_attributes_type"),
        (b"\"name\"", "body model_attributes_type"),
        (b"", "body missing"),
    ] {
        let reply = server.admin().post_bytes(&keys_of(MEMBER), body).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(reply.broken_rules(), [rule], "{shown}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_body_has_the_content_type_json_or_none() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for (index, kind) in
        ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"].iter().enumerate()
    {
        let body = Body::from(json!({"name": format!("ci {index}")}).to_string());
        admin.send("POST", &keys_of(MEMBER), &[("content-type", kind)], body).await.ok();
    }
    admin.post_bytes(&keys_of(MEMBER), json!({"name": "without a type"}).to_string()).await.ok();
    let before = server.state().await;
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"]
    {
        let body = Body::from(json!({"name": "ci"}).to_string());
        let reply = admin.send("POST", &keys_of(MEMBER), &[("content-type", kind)], body).await;
        reply.refused(415, "UnsupportedMediaTypeError");
    }
    for coding in ["gzip", "br", "identity, gzip"] {
        let headers = [("content-type", "application/json"), ("content-encoding", coding)];
        let body = Body::from(json!({"name": "ci"}).to_string());
        admin.send("POST", &keys_of(MEMBER), &headers, body).await.refused(415, "UnsupportedMediaTypeError");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_by_its_content_length() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let before = server.state().await;
    for length in ["65537", "10737418240"] {
        let headers = [("content-length", length)];
        admin
            .send("POST", &keys_of(MEMBER), &headers, Body::from("{"))
            .await
            .refused(413, "PayloadTooLargeError");
    }
    let long = json!({"name": "ci", "description": "x".repeat(70_000)}).to_string();
    admin.post_bytes(&keys_of(MEMBER), long).await.refused(413, "PayloadTooLargeError");
    let fits = json!({"name": "ci", "description": "x".repeat(60_000)}).to_string();
    let reply = admin.post_bytes(&keys_of(MEMBER), fits).await;
    assert_eq!(reply.broken_rules(), ["body/description string_too_long"]);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_error_stays_small_however_many_mistakes_there_are() {
    let server = TestServer::start().await;
    let members: Vec<_> = (0..5_000).map(|n| format!("\"m{n}\":0")).collect();
    let words = format!("{{\"name\":\"ci\",\"permissions\":[{}0]}}", "\"x\",".repeat(15_000));
    for body in [format!("{{{}}}", members.join(",")), words] {
        let reply = server.admin().post_bytes(&keys_of(MEMBER), body).await;
        assert!(reply.broken_rules().len() <= 100);
        assert!(reply.body.len() < 64 * 1024, "{}", reply.body.len());
    }
}

#[tokio::test]
async fn an_unexpected_body_is_ignored() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let headers = [("content-type", "text/plain")];
    admin.send("GET", &keys_of(ADMIN), &headers, Body::from("{")).await.ok();
    admin.send("DELETE", &key_at(MEMBER, "ci"), &headers, Body::from("{")).await.ok();
}
