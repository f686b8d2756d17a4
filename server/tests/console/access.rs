//! Calls every server function and sends every live request as every kind of person.

use std::collections::BTreeSet;

use crate::support::Reply;
use crate::table::{Form, Row, TABLE, Who};
use crate::users::{Console, Person};

#[test]
fn every_server_function_has_a_row_and_every_row_has_a_function() {
    let registered: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let rows: Vec<_> = TABLE.iter().filter(|row| row.form != Form::Live).map(|row| row.path).collect();
    let listed: BTreeSet<_> = rows.iter().copied().collect();
    assert_eq!(registered, listed);
    assert_eq!(listed.len(), rows.len(), "a function has two rows");
}

#[test]
fn server_functions_accept_only_post() {
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, http::Method::POST, "{path}");
    }
}

async fn call(console: &Console, row: &Row, person: Person, about: Person) -> Reply {
    row.send(console, person, &(row.input)(console, about)).await
}

#[tokio::test]
async fn server_functions_need_a_signed_in_person() {
    let console = Console::start().await;
    let before = console.state().await;
    for row in TABLE.iter().filter(|row| row.who != Who::Anybody) {
        let reply = call(&console, row, Person::Nobody, Person::Admin).await;
        assert_eq!((reply.status, &reply.json()["code"]), (401, &"UnauthorizedError".into()), "{}", row.path);
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn functions_for_admins_are_refused_to_others_without_effect() {
    let console = Console::start().await;
    let before = console.state().await;
    for row in TABLE.iter().filter(|row| row.who == Who::Admin) {
        for person in [Person::Viewer, Person::Member] {
            let reply = call(&console, row, person, person).await;
            assert_eq!(
                (reply.status, &reply.json()["code"]),
                (403, &"ForbiddenError".into()),
                "{} {person:?}",
                row.path
            );
        }
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn another_users_key_gets_the_same_response_as_a_missing_one() {
    let console = Console::start().await;
    let before = console.state().await;
    for row in TABLE.iter().filter(|row| matches!(row.who, Who::Looks | Who::Changes)) {
        for (person, about) in [(Person::Viewer, Person::Member), (Person::Member, Person::Admin)] {
            let reply = call(&console, row, person, about).await;
            assert!(matches!(reply.status, 403 | 404), "{} {person:?}: {}", row.path, reply.text());
            let foreign = (row.input)(&console, about);
            let missing = foreign.replace(console.key_of(about).as_str(), "key_doesnotexist");
            let missing = missing.replace(console.user_of(about).as_str(), "usr_doesnotexist");
            let other = row.send(&console, person, &missing).await;
            let without_id = |reply: &Reply| {
                let mut body = reply.json();
                body["request_id"].take();
                (reply.status, body)
            };
            assert_eq!(without_id(&reply), without_id(&other), "{} {person:?}", row.path);
        }
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn a_viewer_cannot_change_even_their_own_key() {
    let console = Console::start().await;
    let before = console.state().await;
    for row in TABLE.iter().filter(|row| row.who == Who::Changes) {
        let reply = call(&console, row, Person::Viewer, Person::Viewer).await;
        assert_eq!(reply.status, 403, "{}: {}", row.path, reply.text());
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn everyone_with_the_right_to_call_a_function_succeeds() {
    for row in TABLE {
        let allowed: &[(Person, Person)] = match row.who {
            // These functions need a one-time token or a password. Their own tests cover them.
            Who::Anybody => &[],
            Who::SignedIn => &[
                (Person::Viewer, Person::Viewer),
                (Person::Member, Person::Member),
                (Person::Admin, Person::Admin),
            ],
            Who::Admin => &[(Person::Admin, Person::Member)],
            Who::Looks => &[
                (Person::Viewer, Person::Viewer),
                (Person::Member, Person::Member),
                (Person::Admin, Person::Viewer),
            ],
            Who::Changes => &[(Person::Member, Person::Member), (Person::Admin, Person::Viewer)],
        };
        if allowed.is_empty() || NEEDS_MORE.contains(&row.path) {
            continue;
        }
        let console = Console::start().await;
        for (person, about) in allowed {
            let reply = call(&console, row, *person, *about).await;
            assert_eq!(reply.status, 200, "{} {person:?}: {}", row.path, reply.text());
        }
    }
}

/// A valid input of these functions refers to something that must be created first. `session` and the tests of the
/// service call them.
const NEEDS_MORE: &[&str] = &[
    "/console/api/session/end",
    "/console/api/invitation/join",
    "/console/api/keys/end_grace",
    "/console/api/keys/extend_grace",
    "/console/api/keys/enable",
];

/// The functions of dialogs and menus. In the order of the table, all of them succeed.
const OF_DIALOGS: &[&str] = &[
    "/console/api/members/add",
    "/console/api/members/update",
    "/console/api/members/allow_sign_in",
    "/console/api/members/remove",
    "/console/api/service_accounts/create",
    "/console/api/service_accounts/update",
    "/console/api/service_accounts/disable",
    "/console/api/gateways/create",
    "/console/api/gateways/update",
    "/console/api/gateways/remove",
];

#[tokio::test]
async fn the_answer_to_a_dialog_leaves_it_to_the_hydrated_page_where_to_go() {
    let console = Console::start().await;
    let rows: Vec<_> = TABLE.iter().filter(|row| OF_DIALOGS.contains(&row.path)).collect();
    assert_eq!(rows.len(), OF_DIALOGS.len());
    for row in rows {
        let path = row.path;
        let reply = call(&console, row, Person::Admin, Person::Member).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert_eq!((reply.header("location"), reply.header("serverfnredirect")), (None, None), "{path}");
    }
}

#[tokio::test]
async fn a_validation_error_is_reported_and_nothing_is_changed() {
    let console = Console::start().await;
    let before = console.state().await;
    for (path, form, body, field) in [
        (
            "members/add",
            "application/x-www-form-urlencoded",
            "email=nobody&user_name=New&role=viewer".to_owned(),
            "email",
        ),
        (
            "members/add",
            "application/x-www-form-urlencoded",
            "email=a@b.example&user_name=New&role=root".to_owned(),
            "role",
        ),
        (
            "organization/update",
            "application/x-www-form-urlencoded",
            "organization_name=".to_owned(),
            "organization_name",
        ),
        ("keys/create", "application/json", r#"{"owner":null,"draft":{"name":""}}"#.to_owned(), "name"),
    ] {
        let reply = console.call(Person::Admin, &format!("/console/api/{path}"), &body, form).await;
        assert_eq!(reply.status, 422, "{path}: {}", reply.text());
        assert_eq!(reply.json()["fields"][0]["location"][0], field);
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn an_unreadable_request_is_refused_without_repeating_it() {
    let console = Console::start().await;
    for row in TABLE.iter().filter(|row| row.form == Form::Json) {
        let reply =
            console.call(Person::Admin, row.path, r#"{"sk_live_misplaced": ["#, "application/json").await;
        assert_eq!(reply.status, 400, "{}", row.path);
        assert!(!reply.text().contains("sk_live_misplaced"), "{}", reply.text());
    }
}
