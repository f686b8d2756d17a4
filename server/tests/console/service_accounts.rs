//! Service accounts: what an admin sees, what a form does before any script runs, and the owners of keys.

use serde_json::{Value, json};

use crate::support::{Reply, encode};
use crate::users::{CONSOLE, Console, Person};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

async fn ask(console: &Console, person: Person, name: &str, input: &Value) -> Reply {
    console.call(person, &format!("/console/api/{name}"), &input.to_string(), JSON).await
}

/// Posts a form as a browser without scripts does.
async fn post(console: &Console, name: &str, body: &str) -> Reply {
    let headers = [("origin", CONSOLE), ("content-type", FORM), ("accept", "text/html")];
    console
        .send(Person::Admin, "POST", &format!("/console/api/service_accounts/{name}"), body, &headers)
        .await
}

#[tokio::test]
async fn an_admin_can_see_and_create_keys_of_service_accounts() {
    let console = Console::start().await;
    let service_account = &console.service_account;
    let body = json!({"owner": service_account.service_account_id, "draft": {"name": "second"}}).to_string();
    let made = console.call(Person::Admin, "/console/api/keys/create", &body, "application/json").await;
    assert_eq!(made.status, 200, "{}", made.text());
    let refused = console.call(Person::Member, "/console/api/keys/create", &body, "application/json").await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    let query = json!({"query": model::key::KeyQuery::default()}).to_string();
    let page = console.call(Person::Admin, "/console/api/keys/page", &query, "application/json").await.json();
    let rows = page["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["key"]["name"] == "second").unwrap();
    assert_eq!(
        (&row["owner_name"], &row["key"]["owner"]),
        (&json!("Nightly build"), &json!(service_account.service_account_id))
    );
    let page =
        console.call(Person::Member, "/console/api/keys/page", &query, "application/json").await.json();
    assert!(page["rows"].as_array().unwrap().iter().all(|row| row["key"]["name"] != "second"));
    let opened = console.open(Person::Admin, "/keys").await;
    assert!(opened.text().contains("Nightly build"));
}

#[tokio::test]
async fn the_list_shows_the_keys_and_last_use_of_each_service_account() {
    let console = Console::start().await;
    console.server.bed.clock.advance_seconds(1);
    console.server.bed.service_account(&console.server.org, "Idle", &[]).await;
    console.server.bed.clock.advance_seconds(1);
    let ended = console.server.bed.service_account(&console.server.org, "Ended", &[]).await;
    let body = format!("service_account_id={}", ended.service_account_id);
    console.call(Person::Admin, "/console/api/service_accounts/disable", &body, FORM).await.ok();
    let list = async |filter: Value| {
        let input = json!({"filter": filter, "page": 1});
        let page = ask(&console, Person::Admin, "service_accounts/list", &input).await.ok();
        let rows = page["rows"].as_array().unwrap().clone();
        let reported = rows.iter().map(|row| {
            format!("{} {}", row["account"]["name"].as_str().unwrap(), row["usage"]["keys"]["number"])
        });
        (reported.collect::<Vec<_>>(), page["total"].as_u64().unwrap(), page["all"].as_u64().unwrap())
    };
    let reported = |rows: &[&str]| rows.iter().map(|&row| row.to_owned()).collect::<Vec<_>>();
    assert_eq!(list(json!({})).await, (reported(&["Nightly build 1", "Idle 0", "Ended 0"]), 3, 3));
    assert_eq!(list(json!({"status": "active"})).await, (reported(&["Nightly build 1", "Idle 0"]), 2, 3));
    assert_eq!(list(json!({"status": "disabled"})).await, (reported(&["Ended 0"]), 1, 3));
    assert_eq!(list(json!({"search": "build"})).await, (reported(&["Nightly build 1"]), 1, 3));
    assert_eq!(list(json!({"search": "nothing"})).await, (reported(&[]), 0, 3));
}

#[tokio::test]
async fn a_service_account_is_created_changed_and_disabled_by_plain_forms() {
    let console = Console::start().await;
    let made = post(
        &console,
        "create",
        "name=Backup&description=To+the+cellar.&rights%5B%5D=apikey%3Aread&rights%5B%5D=apikey%3Acreate&other=flow%3Arun",
    )
    .await;
    let page = made.header("location").unwrap().to_owned();
    assert!(made.status == 302 && page.starts_with("/service-accounts/sa_"), "{page}");
    let html = console.open(Person::Admin, &page).await.text();
    for words in ["Backup", "To the cellar.", "apikey:create", "flow:run", "No working keys"] {
        assert!(html.contains(words), "{words}");
    }
    let id = page.rsplit('/').next().unwrap();
    let body = format!("service_account_id={id}&name=Cellar&description=&other=&back={}", encode(&page));
    let changed = post(&console, "update", &body).await;
    assert_eq!((changed.status, changed.header("location")), (302, Some(page.as_str())));
    let html = console.open(Person::Admin, &page).await.text();
    assert!(html.contains("Cellar") && html.contains("cannot manage anything in Keystead"));
    let body = format!("service_account_id={id}&back={}", encode("https://evil.example"));
    let ended = post(&console, "disable", &body).await;
    assert_eq!((ended.status, ended.header("location")), (302, Some("/service-accounts")));
    assert!(console.open(Person::Admin, &page).await.text().contains("Disabled for good"));
}

#[tokio::test]
async fn a_validation_error_of_a_service_account_is_reported_and_nothing_is_changed() {
    let console = Console::start().await;
    let before = console.state().await;
    for (body, field) in [
        ("name=&description=&other=", "name"),
        ("name=x&description=&other=apikey:*", "permissions"),
        ("name=x&description=&rights[]=ALL&other=", "permissions"),
        (&format!("name=x&description={}&other=", "x".repeat(501)), "description"),
    ] {
        let reply = console.call(Person::Admin, "/console/api/service_accounts/create", body, FORM).await;
        assert_eq!((reply.status, &reply.json()["fields"][0]["location"][0]), (422, &field.into()), "{body}");
    }
    let taken = format!("name={}&description=&other=", encode(&console.service_account.name));
    let reply = console.call(Person::Admin, "/console/api/service_accounts/create", &taken, FORM).await;
    assert_eq!(reply.status, 409, "{}", reply.text());
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn an_unknown_and_a_foreign_service_account_get_the_same_page() {
    let console = Console::start().await;
    let foreign = console.server.foreign().await;
    let theirs = console.server.bed.service_account(foreign, "Theirs", &[]).await;
    let before = console.state().await;
    for name in ["get", "history", "update", "disable"] {
        let answers: Vec<_> =
            [theirs.service_account_id.as_str(), "sa_doesnotexist"].map(|id| (id.to_owned(), name)).into();
        let mut reported = Vec::new();
        for (id, name) in answers {
            let path = format!("/console/api/service_accounts/{name}");
            let reply = match name {
                "get" | "history" => {
                    let body = json!({"service_account_id": id}).to_string();
                    console.call(Person::Admin, &path, &body, JSON).await
                }
                _ => {
                    let body = format!("service_account_id={id}&name=x&description=&other=");
                    console.call(Person::Admin, &path, &body, FORM).await
                }
            };
            let mut body = reply.json();
            body["request_id"].take();
            reported.push((reply.status, body));
        }
        assert_eq!(reported[0].0, 404, "{name}");
        assert_eq!(reported[0], reported[1], "{name}");
    }
    for id in [theirs.service_account_id.as_str(), "sa_doesnotexist", "nonsense", "usr_1"] {
        let reply = console.open(Person::Admin, &format!("/service-accounts/{id}")).await;
        assert_eq!(reply.status, 404, "{id}");
        assert!(!reply.text().contains("Theirs"));
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn a_person_who_is_not_an_admin_learns_nothing() {
    let console = Console::start().await;
    let page = format!("/service-accounts/{}", console.service_account.service_account_id);
    for path in ["/service-accounts", "/service-accounts?do=create", &page, "/service-accounts/sa_none"] {
        for person in [Person::Viewer, Person::Member] {
            let reply = console.open(person, path).await;
            let html = reply.text();
            assert_eq!(reply.status, 403, "{path}");
            assert!(
                html.contains("Only admins see service accounts") && !html.contains("Nightly build"),
                "{path}"
            );
            assert!(
                !html.contains("href=\"/service-accounts\"") && !html.contains("name=\"other\""),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn dialogs_of_service_accounts_have_addresses_that_work_without_scripts() {
    let console = Console::start().await;
    let id = &console.service_account.service_account_id;
    for (page, words) in [
        ("/service-accounts?do=create".to_owned(), "name=\"rights[]\""),
        (format!("/service-accounts?do=edit&account={id}"), "name=\"saw\""),
        (format!("/service-accounts?do=disable&account={id}"), "1 key stops working at once"),
        (format!("/service-accounts/{id}?do=edit"), "name=\"saw\""),
        (format!("/service-accounts/{id}?do=disable"), "“Nightly build” cannot be restored"),
    ] {
        let html = console.open(Person::Admin, &page).await.text();
        assert!(html.contains(words), "{page}");
    }
}

#[tokio::test]
async fn only_admins_can_choose_service_accounts_as_owners() {
    let console = Console::start().await;
    let ended = console.server.bed.service_account(&console.server.org, "Ended", &[]).await;
    let body = format!("service_account_id={}", ended.service_account_id);
    console.call(Person::Admin, "/console/api/service_accounts/disable", &body, FORM).await.ok();
    let find = async |person: Person, search: &str, chosen: Value| {
        let input = json!({"search": search, "chosen": chosen});
        let found = ask(&console, person, "keys/owners", &input).await.ok();
        found
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["owner"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let service_account = console.service_account.service_account_id.to_string();
    assert!(find(Person::Admin, "", Value::Null).await.contains(&service_account));
    assert!(!find(Person::Admin, "", Value::Null).await.contains(&ended.service_account_id.to_string()));
    assert_eq!(find(Person::Admin, "nightly", Value::Null).await, std::slice::from_ref(&service_account));
    assert_eq!(
        find(Person::Admin, "nobody", json!(service_account)).await,
        std::slice::from_ref(&service_account)
    );
    let ended = ended.service_account_id.to_string();
    assert_eq!(find(Person::Admin, "nobody", json!(ended)).await, [ended]);
    assert_eq!(find(Person::Admin, "nobody", json!("sa_none")).await, [""; 0]);
    for person in [Person::Member, Person::Viewer] {
        assert_eq!(find(person, "nightly", json!(service_account)).await, [""; 0]);
        assert!(!find(person, "", Value::Null).await.contains(&service_account));
    }
    let foreign = console.server.foreign().await;
    let theirs = console.server.bed.service_account(foreign, "Theirs", &[]).await.service_account_id;
    assert_eq!(find(Person::Admin, "nobody", json!(theirs)).await, [""; 0]);
}

#[tokio::test]
async fn the_page_of_a_key_links_to_the_service_account_that_owns_it() {
    let console = Console::start().await;
    let query = json!({"query": model::key::KeyQuery::default()});
    let page = ask(&console, Person::Admin, "keys/page", &query).await.ok();
    let rows = page["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["key"]["name"] == "runner").unwrap();
    let html = console
        .open(Person::Admin, &format!("/keys/{}", row["key"]["key_id"].as_str().unwrap()))
        .await
        .text();
    assert!(
        html.contains(&format!("href=\"/service-accounts/{}\"", console.service_account.service_account_id))
    );
}
