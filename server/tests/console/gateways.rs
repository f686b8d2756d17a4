//! Gateways: what an admin sees, what a form does before any script runs, and the activity of a gateway.

use axum::body::Body;
use serde_json::{Value, json};

use crate::support::{MEMBER, Reply, encode, keys_of};
use crate::users::{CONSOLE, Console, Person};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

async fn ask(console: &Console, person: Person, name: &str, input: &Value) -> Reply {
    console.call(person, &format!("/console/api/{name}"), &input.to_string(), JSON).await
}

/// Posts a form as a browser without scripts does.
async fn post(console: &Console, name: &str, body: &str) -> Reply {
    let headers = [("origin", CONSOLE), ("content-type", FORM), ("accept", "text/html")];
    console.send(Person::Admin, "POST", &format!("/console/api/gateways/{name}"), body, &headers).await
}

/// Asks as nginx does, and lets the background tasks write the gateway's activity.
async fn verify_request(console: &Console, path: &str, key: Option<&str>) -> u16 {
    let shown = key.map(|key| format!("Bearer {key}"));
    let mut headers = vec![("x-original-method", "GET"), ("x-original-uri", path)];
    headers.extend(shown.as_deref().map(|shown| ("authorization", shown)));
    let asked = format!("/auth/{}/nginx", console.gateway.gateway_id);
    let status = console.server.with_key(None).send("GET", &asked, &headers, Body::empty()).await.status;
    console.server.bed.service.start_background().stop().await;
    status
}

async fn seen(console: &Console) -> Value {
    let input = json!({"gateway_id": console.gateway.gateway_id});
    ask(console, Person::Admin, "gateways/seen", &input).await.ok()
}

#[tokio::test]
async fn a_gateway_is_created_changed_and_removed_by_plain_forms() {
    let console = Console::start().await;
    let rows = [
        ("fields[name]", "Files"),
        ("fields[key_header]", "X-Api-Key"),
        ("fields[rules][0][method]", "GET"),
        ("fields[rules][0][path]", "/v1/{bucket}/**"),
        ("fields[rules][0][needs]", "read"),
        ("fields[rules][0][kind]", "bucket"),
        ("fields[rules][0][id]", "{bucket}"),
        ("fields[rules][0][operation]", "read_data"),
        ("fields[rules][1][method]", ""),
        ("fields[rules][1][path]", ""),
        ("fields[rules][1][needs]", "key"),
        ("fields[rules][1][kind]", ""),
        ("fields[rules][1][id]", ""),
        ("fields[rules][1][operation]", ""),
        ("fields[otherwise]", ""),
        ("fields[headers][]", "X-Key-Id"),
        ("fields[headers][]", "X-Key-Owner"),
    ];
    let body: Vec<_> =
        rows.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let made = post(&console, "create", &body.join("&")).await;
    let page = made.header("location").unwrap().to_owned();
    assert!(made.status == 302 && page.starts_with("/gateways/gw_"), "{page}");
    let html = console.open(Person::Admin, &page).await.text();
    for words in [
        "Files",
        "X-Api-Key",
        "/v1/{bucket}/**",
        "A key with read",
        "Passed on to your API",
        "Every other request",
    ] {
        assert!(html.contains(words), "{words}");
    }
    let id = page.rsplit('/').next().unwrap();
    assert!(html.contains(&format!("/auth/{id}/nginx")) && html.contains("Waiting for the first request"));

    let body = format!("gateway_id={id}&fields[name]=Files+2&fields[otherwise]=key&back={}", encode(&page));
    let changed = post(&console, "update", &body).await;
    assert_eq!((changed.status, changed.header("location")), (302, Some(page.as_str())));
    let html = console.open(Person::Admin, &page).await.text();
    assert!(html.contains("Files 2") && html.contains("All requests are treated the same"));
    let ended = post(&console, "remove", &format!("gateway_id={id}")).await;
    assert_eq!((ended.status, ended.header("location")), (302, Some("/gateways")));
    let gone = console.open(Person::Admin, &page).await;
    assert!(gone.status == 404 && gone.text().contains("There is no such gateway"));
}

#[tokio::test]
async fn a_validation_error_of_a_gateway_is_reported_and_nothing_is_changed() {
    let console = Console::start().await;
    let before = console.state().await;
    for (body, place) in [
        ("fields[name]=", json!(["name"])),
        ("fields[name]=x&fields[key_header]=Cookie", json!(["key_header"])),
        ("fields[name]=x&fields[rules][0][path]=v1", json!(["rules", 0, "path"])),
        ("fields[name]=x&fields[rules][0][method]=GET", json!(["rules", 0, "path"])),
        (
            "fields[name]=x&fields[rules][0][path]=/&fields[rules][0][needs]=fly",
            json!(["rules", 0, "permission"]),
        ),
        (
            "fields[name]=x&fields[rules][0][path]=/&fields[rules][0][kind]=bucket",
            json!(["rules", 0, "resource", "id"]),
        ),
        ("fields[name]=x&fields[headers][]=Host", json!(["headers", 0])),
        ("fields[name]=x&fields[otherwise]=maybe", json!(["otherwise"])),
    ] {
        let reply = console.call(Person::Admin, "/console/api/gateways/create", body, FORM).await;
        assert_eq!(
            (reply.status, &reply.json()["fields"][0]["location"]),
            (422, &place),
            "{body}: {}",
            reply.text()
        );
    }
    let taken = format!("fields[name]={}", encode(&console.gateway.name));
    let reply = console.call(Person::Admin, "/console/api/gateways/create", &taken, FORM).await;
    assert_eq!(reply.status, 409, "{}", reply.text());
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn a_change_of_an_outdated_gateway_is_refused() {
    let console = Console::start().await;
    let id = &console.gateway.gateway_id;
    let saw = encode(&console.gateway.updated_at.to_rfc3339());
    console.server.bed.clock.advance_seconds(1);
    let body = |name: &str| format!("gateway_id={id}&fields[name]={name}&saw={saw}");
    console.call(Person::Admin, "/console/api/gateways/update", &body("Theirs"), FORM).await.ok();
    let late = console.call(Person::Admin, "/console/api/gateways/update", &body("Mine"), FORM).await;
    assert_eq!(late.status, 409, "{}", late.text());
    let found = ask(&console, Person::Admin, "gateways/get", &json!({"gateway_id": id})).await.ok();
    assert_eq!(found["gateway"]["name"], "Theirs");
    let events = ask(&console, Person::Admin, "gateways/history", &json!({"gateway_id": id})).await.ok();
    assert_eq!(events.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_unknown_and_a_foreign_gateway_get_the_same_page() {
    let console = Console::start().await;
    let foreign = console.server.foreign().await;
    let theirs = console.server.bed.gateway(foreign, model::gateway::GatewayDraft::default()).await;
    let before = console.state().await;
    for name in ["get", "history", "seen", "update", "remove"] {
        let mut reported = Vec::new();
        for id in [theirs.gateway_id.as_str(), "gw_doesnotexist"] {
            let path = format!("/console/api/gateways/{name}");
            let (body, form) = match name {
                "update" | "remove" => (format!("gateway_id={id}&fields[name]=x"), FORM),
                _ => (json!({"gateway_id": id}).to_string(), JSON),
            };
            let reply = console.call(Person::Admin, &path, &body, form).await;
            let mut body = reply.json();
            body["request_id"].take();
            reported.push((reply.status, body));
        }
        assert_eq!(reported[0].0, 404, "{name}");
        assert_eq!(reported[0], reported[1], "{name}");
    }
    for id in [theirs.gateway_id.as_str(), "gw_doesnotexist", "nonsense"] {
        assert_eq!(console.open(Person::Admin, &format!("/gateways/{id}")).await.status, 404, "{id}");
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn a_person_who_is_not_an_admin_learns_nothing_about_gateways() {
    let console = Console::start().await;
    let page = format!("/gateways/{}", console.gateway.gateway_id);
    for path in ["/gateways", "/gateways?do=create", &page, "/gateways/gw_none"] {
        for person in [Person::Viewer, Person::Member] {
            let reply = console.open(person, path).await;
            let html = reply.text();
            assert_eq!(reply.status, 403, "{path}");
            assert!(html.contains("Only admins see gateways") && !html.contains("Public API"), "{path}");
            assert!(!html.contains("href=\"/gateways\"") && !html.contains("fields[name]"), "{path}");
        }
    }
    let html = console.open(Person::Member, "/connect?for=nginx").await.text();
    assert!(html.contains("Only admins see gateways") && !html.contains("Public API"));
}

#[tokio::test]
async fn dialogs_of_gateways_have_addresses_that_work_without_scripts() {
    let console = Console::start().await;
    let id = &console.gateway.gateway_id;
    for (page, words) in [
        ("/gateways?do=create".to_owned(), "name=\"fields[rules][0][path]\""),
        (format!("/gateways?do=edit&gateway={id}"), "name=\"saw\""),
        (format!("/gateways?do=remove&gateway={id}"), "“Public API” cannot be restored"),
        (format!("/gateways/{id}?do=edit"), "value=\"Public API\""),
        (format!("/gateways/{id}?do=remove"), "“Public API” cannot be restored"),
    ] {
        let html = console.open(Person::Admin, &page).await.text();
        assert!(html.contains(words), "{page}");
    }
}

#[tokio::test]
async fn the_first_request_of_a_proxy_is_recorded_with_key_and_address() {
    let console = Console::start().await;
    assert_eq!(seen(&console).await, json!({"first": null, "last": null}));
    assert_eq!(verify_request(&console, "/", None).await, 401);
    let reported = seen(&console).await;
    assert_eq!((&reported["first"], &reported["last"]["outcome"]), (&Value::Null, &json!("no_key")));

    console.server.bed.clock.advance_seconds(60);
    let made = console.server.admin().post(&keys_of(MEMBER), json!({"name": "caller"})).await;
    assert_eq!(verify_request(&console, "/", Some(&made.secret())).await, 200);
    let reported = seen(&console).await;
    assert_eq!(reported["first"], reported["last"]);
    assert_eq!(
        (&reported["first"]["key"]["name"], &reported["first"]["outcome"]),
        (&json!("caller"), &json!("allowed"))
    );
    assert!(reported["first"]["address"].is_string());

    console.server.bed.clock.advance_seconds(60);
    console.server.admin().delete(&crate::support::key_at(MEMBER, "caller")).await.ok();
    assert_eq!(verify_request(&console, "/", Some(&made.secret())).await, 401);
    let later = seen(&console).await;
    assert_eq!((&later["first"], &later["last"]["outcome"]), (&reported["first"], &json!("invalid_key")));
    let rows = ask(&console, Person::Admin, "gateways/list", &json!({})).await.ok();
    assert_eq!(rows[0]["last_seen_at"], later["last"]["at"]);
    for page in [format!("/gateways/{}", console.gateway.gateway_id), "/connect?for=nginx".to_owned()] {
        let html = console.open(Person::Admin, &page).await.text();
        assert!(html.contains("First request seen at") && html.contains("with key caller"), "{page}");
        assert!(html.contains("not a valid key of this organization"), "{page}");
    }
}

#[tokio::test]
async fn the_latest_use_of_a_key_is_shown_only_to_people_who_see_the_key() {
    let console = Console::start().await;
    let latest = async |person: Person| ask(&console, person, "connect/seen", &json!({})).await.ok();
    assert_eq!(latest(Person::Viewer).await, Value::Null);
    let made = console.server.admin().post(&keys_of(MEMBER), json!({"name": "used"})).await;
    console.server.bed.clock.advance_seconds(60);
    let verify_request = json!({"key": made.secret(), "ip": "203.0.113.7"});
    console.server.admin().post("/v1/keys/verify", verify_request).await.ok();
    console.server.bed.service.start_background().stop().await;
    for person in [Person::Member, Person::Admin] {
        let reported = latest(person).await;
        assert_eq!(
            (&reported["key"]["name"], &reported["address"]),
            (&json!("used"), &json!("203.0.113.7")),
            "{person:?}"
        );
    }
    assert_eq!(latest(Person::Viewer).await, Value::Null);
    let html = console.open(Person::Member, "/connect").await.text();
    assert!(html.contains("with key used, from address 203.0.113.7"));
}

#[tokio::test]
async fn snippets_match_the_address_of_the_page() {
    let console = Console::start().await;
    for (path, words) in [
        ("/connect", "/v1/keys/verify"),
        ("/connect?for=javascript", "await fetch("),
        ("/connect?for=python", "urllib.request"),
        ("/connect?for=go", "package keys"),
        ("/connect?for=traefik&upstream=http%3A%2F%2F10.1.2.3%3A99", "10.1.2.3:99"),
        ("/connect?for=caddy", "forward_auth"),
    ] {
        let html = console.open(Person::Admin, path).await.text();
        assert!(html.contains(words), "{path}");
    }
    let id = &console.gateway.gateway_id;
    console.call(Person::Admin, "/console/api/gateways/remove", &format!("gateway_id={id}"), FORM).await.ok();
    let html = console.open(Person::Admin, "/connect?for=envoy").await.text();
    assert!(html.contains("A proxy needs a gateway") && html.contains("href=\"/gateways?do=create\""));
}
