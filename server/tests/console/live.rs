//! Live requests: what they answer, and what they refuse. `access` and `unauthenticated` try them as every kind of
//! person.

use std::collections::BTreeSet;

use axum::body::Body;
use serde_json::{Value, json};

use crate::support::{MEMBER, Reply, keys_of};
use crate::table::{Form, Row, TABLE};
use crate::unauthenticated::without_request_id;
use crate::users::{CONSOLE, Console, Person};

fn live() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().filter(|row| row.form == Form::Live)
}

/// Asks as the browser does, which names no origin in a `GET` request to the same one.
async fn ask(console: &Console, person: Person, path: &str) -> Reply {
    let headers = [("accept", "application/json"), ("sec-fetch-site", "same-origin")];
    console.send(person, "GET", path, "", &headers).await
}

#[test]
fn every_live_request_has_a_row_and_every_row_has_a_request() {
    let served: BTreeSet<_> = server::live::paths().into();
    let listed: Vec<_> = live().map(|row| row.path.to_owned()).collect();
    assert_eq!(served.len(), listed.len(), "a row stands twice");
    assert_eq!(served, listed.into_iter().collect());
}

#[tokio::test]
async fn live_requests_accept_only_get() {
    let console = Console::start().await;
    let before = console.state().await;
    for row in live() {
        let input = (row.input)(&console, Person::Admin);
        let (_, path, _) = row.request(&input);
        for method in ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"] {
            let reply = console.send(Person::Admin, method, &path, "{}", &[("origin", CONSOLE)]).await;
            assert_eq!((reply.status, reply.header("allow")), (405, Some("GET")), "{method} {path}");
        }
        assert_eq!(ask(&console, Person::Admin, &path).await.status, 200, "{path}");
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn no_cache_and_no_other_site_gets_what_a_live_request_answers() {
    let console = Console::start().await;
    for row in live() {
        let input = (row.input)(&console, Person::Admin);
        let (_, path, _) = row.request(&input);
        let reply = ask(&console, Person::Admin, &path).await;
        for (name, value) in [
            ("content-type", Some("application/json")),
            ("cache-control", Some("no-store")),
            ("cross-origin-resource-policy", Some("same-origin")),
            ("x-content-type-options", Some("nosniff")),
            ("access-control-allow-origin", None),
            ("set-cookie", None),
        ] {
            assert_eq!(reply.header(name), value, "{path}: {name}");
        }
        let cookie = console.cookie(Person::Admin).unwrap();
        let headers = [("host", "evil.example"), ("cookie", cookie.as_str())];
        let elsewhere = console.server.with_key(None).send("GET", &path, &headers, Body::empty()).await;
        assert_eq!(elsewhere.status, 421, "{path}");
    }
}

#[tokio::test]
async fn what_is_no_id_gets_the_same_response_as_an_unknown_id() {
    let console = Console::start().await;
    let before = console.state().await;
    let long = "a".repeat(5000);
    for (path, unknown) in
        [("/console/live/gateways", "gw_doesnotexist"), ("/console/live/keys", "key_doesnotexist")]
    {
        let expected = ask(&console, Person::Admin, &format!("{path}/{unknown}")).await;
        assert_eq!((expected.status, &expected.json()["code"]), (404, &"NotFoundError".into()), "{path}");
        for id in ["nonsense", "%ff", "a%2Fb", "%00", "key_", "sk_live_misplaced", long.as_str()] {
            let reply = ask(&console, Person::Admin, &format!("{path}/{id}")).await;
            assert_eq!(without_request_id(&reply), without_request_id(&expected), "{path}/{id}");
        }
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn a_page_learns_of_the_first_use_of_a_key() {
    let console = Console::start().await;
    let made = console.server.admin().post(&keys_of(MEMBER), json!({"name": "fresh"})).await;
    let secret = made.secret();
    let id = made.json()["key_id"].as_str().unwrap().to_owned();
    let path = format!("/console/live/keys/{id}");
    assert_eq!(ask(&console, Person::Member, &path).await.ok(), Value::Null);
    assert_eq!(ask(&console, Person::Member, "/console/live/keys").await.ok(), Value::Null);

    let verify_request = json!({"key": secret, "ip": "203.0.113.7"});
    console.server.admin().post("/v1/keys/verify", verify_request).await.ok();
    console.server.bed.service.start_background().stop().await;
    let used = ask(&console, Person::Member, &path).await.ok();
    assert_eq!(used["address"], "203.0.113.7");
    let latest = ask(&console, Person::Member, "/console/live/keys").await.ok();
    assert_eq!((&latest["key"]["key_id"], &latest["at"]), (&json!(id), &used["at"]));
    assert_eq!(ask(&console, Person::Viewer, "/console/live/keys").await.ok(), Value::Null);
}

#[tokio::test]
async fn a_page_learns_of_the_requests_of_a_proxy() {
    let console = Console::start().await;
    let id = &console.gateway.gateway_id;
    let path = format!("/console/live/gateways/{id}");
    assert_eq!(ask(&console, Person::Admin, &path).await.ok(), json!({"first": null, "last": null}));
    let headers = [("x-original-method", "GET"), ("x-original-uri", "/")];
    let asked = format!("/auth/{id}/nginx");
    console.server.with_key(None).send("GET", &asked, &headers, Body::empty()).await;
    console.server.bed.service.start_background().stop().await;
    let seen = ask(&console, Person::Admin, &path).await.ok();
    assert_eq!((&seen["first"], &seen["last"]["outcome"]), (&Value::Null, &json!("no_key")));
    let input = json!({"gateway_id": id}).to_string();
    let function =
        console.call(Person::Admin, "/console/api/gateways/seen", &input, "application/json").await;
    assert_eq!(seen, function.ok());
}
