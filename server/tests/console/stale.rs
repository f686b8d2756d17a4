//! Changes that are based on an outdated version, because someone else has changed the same thing meanwhile.

use serde_json::json;

use crate::users::{Console, Person};

#[tokio::test]
async fn an_edit_of_an_outdated_version_is_reported_as_a_conflict() {
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
    assert!(message.starts_with("This was changed in the meantime."), "{message}");
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn actions_apply_only_to_the_version_of_the_key_that_was_shown() {
    let console = Console::start().await;
    let key = console.key_of(Person::Member);
    let edit = json!({"key_id": key, "draft": {"description": "new"}, "version": 1}).to_string();
    let path = |name: &str| format!("/console/api/keys/{name}");
    let json = "application/json";
    console.call(Person::Admin, &path("update"), &edit, json).await.ok();
    let before = console.state().await;
    let call = async |name: &str, mut rest: serde_json::Value, version: i64| {
        rest["key_id"] = json!(key);
        rest["version"] = json!(version);
        console.call(Person::Member, &path(name), &rest.to_string(), json).await
    };
    let rotation = || json!({"draft": {"grace_period_seconds": 60}});
    for (name, rest) in
        [("rotate", rotation()), ("disable", json!({})), ("revoke", json!({"draft": {"reason": ""}}))]
    {
        for version in [1, 3, -1, i64::MAX] {
            let stale = call(name, rest.clone(), version).await;
            assert_eq!(
                (stale.status, &stale.json()["code"]),
                (409, &"ConflictError".into()),
                "{name} {version}"
            );
        }
    }
    assert_eq!(console.state().await, before);

    call("disable", json!({}), 2).await.ok();
    assert_eq!(call("enable", json!({}), 2).await.status, 409);
    call("enable", json!({}), 3).await.ok();
    call("rotate", rotation(), 4).await.ok();
    call("revoke", json!({"draft": {"reason": ""}}), 5).await.ok();
}

#[tokio::test]
async fn repeating_a_finished_action_is_not_a_conflict() {
    let console = Console::start().await;
    let disable = json!({"key_id": console.key_of(Person::Member), "version": 1}).to_string();
    for _ in 0..2 {
        let path = "/console/api/keys/disable";
        let reply = console.call(Person::Member, path, &disable, "application/json").await;
        assert_eq!((reply.status, &reply.json()["version"]), (200, &2.into()));
    }
}

#[tokio::test]
async fn an_edit_of_an_outdated_service_account_is_a_conflict() {
    let console = Console::start().await;
    let saw = crate::support::encode(&console.service_account.updated_at.to_rfc3339());
    let edit = |name: &str| {
        let id = &console.service_account.service_account_id;
        format!("service_account_id={id}&name={name}&description=&other=&saw={saw}")
    };
    let (path, form) = ("/console/api/service_accounts/update", "application/x-www-form-urlencoded");
    console.server.bed.clock.advance_seconds(1);
    console.call(Person::Admin, path, &edit("first"), form).await.ok();
    let before = console.state().await;
    let second = console.call(Person::Admin, path, &edit("second"), form).await;
    assert_eq!((second.status, &second.json()["code"]), (409, &"ConflictError".into()));
    assert_eq!(console.state().await, before);
}
