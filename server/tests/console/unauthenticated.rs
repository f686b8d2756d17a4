//! Calls every server function and sends every live request without a session, with a session that has ended, and with
//! a session of another organization.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

use axum::body::Body;
use model::password::Password;
use serde_json::{Value, json};
use service::testing::PASSWORD;
use service::{RequestContext, SignedIn};

use crate::support::{ADMIN, MEMBER, Reply, VIEWER, user_at};
use crate::table::{Row, TABLE, Who};
use crate::users::{CONSOLE, Console, Person};

/// Sends an input with additional headers.
async fn call(console: &Console, row: &Row, input: &str, headers: &[(&str, &str)]) -> Reply {
    let mut all = vec![
        ("host", "localhost:3000"),
        ("origin", CONSOLE),
        ("content-type", row.form.content_type()),
        ("accept", "application/json"),
    ];
    all.extend_from_slice(headers);
    let (method, path, body) = row.request(input);
    console.server.with_key(None).send(method, &path, &all, Body::from(body.to_owned())).await
}

fn cookie(token: &str) -> String {
    format!("__Host-keystead={token}")
}

async fn sign_in(console: &Console, email: &str) -> SignedIn {
    let service = &console.server.bed.service;
    service.sign_in(email, &Password::typed(PASSWORD), &RequestContext::default()).await.unwrap()
}

/// Checks that every function that needs a person refuses these headers as unauthenticated.
async fn assert_nobody(console: &Console, headers: &[(&str, &str)], who: &str) {
    for row in TABLE.iter().filter(|row| row.who != Who::Anybody) {
        let reply = call(console, row, &(row.input)(console, Person::Admin), headers).await;
        assert_eq!(
            (reply.status, &reply.json()["code"]),
            (401, &"UnauthorizedError".into()),
            "{} by {who}: {}",
            row.path,
            reply.text()
        );
    }
}

#[tokio::test]
async fn a_key_is_never_accepted_as_a_session() {
    let console = Console::start().await;
    let admin = console.server.org.admin_key.reveal().to_owned();
    let (bearer, session) = (format!("Bearer {admin}"), cookie(&admin));
    let operator = format!("Bearer {}", crate::support::OPERATOR_TOKEN);
    let before = console.server.state().await;
    assert_nobody(&console, &[("authorization", &bearer)], "a key").await;
    assert_nobody(&console, &[("cookie", &session)], "a key in a cookie").await;
    assert_nobody(&console, &[("authorization", &operator)], "the operator").await;
    assert_nobody(&console, &[("cookie", &cookie("0123456789"))], "an unknown session").await;
    assert_nobody(&console, &[("cookie", &cookie(""))], "an empty session").await;
    assert_eq!(console.server.state().await, before);
}

#[tokio::test]
async fn removed_and_suspended_people_are_not_signed_in() {
    let console = Console::start().await;
    let (server, service) = (&console.server, &console.server.bed.service);
    let signed_out = sign_in(&console, ADMIN).await;
    let caller =
        service.authenticate_session(signed_out.token.reveal(), RequestContext::default()).await.unwrap();
    service.sign_out(&caller).await.unwrap();
    let (suspended, removed) = (sign_in(&console, MEMBER).await, sign_in(&console, VIEWER).await);
    server.admin().patch(&user_at(MEMBER), json!({"status": "suspended"})).await.ok();
    server.admin().delete(&user_at(VIEWER)).await.ok();
    let before = server.state().await;
    for (session, who) in [(&signed_out, "signed out"), (&suspended, "suspended"), (&removed, "removed")] {
        assert_nobody(&console, &[("cookie", &cookie(session.token.reveal()))], who).await;
    }
    assert_eq!(server.state().await, before);
    server.bed.clock.advance_seconds(30 * 60);
    let idle = console.cookie(Person::Admin).unwrap();
    assert_nobody(&console, &[("cookie", &idle)], "idle for too long").await;
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn the_admin_of_another_organization_can_reach_nothing() {
    let console = Console::start().await;
    console.server.foreign().await;
    let session = sign_in(&console, "admin@globex.example").await;
    let session = cookie(session.token.reveal());
    let before = console.server.own_state().await;
    let people = [Person::Viewer, Person::Member, Person::Admin];
    let mut with_ids = 0;
    for row in TABLE.iter().filter(|row| row.who != Who::Anybody && !ENDS.contains(&row.path)) {
        let body = (row.input)(&console, Person::Member);
        let reply = call(&console, row, &body, &[("cookie", &session)]).await;
        for theirs in [ADMIN, MEMBER, VIEWER, console.server.org.organization_id.as_str()] {
            assert!(!reply.text().contains(theirs), "{}: {}", row.path, reply.text());
        }
        let ids = people.iter().flat_map(|person| {
            [console.key_of(*person).as_str(), console.user_of(*person).as_str()].map(str::to_owned)
        });
        let others = [
            console.server.org.organization_id.as_str(),
            console.service_account.service_account_id.as_str(),
            console.gateway.gateway_id.as_str(),
        ];
        let ids = ids.chain(others.map(str::to_owned));
        let missing = ids.fold(body.clone(), |body, id| {
            let (prefix, _) = id.split_once('_').unwrap();
            body.replace(&id, &format!("{prefix}_doesnotexist"))
        });
        if missing == body {
            assert!(matches!(reply.status, 200 | 302 | 404 | 422), "{}: {}", row.path, reply.text());
        } else {
            with_ids += 1;
            assert!(matches!(reply.status, 403 | 404), "{}: {}", row.path, reply.text());
            let other = call(&console, row, &missing, &[("cookie", &session)]).await;
            assert_eq!(without_request_id(&reply), without_request_id(&other), "{}", row.path);
        }
        assert_eq!(console.server.own_state().await, before, "{}", row.path);
    }
    assert!(with_ids > 10, "{with_ids} functions were tried with ids");
}

/// These functions end the session that the test uses.
const ENDS: [&str; 2] = ["/console/api/session/sign_out", "/console/api/account/change_password"];

/// The status and the body of a problem, which are the same for all requests that learn the same.
pub fn without_request_id(reply: &Reply) -> (u16, Value) {
    let mut body = reply.json();
    body["request_id"].take();
    (reply.status, body)
}
