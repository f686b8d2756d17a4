//! What somebody else changed while a person looked at it.

use serde_json::json;

use crate::people::{Console, Person};

#[tokio::test]
async fn a_stale_edit_is_a_conflict_that_says_so() {
    let console = Console::start().await;
    let edit = |description: &str| {
        let draft = json!({"description": description});
        json!({"key_id": console.key_of(Person::Member), "draft": draft, "version": 1}).to_string()
    };
    let path = "/console/api/keys/update";
    let first = console.call(Person::Admin, path, &edit("one"), "application/json").await;
    assert_eq!(first.status, 200, "{}", first.text());
    let before = console.state().await;
    let second = console.call(Person::Member, path, &edit("two"), "application/json").await;
    assert_eq!((second.status, &second.json()["code"]), (409, &"ConflictError".into()));
    let message = second.json()["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("Somebody else changed this meanwhile."), "{message}");
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn an_admin_sees_and_makes_keys_of_service_accounts() {
    let console = Console::start().await;
    let robot = console.server.bed.robot(&console.server.org, "Nightly build", &[]).await;
    let body = json!({"owner": robot.service_account_id, "draft": {"name": "runner"}}).to_string();
    let made = console.call(Person::Admin, "/console/api/keys/create", &body, "application/json").await;
    assert_eq!(made.status, 200, "{}", made.text());
    let refused = console.call(Person::Member, "/console/api/keys/create", &body, "application/json").await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    let query = json!({"query": model::key::KeyQuery::default()}).to_string();
    let page = console.call(Person::Admin, "/console/api/keys/page", &query, "application/json").await.json();
    let rows = page["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["key"]["name"] == "runner").unwrap();
    assert_eq!(
        (&row["owner_name"], &row["key"]["owner"]),
        (&json!("Nightly build"), &json!(robot.service_account_id))
    );
    let page =
        console.call(Person::Member, "/console/api/keys/page", &query, "application/json").await.json();
    assert!(page["rows"].as_array().unwrap().iter().all(|row| row["key"]["name"] != "runner"));
    let opened = console.open(Person::Admin, "/keys").await;
    assert!(opened.text().contains("Nightly build"));
}
