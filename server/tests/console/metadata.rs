//! Environments and metadata in the console, before any script runs.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

use serde_json::{Value, json};

use crate::support::{Reply, encode};
use crate::users::{CONSOLE, Console, Person};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

async fn create_key(console: &Console, draft: Value) -> String {
    let body = json!({"owner": null, "draft": draft}).to_string();
    let made = console.call(Person::Admin, "/console/api/keys/create", &body, JSON).await.ok();
    made["key"]["key_id"].as_str().unwrap().to_owned()
}

/// Posts a form for a service account as a browser without scripts does.
async fn post(console: &Console, name: &str, body: &str) -> Reply {
    let headers = [("origin", CONSOLE), ("content-type", FORM), ("accept", "text/html")];
    let path = format!("/console/api/service_accounts/{name}");
    console.send(Person::Admin, "POST", &path, body, &headers).await
}

/// The rows of metadata as a form sends them: name, value, and the stored JSON.
fn rows(rows: &[(&str, &str, &str)]) -> String {
    let parts = rows.iter().enumerate().map(|(index, (name, value, json))| {
        [("name", name), ("value", value), ("json", json)]
            .map(|(part, text)| format!("&metadata%5B{index}%5D%5B{part}%5D={}", encode(text)))
            .concat()
    });
    parts.collect()
}

/// What a page says, without its markup.
fn text_of(html: &str) -> String {
    html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}

#[tokio::test]
async fn a_key_shows_its_environment_and_its_metadata() {
    let console = Console::start().await;
    let draft =
        json!({"name": "checkout", "environment": "test", "metadata": {"team": "payments", "size": 5}});
    let id = create_key(&console, draft).await;
    create_key(&console, json!({"name": "in production"})).await;
    let html = console.open(Person::Admin, &format!("/keys/{id}")).await.text();
    for words in ["Environment: test", "Metadata", "team", "payments"] {
        assert!(text_of(&html).contains(words), "{words}");
    }
    for path in [
        "/keys?environment=test",
        "/keys?metadata.team=payments",
        "/keys?metadata_name=size&metadata_value=5",
        // Control characters are left out.
        "/keys?metadata.team=pay%00ments",
        "/keys?environment=test&metadata.team=payments&metadata.size=5&sort=environment",
    ] {
        let html = console.open(Person::Admin, path).await.text();
        assert!(html.contains("checkout") && !html.contains("in production"), "{path}");
    }
    for path in ["/keys?environment=staging", "/keys?metadata.team=other"] {
        let reply = console.open(Person::Admin, path).await;
        assert!(reply.status == 200 && reply.text().contains("Nothing matches"), "{path}");
    }
    // A condition without a value is none.
    let html = console.open(Person::Admin, "/keys?metadata.team=%00").await.text();
    assert!(html.contains("checkout") && html.contains("in production"));
}

#[tokio::test]
async fn a_list_with_too_many_filters_is_refused() {
    let console = Console::start().await;
    let mut query = json!(model::key::KeyQuery::default());
    for (count, status) in [(3, 200), (4, 422), (2000, 422)] {
        query["filter"]["metadata"] =
            (0..count).map(|number| json!({"name": format!("m{number}"), "value": "x"})).collect();
        let body = json!({"query": query}).to_string();
        let reply = console.call(Person::Admin, "/console/api/keys/page", &body, JSON).await;
        assert_eq!(reply.status, status, "{count}");
    }
}

#[tokio::test]
async fn an_invalid_environment_creates_no_key() {
    let console = Console::start().await;
    let before = console.state().await;
    let draft = json!({"name": "x", "environment": "Test", "metadata": {"": 1}});
    let body = json!({"owner": null, "draft": draft}).to_string();
    let reply = console.call(Person::Admin, "/console/api/keys/create", &body, JSON).await;
    let fields: Vec<_> =
        reply.json()["fields"].as_array().unwrap().iter().map(|field| field["location"][0].clone()).collect();
    assert_eq!((reply.status, fields), (422, vec![json!("environment"), json!("metadata")]));
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn the_metadata_of_a_service_account_is_edited_by_a_plain_form() {
    let console = Console::start().await;
    let fields = "name=Backup&description=&other=";
    let made =
        post(&console, "create", &format!("{fields}{}", rows(&[("", "", ""), ("team", "a", "")]))).await;
    let page = made.header("location").unwrap().to_owned();
    let id = page.rsplit('/').next().unwrap().to_owned();
    let metadata = async || {
        let body = json!({"service_account_id": id}).to_string();
        let path = "/console/api/service_accounts/get";
        console.call(Person::Admin, path, &body, JSON).await.ok()["account"]["metadata"].clone()
    };
    assert_eq!(metadata().await, json!({"team": "a"}));
    let html = console.open(Person::Admin, &page).await.text();
    assert!(text_of(&html).contains("Metadata “team”: a"));
    let update = |more: String| format!("service_account_id={id}&{fields}&back={}{more}", encode(&page));

    let body = update(rows(&[("team", "b", ""), ("size", "5", "5"), ("list", "[2]", "[1]"), ("", "", "")]));
    assert_eq!(post(&console, "update", &body).await.status, 302);
    let stored = json!({"team": "b", "size": 5, "list": "[2]"});
    assert_eq!(metadata().await, stored);
    let editing = console.open(Person::Admin, &format!("{page}?do=edit")).await.text();
    assert!(
        editing.contains("name=\"metadata[3][name]\"") && !editing.contains("name=\"metadata[4][name]\"")
    );
    let history = console.open(Person::Admin, &page).await.text();
    assert!(history.contains("Metadata “team”") && history.contains("Metadata “size”"));

    post(&console, "update", &update(String::new())).await;
    assert_eq!(metadata().await, stored, "without rows, as older pages send it");
    post(&console, "update", &update(rows(&[("", "", "")]))).await;
    assert_eq!(metadata().await, Value::Null);
}

#[tokio::test]
async fn a_row_with_an_error_changes_nothing() {
    let console = Console::start().await;
    let before = console.state().await;
    let many: Vec<_> = (0..51).map(|number| format!("m{number}")).collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), "", "")).collect();
    for (rows, location) in [
        (rows(&[("", "a", "")]), json!(["metadata", 0, "name"])),
        (rows(&[("a", "1", ""), ("", "", ""), ("a", "2", "")]), json!(["metadata", 2, "name"])),
        (rows(&[("a", &"x".repeat(5000), "")]), json!(["metadata", 0, "value"])),
        (rows(&many), json!(["metadata"])),
    ] {
        let body = format!("name=x&description=&other={rows}");
        let path = "/console/api/service_accounts/create";
        let reply = console.call(Person::Admin, path, &body, FORM).await;
        assert_eq!((reply.status, &reply.json()["fields"][0]["location"]), (422, &location));
    }
    assert_eq!(console.state().await, before);
}
