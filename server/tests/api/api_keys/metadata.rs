//! The metadata of keys. The tests of service accounts have their own.

use axum::body::Body;
use serde_json::{Map, Value, json};

use super::{API_KEYS, api_key};
use crate::support::{Client, MEMBER, TestServer};

async fn names(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("{API_KEYS}?sort=name&{query}")).await.data();
    page["items"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn metadata_is_given_back_as_it_was_sent() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let metadata = json!({
            "team": "search", "none": null, "ключ": "значение\n\u{0}", "size": 2, "big": 1e300, "on": true,
            "list": [1, null, {"b": "c"}], "object": {"a": {}},
        });
        let mut made = admin.post(API_KEYS, json!({"name": "ci", "metadata": metadata})).await.data();
        let path = api_key(&made["id"]);
        assert_eq!(made["metadata"], metadata);
        let rotated = admin.post_nothing(&format!("{path}/rotate")).await.data();
        assert_eq!(rotated["metadata"], metadata);
        made.as_object_mut().unwrap().remove("key");
        made["keyPrefix"] = rotated["keyPrefix"].clone();
        assert_eq!(admin.get(&path).await.data(), made);
        let list = admin.get(&format!("{API_KEYS}?name=ci")).await.data();
        assert_eq!(list["items"], json!([made]));
        for (name, empty) in
            [("none", json!({})), ("null", json!({"metadata": null})), ("{}", json!({"metadata": {}}))]
        {
            let mut body = empty;
            body["name"] = json!(name);
            assert_eq!(admin.post(API_KEYS, body).await.data().get("metadata"), None);
        }
    }
}

/// Metadata with this number of lists and objects inside each other.
fn nested(depth: usize) -> Value {
    let around = |inner: Value, number: usize| {
        if (depth - number).is_multiple_of(2) { json!([inner]) } else { json!({ "a": inner }) }
    };
    (1..depth).fold(json!({}), around)
}

/// Readers of JSON stop at a depth of 128. Everything that contains the metadata has to stay below it.
#[tokio::test]
async fn the_deepest_metadata_can_be_read_wherever_it_is_contained() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let body = json!({"name": "ci", "metadata": nested(32)});
        let create =
            || admin.send("POST", API_KEYS, &[("idempotency-key", "deep")], Body::from(body.to_string()));
        let made = create().await.data();
        assert_eq!(create().await.data(), made, "the stored answer");
        assert_eq!(admin.get(&api_key(&made["id"])).await.data()["metadata"], nested(32));
        let audit = server.bed.audit(&server.org.caller).await;
        assert_eq!(audit[0].changes["metadata"]["after"], nested(32));
        for path in ["/v1/organizations", &format!("/v1/organizations/users/{MEMBER}")] {
            let refused = admin.patch(path, json!({"metadata": nested(33)})).await;
            assert_eq!(refused.broken_rules(), ["body/metadata value_error"], "{path}");
        }
    }
}

#[tokio::test]
async fn a_change_replaces_all_metadata() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci", "metadata": {"a": 1, "b": 2}})).await.data();
    let path = api_key(&made["id"]);
    for (body, expected) in [
        (json!({"name": "deploy"}), json!({"a": 1, "b": 2})),
        (json!({"metadata": {"b": 2, "a": 1}}), json!({"a": 1, "b": 2})),
        (json!({"metadata": {"b": 3}}), json!({"b": 3})),
        (json!({"metadata": {}}), json!(null)),
        (json!({"metadata": {"c": "x"}}), json!({"c": "x"})),
        (json!({"metadata": null}), json!(null)),
    ] {
        server.bed.clock.advance_seconds(1);
        let changed = admin.patch(&path, body.clone()).await.data();
        assert_eq!(changed["metadata"], expected, "{body}");
        assert_eq!(admin.get(&path).await.data(), changed);
    }
    let history = server.history(&made["id"]).await;
    assert_eq!(
        history,
        [vec!["api_key_updated"; 5], vec!["api_key_created"]].concat(),
        "one of six changed nothing"
    );
    let audit = server.bed.audit(&server.org.caller).await;
    assert_eq!(audit[0].changes["metadata"], json!({"before": {"c": "x"}, "after": {}}));
}

#[tokio::test]
async fn invalid_metadata_is_refused_and_nothing_is_changed() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci", "metadata": {"a": 1}})).await.data();
    let secret = made["key"].as_str().unwrap().to_owned();
    let before = server.state().await;
    let many: Map<String, Value> = (0..51).map(|n| (n.to_string(), json!(n))).collect();
    for (metadata, message) in [
        (json!("x"), "metadata: Use an object."),
        (json!([]), "metadata: Use an object."),
        (many.into(), "metadata: Use at most 50 members."),
        (json!({"a": "x".repeat(4089)}), "metadata: Use at most 4096 bytes of JSON; this has 4097."),
        (json!({"": 1}), "metadata: "),
        (nested(33), "metadata: Nest at most 32 lists and objects in each other."),
        (json!({"x".repeat(101): 1}), "metadata: "),
        (json!({"a\u{202E}": 1}), "metadata: "),
        (json!({"a": [{"b": format!("key: {secret}")}]}), "metadata: This contains the secret of a key"),
        (json!({"a": {secret.clone(): 1}}), "metadata: This contains the secret of a key"),
    ] {
        let body = json!({"name": "x", "metadata": metadata});
        for reply in
            [admin.post(API_KEYS, body.clone()).await, admin.patch(&api_key(&made["id"]), body).await]
        {
            let answered = reply.enveloped(400);
            assert!(answered.starts_with(message) && !answered.contains(&secret), "{message}: {answered}");
        }
    }
    admin.post_bytes(API_KEYS, r#"{"name": "x", "metadata": {"a": 1, "a": 2}}"#).await.enveloped(400);
    assert_eq!(server.state().await, before);
    admin.post(API_KEYS, json!({"name": "most", "metadata": {"a": "x".repeat(4088)}})).await.data();
}

#[tokio::test]
async fn keys_are_found_by_their_metadata() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        for (name, metadata) in [
            ("a", json!({"team": "search", "size": 2, "on": true})),
            ("b", json!({"team": "search", "size": "2", "a.b": "x y"})),
            ("c", json!({"team": "Search", "none": null, "list": ["search"]})),
            ("d", json!({"note": "team=search", "long": "é".repeat(2000)})),
            ("e", json!({})),
        ] {
            admin.post(API_KEYS, json!({"name": name, "metadata": metadata})).await.data();
        }
        let long = format!("metadata.long={}", "%C3%A9".repeat(2000));
        for (query, expected) in [
            ("metadata.team=search", &["a", "b"][..]),
            ("metadata.team=Search", &["c"]),
            ("metadata.team=sear", &[]),
            ("metadata.size=2", &["a", "b"]),
            ("metadata.on=true", &["a"]),
            ("metadata.a.b=x+y", &["b"]),
            ("metadata.a%2Eb=x%20y", &["b"]),
            ("metadata.none=null", &[]),
            ("metadata.none=", &[]),
            ("metadata.list=search", &[]),
            ("metadata.team=search&metadata.size=2&metadata.on=true", &["a"]),
            ("metadata.team=search&metadata.on=false", &[]),
            ("metadata.team=search&environment=test", &[]),
            ("metadata.team=search&name=b", &["b"]),
            ("metadata.unknown=1", &[]),
            (&long, &["d"]),
            ("search=team", &[]),
            ("metadata=search", &["a", "admin-key", "b", "c", "d", "e"]),
        ] {
            assert_eq!(names(&admin, query).await, expected, "{query}");
        }
        let first = admin.get(&format!("{API_KEYS}?sort=name&limit=1&metadata.team=search")).await.data();
        let cursor = first["nextCursor"].as_str().unwrap();
        assert_eq!(names(&admin, &format!("metadata.team=search&cursor={cursor}")).await, ["b"]);
    }
}

#[tokio::test]
async fn a_key_is_found_by_its_present_metadata_only() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(API_KEYS, json!({"name": "ci", "metadata": {"team": "a"}})).await.data();
    admin.patch(&api_key(&made["id"]), json!({"metadata": {"team": "b"}})).await.data();
    assert_eq!(names(&admin, "metadata.team=a").await, [] as [&str; 0]);
    assert_eq!(names(&admin, "metadata.team=b").await, ["ci"]);
    admin.patch(&api_key(&made["id"]), json!({"metadata": null})).await.data();
    assert_eq!(names(&admin, "metadata.team=b").await, [] as [&str; 0]);
}

#[tokio::test]
async fn an_invalid_condition_on_metadata_is_refused() {
    let server = TestServer::start().await;
    let long = format!("metadata.{}=1", "x".repeat(101));
    for (query, message) in [
        ("metadata.=1", "metadata: Give the name of a member after the dot, as in metadata.team=search."),
        ("metadata.a=1&metadata.a=1", "metadata: Give each member of metadata only once."),
        ("metadata.a=1&metadata.%61=2", "metadata: Give each member of metadata only once."),
        (
            "metadata.a=1&metadata.b=1&metadata.c=1&metadata.d=1",
            "metadata: Give at most 3 members of metadata at once.",
        ),
        ("metadata.a=%FF", "metadata: Use UTF-8, percent-encoded."),
        ("metadata.%FF=1", "metadata: Use UTF-8, percent-encoded."),
        (&long, "metadata: "),
    ] {
        let answered = server.admin().get(&format!("{API_KEYS}?{query}")).await.enveloped(400);
        assert!(answered.starts_with(message), "{query}: {answered}");
    }
}
