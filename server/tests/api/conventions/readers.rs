//! Who may read the description of the API if the server also answers clients on other machines.

use serde_json::Value;
use server::api::openapi;

use crate::support::{Actor, TestServer};

const ADDRESSES: [&str; 2] = ["/openapi.json", "/docs"];

#[tokio::test]
async fn every_caller_with_a_credential_can_read_the_description() {
    let server = TestServer::start().await;
    for actor in Actor::ALL.into_iter().filter(|actor| !actor.is_nobody()) {
        let client = server.client(actor).await;
        for address in ADDRESSES {
            let reply = client.get(address).await;
            assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")), "{actor:?}");
        }
        assert_eq!(client.get("/openapi.json").await.text(), openapi::json());
    }
}

#[tokio::test]
async fn an_unauthenticated_client_cannot_read_the_description() {
    let server = TestServer::start().await;
    let mut reported: Vec<Value> = Vec::new();
    for actor in Actor::UNAUTHENTICATED {
        let client = server.client(actor).await;
        let reply = client.get("/openapi.json").await;
        reply.refused(401, "UnauthorizedError");
        reported.extend((actor != Actor::Nobody).then(|| reply.json()));
        let page = client.get("/docs").await;
        assert_eq!((page.status, page.header("content-type")), (401, Some("text/html; charset=utf-8")));
        assert!(page.text().contains("href=\"/login\"") && !page.text().contains("/v1/"), "{actor:?}");
        for address in ADDRESSES {
            let head = client.send("HEAD", address, &[], axum::body::Body::empty()).await;
            assert_eq!((head.status, head.body.len()), (401, 0), "{actor:?} {address}");
        }
    }
    assert!(reported.windows(2).all(|pair| pair[0] == pair[1]), "all of them get the same answer");
}

#[tokio::test]
async fn a_client_cannot_pretend_to_be_local() {
    let server = TestServer::start().await;
    let nobody = server.client(Actor::Nobody).await;
    for headers in [
        [("x-forwarded-for", "127.0.0.1")],
        [("forwarded", "for=127.0.0.1")],
        [("x-real-ip", "::1")],
        [("host", "localhost:3000")],
        [("cookie", "__Host-keystead=x")],
    ] {
        let reply = nobody.send("GET", "/openapi.json", &headers, axum::body::Body::empty()).await;
        assert_eq!(reply.status, 401, "{headers:?}");
    }
}
