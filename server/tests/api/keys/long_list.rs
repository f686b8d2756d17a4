//! Tests that the list of a user with thousands of keys is sent part by part, in the same form as a short one.

use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::support::{ADMIN, Client, MEMBER, TestServer, key_at, keys_of};

/// Creates a key of the member, and this many copies of it.
async fn add_keys(server: &TestServer, copies: u32) {
    server.admin().post(&keys_of(MEMBER), json!({"name": "first"})).await.ok();
    let keys = server.bed.keys_of(&server.org, &server.member).await;
    server.bed.copies(&keys[0], copies).await;
}

async fn next_part(body: &mut Body) -> Option<Result<Vec<u8>, axum::Error>> {
    let frame = body.frame().await?;
    Some(frame.map(|frame| frame.into_data().unwrap().to_vec()))
}

/// Reads the whole list page by page. Returns the JSON text of all its keys.
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

async fn check_parts(server: TestServer) {
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
    // Each key is listed once, and the newest comes first.
    let list: Value = serde_json::from_slice(&text).unwrap();
    let keys = list["results"].as_array().unwrap();
    let order: Vec<_> = keys
        .iter()
        .map(|key| (key["created_at"].as_str().unwrap(), key["key_id"].as_str().unwrap()))
        .collect();
    assert!(order.is_sorted_by(|one, next| one > next));
}

#[tokio::test]
async fn a_list_of_thousands_of_keys_is_sent_in_parts_of_a_hundred() {
    check_parts(TestServer::start().await).await;
}

#[tokio::test]
async fn a_list_of_thousands_of_keys_is_sent_in_parts_of_a_hundred_on_postgres() {
    check_parts(TestServer::start_on_postgres().await).await;
}

/// More clients than the server has database connections begin to read a list, and stop.
async fn check_stalled_clients(server: TestServer) {
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
    // A list that has begun does not show the new key, which would come before its first key.
    let mut rest = Vec::new();
    while let Some(part) = next_part(&mut stalled[0]).await {
        rest.extend(part.unwrap());
    }
    assert!(rest.ends_with(b"],\"total\":301}"));
}

#[tokio::test]
async fn clients_that_stop_reading_hold_no_database_connection() {
    check_stalled_clients(TestServer::start().await).await;
}

#[tokio::test]
async fn clients_that_stop_reading_hold_no_database_connection_on_postgres() {
    check_stalled_clients(TestServer::start_on_postgres().await).await;
}

#[tokio::test]
async fn a_list_is_cut_off_if_the_callers_key_ends_and_is_no_valid_json() {
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
async fn a_list_continues_while_keys_change() {
    let server = TestServer::start().await;
    add_keys(&server, 250).await;
    let admin = server.admin();
    let mut body = admin.open(&keys_of(MEMBER)).await.into_body();
    let mut text = next_part(&mut body).await.unwrap().unwrap();
    let first = String::from_utf8(text.clone()).unwrap();
    // The copies were created at the same time, so their ids decide the order. The last copy comes first.
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
async fn a_scoped_key_finds_its_key_at_the_end_of_a_long_list() {
    let server = TestServer::start().await;
    add_keys(&server, 2500).await;
    let scope = json!({"resource_type": "api_key", "resource_id": "copy 0"});
    let client = server.with_scoped_key(ADMIN, "scoped", scope).await;
    let list = client.get(&keys_of(MEMBER)).await.ok();
    assert_eq!((&list["results"][0]["name"], &list["total"]), (&json!("copy 0"), &json!(1)));
    let page = client.get(&format!("{}?limit=10", keys_of(MEMBER))).await.ok();
    assert_eq!(page["total"], 0);
    let mut cursor = page["next_cursor"].as_str().map(str::to_owned);
    let mut names = Vec::new();
    while let Some(place) = cursor {
        let page = client.get(&format!("{}?limit=10&cursor={place}", keys_of(MEMBER))).await.ok();
        names.extend(page["results"].as_array().unwrap().iter().map(|key| key["name"].clone()));
        cursor = page["next_cursor"].as_str().map(str::to_owned);
    }
    assert_eq!(names, ["copy 0"]);
}

#[tokio::test]
async fn a_list_can_be_read_in_pages() {
    let server = TestServer::start().await;
    add_keys(&server, 6).await;
    let client = server.admin();
    let all = client.get(&keys_of(MEMBER)).await.text();
    for limit in [1, 2, 3, 7, 1000] {
        assert_eq!(format!("{{\"results\":[{}],\"total\":7}}", paged(&client, limit).await), all, "{limit}");
    }
    // With a cursor and no limit, the response is the whole rest of the list.
    let first = client.get(&format!("{}?limit=2", keys_of(MEMBER))).await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = client.get(&format!("{}?cursor={cursor}", keys_of(MEMBER))).await.ok();
    assert_eq!(rest.as_object().unwrap().keys().collect::<Vec<_>>(), ["results", "total"]);
    assert_eq!(rest["total"], 5);
    // A cursor gives no right to see the keys of its list.
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
async fn an_invalid_limit_or_cursor_is_refused() {
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
async fn a_head_request_for_a_long_list_gets_its_headers() {
    let server = TestServer::start().await;
    add_keys(&server, 300).await;
    let reply = server.admin().send("HEAD", &keys_of(MEMBER), &[], Body::empty()).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
}
