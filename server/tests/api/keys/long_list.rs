//! The list of a user with thousands of keys: it is sent part by part, and in the same form as a short one.

use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::support::{ADMIN, Client, MEMBER, TestServer, key_at, keys_of};

/// Adds a key and this many copies of it to the member's keys.
async fn add_keys(server: &TestServer, copies: u32) {
    server.admin().post(&keys_of(MEMBER), json!({"name": "first"})).await.ok();
    let keys = server.bed.keys_of(&server.org, &server.member).await;
    server.bed.copies(&keys[0], copies).await;
}

async fn next_part(body: &mut Body) -> Option<Result<Vec<u8>, axum::Error>> {
    let frame = body.frame().await?;
    Some(frame.map(|frame| frame.into_data().unwrap().to_vec()))
}

/// Reads the same list page by page. Returns the text between the brackets.
async fn paged(client: &Client, limit: u32) -> String {
    let (mut parts, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let place = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = client.get(&format!("{}?limit={limit}{place}", keys_of(MEMBER))).await;
        let list = page.ok();
        let number = list["results"].as_array().unwrap().len();
        assert_eq!(list["total"], number);
        let end = format!("],\"total\":{number},\"next_cursor\":{}}}", list["next_cursor"]);
        let text = page.text();
        let keys = text.strip_prefix("{\"results\":[").unwrap().strip_suffix(&end).unwrap();
        parts.push(keys.to_owned());
        cursor = list["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            assert_eq!(list["next_cursor"], Value::Null);
            return parts.join(",");
        }
        assert_eq!(number, limit as usize);
    }
}

async fn is_sent_in_parts(server: TestServer) {
    add_keys(&server, 4999).await;
    let client = server.admin();
    let response = client.open(&keys_of(MEMBER)).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let (mut body, mut text, mut parts) = (response.into_body(), Vec::new(), 0);
    while let Some(part) = next_part(&mut body).await {
        let part = part.unwrap();
        assert!(part.len() <= 100 * 1024, "{}", part.len());
        assert!(String::from_utf8_lossy(&part).matches("\"key_id\":").count() <= 100);
        text.extend(part);
        parts += 1;
    }
    assert_eq!(parts, 50);
    let expected = format!("{{\"results\":[{}],\"total\":5000}}", paged(&client, 1000).await);
    assert!(text == expected.as_bytes());
    // Every key once, the newest first.
    let list: Value = serde_json::from_slice(&text).unwrap();
    let keys = list["results"].as_array().unwrap();
    let order: Vec<_> = keys
        .iter()
        .map(|key| (key["created_at"].as_str().unwrap(), key["key_id"].as_str().unwrap()))
        .collect();
    assert!(order.is_sorted_by(|one, next| one > next));
}

#[tokio::test]
async fn a_list_of_thousands_is_sent_in_parts_of_a_hundred() {
    is_sent_in_parts(TestServer::start().await).await;
}

#[tokio::test]
async fn a_list_of_thousands_is_sent_in_parts_of_a_hundred_on_postgres() {
    is_sent_in_parts(TestServer::start_on_postgres().await).await;
}

/// More clients than the server has connections to its database begin a list and stop reading.
async fn are_held_up_by_nobody(server: TestServer) {
    add_keys(&server, 300).await;
    let client = server.admin();
    let mut stalled = Vec::new();
    for _ in 0..40 {
        let mut body = client.open(&keys_of(MEMBER)).await.into_body();
        for _ in 0..2 {
            next_part(&mut body).await.unwrap().unwrap();
        }
        stalled.push(body);
    }
    client.post(&keys_of(MEMBER), json!({"name": "another"})).await.ok();
    assert_eq!(client.get(&keys_of(MEMBER)).await.ok()["total"], 302);
    // A list that goes on shows what it began with: the new key would come before its first one.
    let mut rest = Vec::new();
    while let Some(part) = next_part(&mut stalled[0]).await {
        rest.extend(part.unwrap());
    }
    assert!(rest.ends_with(b"],\"total\":301}"));
}

#[tokio::test]
async fn clients_that_stop_reading_hold_nothing_of_the_database() {
    are_held_up_by_nobody(TestServer::start().await).await;
}

#[tokio::test]
async fn clients_that_stop_reading_hold_nothing_of_the_database_on_postgres() {
    are_held_up_by_nobody(TestServer::start_on_postgres().await).await;
}

#[tokio::test]
async fn a_list_that_cannot_go_on_is_cut_off_and_is_no_json() {
    let server = TestServer::start().await;
    add_keys(&server, 300).await;
    let made =
        server.admin().post(&keys_of(ADMIN), json!({"name": "reader", "permissions": ["admin"]})).await;
    let reader = server.with_key(Some(&made.secret()));
    let mut body = reader.open(&keys_of(MEMBER)).await.into_body();
    let mut text = next_part(&mut body).await.unwrap().unwrap();
    text.extend(next_part(&mut body).await.unwrap().unwrap());
    server.admin().delete(&key_at(ADMIN, "reader")).await.ok();
    assert!(next_part(&mut body).await.unwrap().is_err());
    assert!(next_part(&mut body).await.is_none());
    assert!(serde_json::from_slice::<Value>(&text).is_err());
}

#[tokio::test]
async fn a_list_goes_on_through_changes() {
    let server = TestServer::start().await;
    add_keys(&server, 250).await;
    let admin = server.admin();
    let mut body = admin.open(&keys_of(MEMBER)).await.into_body();
    let mut text = next_part(&mut body).await.unwrap().unwrap();
    let first = String::from_utf8(text.clone()).unwrap();
    // The keys were created together, so their ids decide: the last copy comes first.
    for name in ["copy 249", "copy 10", "copy 11"] {
        assert_eq!(first.contains(&format!("\"name\":\"{name}\"")), name == "copy 249");
        admin.delete(&key_at(MEMBER, name)).await.ok();
    }
    while let Some(part) = next_part(&mut body).await {
        text.extend(part.unwrap());
    }
    let list: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!((list["results"].as_array().unwrap().len(), &list["total"]), (249, &json!(249)));
    assert_eq!(admin.get(&keys_of(MEMBER)).await.ok()["total"], 248);
}

#[tokio::test]
async fn a_list_is_read_in_pages_if_asked_for() {
    let server = TestServer::start().await;
    add_keys(&server, 6).await;
    let client = server.admin();
    let all = client.get(&keys_of(MEMBER)).await.text();
    for limit in [1, 2, 3, 7, 1000] {
        assert_eq!(format!("{{\"results\":[{}],\"total\":7}}", paged(&client, limit).await), all, "{limit}");
    }
    // A cursor without a limit leads to the rest of the list, in the form of a whole list.
    let first = client.get(&format!("{}?limit=2", keys_of(MEMBER))).await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = client.get(&format!("{}?cursor={cursor}", keys_of(MEMBER))).await.ok();
    assert_eq!(rest.as_object().unwrap().keys().collect::<Vec<_>>(), ["results", "total"]);
    assert_eq!(rest["total"], 5);
    // A cursor is a place, and not a right to see what is there.
    let empty = client.get(&format!("{}?limit=2&cursor={cursor}", keys_of(ADMIN))).await.ok();
    assert!(
        empty["results"]
            .as_array()
            .unwrap()
            .iter()
            .all(|key| key["user_id"] == json!(server.org.admin.user_id))
    );
}

#[tokio::test]
async fn a_bad_limit_or_cursor_is_refused() {
    let server = TestServer::start().await;
    for (query, rule) in [
        ("limit=0", "query/limit greater_than_equal"),
        ("limit=1001", "query/limit less_than_equal"),
        ("limit=", "query/limit int_type"),
        ("limit=2.0", "query/limit int_from_float"),
        ("limit=1&limit=1", "query/limit value_error"),
        ("cursor=", "query/cursor value_error"),
        ("cursor=x", "query/cursor value_error"),
        ("cursor=createdAt.key_a1.313735", "query/cursor value_error"),
        ("cursor=-name.key_a1.61", "query/cursor value_error"),
        ("cursor=-createdAt.usr_a1.31", "query/cursor value_error"),
    ] {
        let reply = server.admin().get(&format!("{}?{query}", keys_of(MEMBER))).await;
        assert_eq!(reply.broken_rules(), [rule], "{query}");
    }
}

#[tokio::test]
async fn a_head_request_gets_the_headers_of_a_long_list() {
    let server = TestServer::start().await;
    add_keys(&server, 300).await;
    let reply = server.admin().send("HEAD", &keys_of(MEMBER), &[], Body::empty()).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
}
