//! Creates, uses and ends keys, and then searches every place for their secrets.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use model::key::{KeyPrefix, PlainKey};
use reqwest::Method;
use serde_json::{Value, json};

use crate::binary::{ADMIN, Rest, TestFolder};
use crate::browser::{Recorder, Taken};
use crate::forms::{Needle, Search};
use crate::leaked_secret;

const PASSWORD: &str = "correct-horse-battery-staple";
const OPERATOR_TOKEN: &str = "0pEraT0rs-own-token-0123456789abcdef";
const ARGUMENTS: [&str; 6] =
    ["--log", "trace", "--rate-limit-default", "2000000000", "--operator-token-file", "operator-token"];

fn secret_of(created: &Taken, pointer: &str) -> String {
    assert_eq!(created.status, 200, "{}", created.text);
    let body: Value = serde_json::from_str(&created.text).unwrap();
    body.pointer(pointer).unwrap().as_str().unwrap().to_owned()
}

/// Creates and ends keys over REST and in the console. Returns every secret that an answer contained.
async fn use_keys(client: &mut Recorder, admin: &str) -> Vec<Needle> {
    let keys = Rest::keys();
    let mut handed_out = Vec::new();
    for name in ["kept", "rotated", "in grace", "revoked"] {
        let created = client.call(Method::POST, &keys, admin, Some(json!({ "name": name }))).await;
        let secret = secret_of(&created, "/key");
        // Each secret is used, so that its use is recorded too.
        client.call(Method::GET, &keys, &secret, None).await;
        handed_out.push(Needle::new(&format!("the secret of {name}"), &secret));
    }
    for (name, body) in [("rotated", json!({})), ("in%20grace", json!({ "grace_period_seconds": 3600 }))] {
        let rotated = client.call(Method::POST, &format!("{keys}/{name}/rotate"), admin, Some(body)).await;
        handed_out.push(Needle::new(&format!("the new secret of {name}"), &secret_of(&rotated, "/key")));
    }
    client.call(Method::DELETE, &format!("{keys}/revoked"), admin, None).await;
    for needle in &handed_out {
        client.call(Method::GET, &keys, &needle.secret, None).await;
    }

    let created =
        client.function("keys/create", json!({ "owner": null, "draft": { "name": "by hand" } })).await;
    handed_out.push(Needle::new("the secret made in the console", &secret_of(&created, "/secret")));
    let key_id = secret_of(&created, "/key/key_id");
    let rotated = client.function("keys/rotate", json!({ "key_id": key_id, "draft": {} })).await;
    handed_out.push(Needle::new("the secret rotated in the console", &secret_of(&rotated, "/secret")));
    read_everything(client, admin, &key_id).await;
    handed_out
}

/// Reads everything that shows keys, members, sessions or history.
async fn read_everything(client: &mut Recorder, admin: &str, key_id: &str) {
    let key_page = format!("/keys/{key_id}");
    for page in ["/keys", "/keys?view=revoked", &key_page, "/members", "/settings", "/account", "/login"] {
        let page = client.open(page).await;
        assert_eq!(page.status, 200, "{}", page.text);
    }
    for path in ["", "/users", "/users?limit=1000", "/audit/logs?limit=1000"] {
        client.call(Method::GET, &format!("/v1/organizations{path}"), admin, None).await;
    }
    client.call(Method::GET, &format!("{}?include_revoked=true", Rest::keys()), admin, None).await;
    for (name, body) in [
        ("keys/get", json!({ "key_id": key_id })),
        ("keys/history", json!({ "key_id": key_id })),
        ("session/me", json!({})),
        ("session/list", json!({})),
        ("keys/owners", json!({ "search": "ada" })),
    ] {
        client.function(name, body).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_appears_only_in_the_response_that_returns_it() {
    let place = TestFolder::new();
    std::fs::write(place.path("password"), PASSWORD).unwrap();
    std::fs::write(place.path("operator-token"), OPERATOR_TOKEN).unwrap();
    std::fs::set_permissions(place.path("operator-token"), Permissions::from_mode(0o600)).unwrap();
    let made = place.bootstrap(&["--password-file", "password"]);
    let admin = made["admin_key"].as_str().unwrap();
    let mut server = place.start(&ARGUMENTS);
    let mut client = Recorder::new(&server);
    let token = client.sign_in(ADMIN, PASSWORD).await;

    let handed_out = use_keys(&mut client, admin).await;
    // A valid secret, a well-formed secret that does not exist, and a secret with a wrong checksum.
    let unknown = PlainKey::from_random(&KeyPrefix::default(), "7rQ2mZx9LkT4vBn8Hs3Wd6Yc1Jf5Gp0A");
    let mut misspelled = handed_out[0].secret.clone();
    misspelled.replace_range(20..24, "0000");
    for secret in [&handed_out[0].secret, unknown.reveal()] {
        leaked_secret::everywhere(&mut client, admin, OPERATOR_TOKEN, secret).await;
    }
    client.call(Method::GET, &Rest::keys(), &misspelled, None).await;
    let never_shown = vec![
        Needle::new("the admin key", admin),
        Needle::new("a key that was never made", unknown.reveal()),
        Needle::new("a misspelled key", &misspelled),
        Needle::new("the password", PASSWORD),
        Needle::new("the session", &token),
        Needle::new("the operator's token", OPERATOR_TOKEN),
    ];

    client.assert_shown(&handed_out, 1);
    client.assert_shown(&never_shown, 0);
    // Last uses are written once a second.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let is_logged = |text: &str| place.log().contains(text);
    assert!(
        is_logged("answered") && place.path("data/keystead.db-wal").exists(),
        "there is something to search"
    );
    for needles in [&handed_out, &never_shown] {
        let search = Search::new(needles);
        search.assert_not_in_folder(&place.data_dir());
        search.assert_not_in("the log", place.log().as_bytes());
    }

    server.terminate();
    assert!(server.ended_within(Duration::from_secs(10)).await.unwrap().success());
    for needles in [&handed_out, &never_shown] {
        let search = Search::new(needles);
        search.assert_not_in_folder(&place.data_dir());
        search.assert_not_in("the log", place.log().as_bytes());
    }
}
