//! The environment of keys, in this group of endpoints and in the other one.

use model::key::KeyPrefix;
use serde_json::{Value, json};
use service::Settings;

use super::{API_KEYS, api_key};
use crate::support::{ADMIN, Client, TestServer, key_at, keys_of};

async fn names(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("{API_KEYS}?{query}")).await.data();
    page["items"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_key_keeps_the_environment_it_was_created_with() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        for (name, given, expected) in [
            ("none", json!({}), "live"),
            ("null", json!({"environment": null}), "live"),
            ("live", json!({"environment": "live"}), "live"),
            ("test", json!({"environment": "test"}), "test"),
            ("long", json!({"environment": "staging9x"}), "staging9x"),
        ] {
            let mut body = given;
            body["name"] = json!(name);
            let mut made = admin.post(API_KEYS, body).await.data();
            assert_eq!(made["environment"], expected, "{name}");
            let path = api_key(&made["id"]);
            let rotated = admin.post_nothing(&format!("{path}/rotate")).await.data();
            assert_eq!(rotated["environment"], expected, "{name}");
            made.as_object_mut().unwrap().remove("key");
            made["keyPrefix"] = rotated["keyPrefix"].clone();
            assert_eq!(admin.get(&path).await.data(), made);
            let before = server.state().await;
            for given in [json!("test"), json!("live"), json!(null), json!(5)] {
                let message = admin.patch(&path, json!({"environment": given})).await.enveloped(400);
                assert_eq!(
                    message,
                    "environment: The environment of a key never changes. Create another key instead."
                );
            }
            assert_eq!(server.state().await, before);
        }
        let audit = server.bed.audit(&server.org.caller).await;
        let of_test = json!({"before": null, "after": "test"});
        let created = audit.iter().find(|event| event.changes.get("environment") == Some(&of_test)).unwrap();
        assert_eq!(created.changes["name"], of_test);
    }
}

#[tokio::test]
async fn an_invalid_environment_is_refused_and_nothing_is_created() {
    let server = TestServer::start().await;
    let before = server.state().await;
    for given in
        ["", "Test", "1st", "pre-prod", "staging10x", "a b", "tést", "{environment}"].map(Value::from)
    {
        let message =
            server.admin().post(API_KEYS, json!({"name": "x", "environment": given})).await.enveloped(400);
        assert!(
            message.starts_with("environment: Use 1 to 9 lower-case letters or digits"),
            "{given}: {message}"
        );
    }
    let message = server.admin().post(API_KEYS, json!({"name": "x", "environment": 5})).await.enveloped(400);
    assert_eq!(message, "environment: Use a string.");
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn the_list_is_filtered_and_sorted_by_environment() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        for (name, environment) in [("a", "test"), ("b", "live"), ("c", "staging"), ("d", "test")] {
            server.bed.clock.advance_seconds(1);
            admin.post(API_KEYS, json!({"name": name, "environment": environment})).await.data();
        }
        assert_eq!(names(&admin, "environment=test").await, ["d", "a"]);
        assert_eq!(names(&admin, "environment=test&sort=name").await, ["a", "d"]);
        assert_eq!(names(&admin, "environment=live").await, ["b", "admin-key"]);
        assert_eq!(names(&admin, "environment=nowhere").await, [] as [&str; 0]);
        let all: Vec<_> = page_by_page(&admin, "sort=environment").await;
        assert_eq!(all, ["live", "live", "staging", "test", "test"]);
        let reversed: Vec<_> = page_by_page(&admin, "sort=-environment").await;
        assert!(reversed.iter().eq(all.iter().rev()), "{reversed:?}");
        for query in
            ["environment=", "environment=TEST", "environment=test&environment=live", "environment=%FF"]
        {
            let message = admin.get(&format!("{API_KEYS}?{query}")).await.enveloped(400);
            assert!(message.starts_with("environment: "), "{query}: {message}");
        }
    }
}

/// The environments of all keys, read one key at a time with cursors.
async fn page_by_page(client: &Client, query: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{API_KEYS}?{query}&limit=1{cursor}")).await.data();
        found.push(page["items"][0]["environment"].as_str().unwrap().to_owned());
        let Some(next) = page.get("nextCursor") else { return found };
        cursor = format!("&cursor={}", next.as_str().unwrap());
    }
}

#[tokio::test]
async fn the_environment_can_be_part_of_the_secret() {
    let key_prefix = KeyPrefix::parse("sk_{environment}_").unwrap();
    let server = TestServer::start_with(Settings { key_prefix, ..Settings::default() }).await;
    let admin = server.admin();
    for environment in ["live", "test", "a", "staging9x"] {
        let body = json!({"name": environment, "environment": environment});
        let made = admin.post(API_KEYS, body).await.data();
        let rotated = admin.post_nothing(&format!("{}/rotate", api_key(&made["id"]))).await.data();
        for shown in [made, rotated] {
            let secret = shown["key"].as_str().unwrap();
            assert!(secret.starts_with(&format!("sk_{environment}_")), "{environment}");
            assert_eq!(shown["keyPrefix"], secret[..10]);
            let list = admin.get(&keys_of(ADMIN)).await.ok();
            let on_the_list =
                list["results"].as_array().unwrap().iter().find(|key| key["key_id"] == shown["id"]);
            assert_eq!(on_the_list.unwrap()["key_prefix"].as_str().unwrap().len(), 13);
        }
    }
    let made = admin.post(&keys_of(ADMIN), json!({"name": "ci"})).await;
    assert!(made.secret().starts_with("sk_live_"));
    assert_eq!(made.ok()["key_prefix"], format!("{}...", &made.secret()[..10]));
    // A part of a key in the wrong header is neither returned nor logged, whatever its environment.
    for (given, is_kept) in [("sk_live_ab", false), ("sk_test_ab", false), ("task_new_ab", true)] {
        let reply = admin.send("GET", API_KEYS, &[("x-request-id", given)], axum::body::Body::empty()).await;
        assert_eq!(reply.header("x-request-id") == Some(given), is_kept, "{given}");
    }
}

#[tokio::test]
async fn endpoints_for_published_clients_neither_accept_nor_return_environment_or_metadata() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let before = server.state().await;
    let members = json!({"environment": "test", "metadata": {"team": "a"}});
    for (member, value) in members.as_object().unwrap() {
        let rules = admin.post(&keys_of(ADMIN), json!({"name": "x", member: value})).await.broken_rules();
        assert_eq!(rules, [format!("body/{member} extra_forbidden")]);
    }
    assert_eq!(server.state().await, before);
    let body = json!({"name": "both", "environment": "test", "metadata": {"team": "a"}});
    admin.post(API_KEYS, body).await.data();
    for (member, value) in members.as_object().unwrap() {
        let rules = admin.patch(&key_at(ADMIN, "both"), json!({member: value})).await.broken_rules();
        assert_eq!(rules, [format!("body/{member} extra_forbidden")]);
    }
    let list = admin.get(&keys_of(ADMIN)).await.ok();
    let renamed = admin.patch(&key_at(ADMIN, "both"), json!({"name": "renamed"})).await.ok();
    let rotated = admin.post_nothing(&format!("{}/rotate", key_at(ADMIN, "renamed"))).await.ok();
    for shown in [&list["results"][0], &renamed, &rotated] {
        assert!(shown.get("environment").is_none() && shown.get("metadata").is_none(), "{shown}");
    }
    let kept = admin.get(&api_key(&renamed["key_id"])).await.data();
    assert_eq!((&kept["environment"], &kept["metadata"]), (&json!("test"), &json!({"team": "a"})));
}
