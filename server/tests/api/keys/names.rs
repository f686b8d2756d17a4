//! Key names with a special meaning in a path, a query, a database or a shell. Each key is found at its own address and
//! nowhere else.

use serde_json::json;

use crate::support::{MEMBER, TestServer, key_at, keys_of};

const NAMES: [&str; 34] = [
    "a/b",
    "/",
    "a/rotate",
    "rotate",
    "..a",
    "...",
    "../..",
    "./a",
    "100%",
    "%2F",
    "%252F",
    "%00",
    "a b",
    " padded ",
    "a+b",
    "a&b=c",
    "?x=1",
    "#top",
    "a;b",
    "a\\b",
    "'; DROP TABLE keys; --",
    "' OR '1'='1",
    "100_%",
    "a*b",
    "${HOME}",
    "$(id)",
    "<script>alert(1)</script>",
    "=1+1",
    "ключ",
    "鍵",
    "مفتاح",
    "می\u{200C}خواهم",
    "e\u{301}",
    "👩‍💻 laptop",
];

#[tokio::test]
async fn every_name_is_reached_only_by_its_own_path() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for name in NAMES {
        let made = admin.post(&keys_of(MEMBER), json!({"name": name})).await.ok();
        assert_eq!(made["name"], name);
    }
    for (index, name) in NAMES.into_iter().enumerate() {
        let changed = admin.patch(&key_at(MEMBER, name), json!({"description": name})).await.ok();
        assert_eq!((&changed["name"], &changed["description"]), (&json!(name), &json!(name)));
        let rotated = admin.post_nothing(&format!("{}/rotate", key_at(MEMBER, name))).await.ok();
        assert_eq!(rotated["key_id"], changed["key_id"]);
        admin.delete(&key_at(MEMBER, name)).await.ok();
        admin.delete(&key_at(MEMBER, name)).await.refused(404, "NotFoundError");
        assert_eq!(admin.get(&keys_of(MEMBER)).await.ok()["total"], NAMES.len() - 1 - index, "{name}");
    }
}

#[tokio::test]
async fn two_spellings_of_one_name_are_one_name_at_one_address() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let [composed, decomposed] = ["caf\u{e9}", "cafe\u{301}"];
    let made = admin.post(&keys_of(MEMBER), json!({"name": decomposed})).await.ok();
    assert_eq!(made["name"], decomposed);
    for name in [composed, decomposed] {
        admin.post(&keys_of(MEMBER), json!({"name": name})).await.refused(409, "AlreadyExistsError");
    }
    for name in [composed, decomposed, composed] {
        let changed = admin.patch(&key_at(MEMBER, name), json!({"name": name})).await.ok();
        assert_eq!((&changed["key_id"], &changed["name"]), (&made["key_id"], &json!(name)));
    }
    let rotated = admin.post_nothing(&format!("{}/rotate", key_at(MEMBER, decomposed))).await.ok();
    assert_eq!((&rotated["key_id"], &rotated["name"]), (&made["key_id"], &json!(composed)));
    admin.delete(&key_at(MEMBER, decomposed)).await.ok();
    admin.delete(&key_at(MEMBER, composed)).await.refused(404, "NotFoundError");
    admin.post(&keys_of(MEMBER), json!({"name": composed})).await.ok();
}

#[tokio::test]
async fn misleading_and_unreachable_names_are_refused() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let before = server.state().await;
    for name in [
        ".",
        "..",
        " ",
        "\u{3000}",
        "\t",
        "a\nb",
        "a\u{0}b",
        "a\u{1b}[31mb",
        "a\u{7f}b",
        "a\u{9b}b",
        "a\u{202e}b",
        "a\u{2066}b",
        "a\u{200b}b",
        "a\u{200d}b",
        "a\u{200c}b",
        "می\u{200c}",
        "a\u{ffff}b",
        "a\u{fdd0}b",
        "a\u{1fffe}b",
        "\u{feff}a",
        "a\u{ad}b",
        "a\u{e0041}b",
    ] {
        for reply in [
            admin.post(&keys_of(MEMBER), json!({"name": name})).await,
            admin.patch(&key_at(MEMBER, "ci"), json!({"name": name})).await,
        ] {
            assert_eq!(reply.broken_rules(), ["body/name value_error"], "{name:?}");
        }
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_name_has_at_most_a_hundred_characters_of_any_length_in_bytes() {
    let server = TestServer::start().await;
    let longest = "é".repeat(100);
    server.admin().post(&keys_of(MEMBER), json!({"name": longest})).await.ok();
    server.admin().delete(&key_at(MEMBER, &longest)).await.ok();
    let reply = server.admin().post(&keys_of(MEMBER), json!({"name": "é".repeat(101)})).await;
    assert_eq!(reply.broken_rules(), ["body/name string_too_long"]);
}
