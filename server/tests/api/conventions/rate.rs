//! Rate limits.

use serde_json::json;

use crate::support::{ADMIN, Client, MEMBER, TestServer, keys_of, user_at};

async fn limited(server: &TestServer, limit: u32) -> Client {
    let body =
        json!({"name": format!("limit {limit}"), "rate_limit_override": limit, "permissions": ["admin"]});
    let secret = server.admin().post(&keys_of(ADMIN), body).await.secret();
    server.with_key(Some(&secret))
}

#[tokio::test]
async fn every_authenticated_response_has_rate_limit_headers() {
    let server = TestServer::start().await;
    let client = limited(&server, 10).await;
    let now = server.bed.clock.now().seconds();
    let replies = [
        client.get(&keys_of(MEMBER)).await,
        client.get(&keys_of("ghost@acme.example")).await,
        client.post(&keys_of(MEMBER), json!({})).await,
        client.get(&user_at(MEMBER)).await,
    ];
    for (reply, remaining) in replies.iter().zip(["9", "8", "7", "6"]) {
        assert_eq!(reply.header("x-ratelimit-limit"), Some("10"));
        assert_eq!(reply.header("x-ratelimit-remaining"), Some(remaining));
        assert_eq!(reply.header("x-ratelimit-window"), Some("60"));
        assert_eq!(reply.header("retry-after"), None);
        let reset: i64 = reply.header("x-ratelimit-reset").unwrap().parse().unwrap();
        assert!((now + 1..=now + 61).contains(&reset), "{reset}");
        assert_eq!(reply.header("ratelimit-policy"), Some("\"key\";q=10;w=60"));
        let state = format!("\"key\";r={remaining};t={}", reset - now);
        assert_eq!(reply.header("ratelimit"), Some(state.as_str()));
    }
}

#[tokio::test]
async fn past_the_limit_the_response_has_the_exact_wait() {
    let server = TestServer::start().await;
    let client = limited(&server, 2).await;
    client.get(&keys_of(MEMBER)).await.ok();
    server.bed.clock.advance_seconds(20);
    client.get(&keys_of(MEMBER)).await.ok();

    let reply = client.get(&keys_of(MEMBER)).await;
    reply.refused(429, "TooManyRequestsError");
    let wait: i64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((40..=41).contains(&wait), "{wait}");
    let details = json!({"limit": 2, "window": 60, "retry_after": wait});
    assert_eq!(reply.json()["error"]["details"], details);
    assert_eq!(reply.header("x-ratelimit-limit"), Some("2"));
    assert_eq!(reply.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(reply.header("ratelimit"), Some(format!("\"key\";r=0;t={wait}").as_str()));

    server.bed.clock.advance_seconds(wait - 1);
    client.get(&keys_of(MEMBER)).await.refused(429, "TooManyRequestsError");
    server.bed.clock.advance_seconds(1);
    client.get(&keys_of(MEMBER)).await.ok();
}

#[tokio::test]
async fn past_the_limit_nothing_else_is_checked() {
    let server = TestServer::start().await;
    let client = limited(&server, 1).await;
    client.get(&keys_of(MEMBER)).await.ok();
    let before = server.state().await;
    client.post_bytes(&keys_of(MEMBER), "{").await.refused(429, "TooManyRequestsError");
    client.post(&keys_of(MEMBER), json!({"name": "ci"})).await.refused(429, "TooManyRequestsError");
    client.delete(&user_at("ghost@acme.example")).await.refused(429, "TooManyRequestsError");
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_rotation_does_not_renew_a_limit() {
    let server = TestServer::start().await;
    let client = limited(&server, 1).await;
    client.get(&keys_of(MEMBER)).await.ok();
    let path = format!("{}/rotate", crate::support::key_at(ADMIN, "limit 1"));
    let secret = server.admin().post_nothing(&path).await.secret();
    server.with_key(Some(&secret)).get(&keys_of(MEMBER)).await.refused(429, "TooManyRequestsError");
}

#[tokio::test]
async fn all_rate_limit_headers_agree() {
    let server = TestServer::start().await;
    let client = limited(&server, 2).await;
    server.bed.clock.advance_millis(250);
    for (pause, status, remaining, wait) in [(0, 200, "1", 61), (900, 200, "0", 60), (900, 429, "0", 59)] {
        server.bed.clock.advance_millis(pause);
        let reply = client.get("/v1/me").await;
        let header = |name: &str| reply.header(name).unwrap_or_default().to_owned();
        assert_eq!((reply.status, header("x-ratelimit-limit").as_str()), (status, "2"));
        assert_eq!(header("x-ratelimit-remaining"), remaining);
        assert_eq!(header("x-ratelimit-window"), "60");
        assert_eq!(header("ratelimit-policy"), "\"key\";q=2;w=60");
        assert_eq!(header("ratelimit"), format!("\"key\";r={remaining};t={wait}"));
        assert_eq!(header("retry-after"), if status == 429 { wait.to_string() } else { String::new() });
        // The reset time is when the last request leaves the window, whether or not the limit was reached.
        let reset: i64 = header("x-ratelimit-reset").parse().unwrap();
        assert!((60..=61).contains(&(reset - server.bed.clock.now().seconds())), "{reset}");
    }
}
