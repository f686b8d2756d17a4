use std::collections::BTreeSet;

use serde_json::Value;
use server::api::openapi;

use crate::support::{Reply, TestServer};

async fn page() -> Reply {
    let reply = TestServer::start().await.admin().get("/docs").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    reply
}

fn values(page: &str, attribute: &str) -> BTreeSet<String> {
    let start = format!(" {attribute}=\"");
    let parts = page.split(&start).skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_operation_is_in_the_reference() {
    let page = page().await.text();
    let document: Value = serde_json::from_str(openapi::json()).unwrap();
    let ids = values(&page, "id");
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            assert!(ids.contains(operation["operationId"].as_str().unwrap()), "{}", operation["operationId"]);
        }
    }
}

#[tokio::test]
async fn every_link_has_a_target() {
    let server = TestServer::start().await;
    let page = page().await.text();
    let ids = values(&page, "id");
    for address in values(&page, "href") {
        match address.strip_prefix('#') {
            Some(id) => assert!(ids.contains(id), "{address}"),
            None if address == "/favicon.svg" => {}
            None => assert_eq!(server.admin().get(&address).await.status, 200, "{address}"),
        }
    }
    let all = page.matches(" id=\"").count();
    assert_eq!(all, ids.len(), "two elements have the same id");
}

#[tokio::test]
async fn the_page_has_no_scripts_and_no_external_resources() {
    let reply = page().await;
    let policy = reply.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("script") && !policy.contains("unsafe")
    );
    let page = reply.text();
    for word in ["<script", "javascript:", " style=", " onclick", "src="] {
        assert!(!page.contains(word), "{word}");
    }
    let style = TestServer::start().await.with_key(None).get("/docs/style.css").await;
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(!style.text().contains("http") && !style.text().contains("@import"));
}
