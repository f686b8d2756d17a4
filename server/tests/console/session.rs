//! Signing in and out, and the attributes of the cookie.

use service::testing::PASSWORD;

use crate::support::{ADMIN, Reply};
use crate::users::{CONSOLE, Console, Person};

const FORM: &str = "application/x-www-form-urlencoded";
const SIGN_IN: &str = "/console/api/session/sign_in";

async fn sign_in(console: &Console, password: &str, next: &str, accept: &str) -> Reply {
    let body = format!("email={ADMIN}&password={password}&next={next}");
    let referrer = format!("{CONSOLE}/login");
    let headers =
        [("origin", CONSOLE), ("content-type", FORM), ("accept", accept), ("referer", referrer.as_str())];
    console.send(Person::Nobody, "POST", SIGN_IN, &body, &headers).await
}

#[tokio::test]
async fn the_cookie_is_limited_to_this_host_and_hidden_from_scripts() {
    let console = Console::start().await;
    let reply = sign_in(&console, PASSWORD, "", "application/json").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let cookie = reply.header("set-cookie").unwrap();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200");
    let token = value.strip_prefix("__Host-keystead=").unwrap();
    // At least 128 bits, in whatever encoding.
    assert!(token.len() >= 22, "{token}");
    assert!(!reply.text().contains(token));
}

#[tokio::test]
async fn a_session_id_from_the_client_is_never_adopted() {
    let console = Console::start().await;
    let before = console.cookie(Person::Admin).unwrap();
    let body = format!("email={ADMIN}&password={PASSWORD}");
    let reply = console.call(Person::Admin, SIGN_IN, &body, FORM).await;
    assert!(!reply.header("set-cookie").unwrap().starts_with(&format!("{before};")));
}

#[tokio::test]
async fn a_plain_sign_in_redirects_only_to_pages_of_the_console() {
    let console = Console::start().await;
    for (next, expected) in [
        ("", "/keys"),
        ("/members%3Frole%3Dadmin", "/members?role=admin"),
        ("//evil.example", "/keys"),
        ("/%5Cevil.example", "/keys"),
        ("https://evil.example", "/keys"),
        ("https:evil.example", "/keys"),
        ("%252F%252Fevil.example", "/keys"),
        ("/%09/evil.example", "/keys"),
        ("javascript:alert(1)", "/keys"),
    ] {
        let reply = sign_in(&console, PASSWORD, next, "text/html").await;
        assert_eq!((reply.status, reply.header("location")), (302, Some(expected)), "{next}");
    }
}

#[tokio::test]
async fn a_plain_form_with_a_wrong_password_does_not_repeat_it() {
    let console = Console::start().await;
    let reply = sign_in(&console, "not the password", "", "text/html").await;
    let location = reply.header("location").unwrap();
    assert_eq!(reply.status, 302);
    assert!(location.starts_with("http://localhost:3000/login?"), "{location}");
    assert!(!location.contains("not") && reply.header("set-cookie").is_none(), "{location}");
    let page = console.open(Person::Nobody, location.strip_prefix(CONSOLE).unwrap()).await;
    assert!(page.text().contains("The e-mail address or the password is wrong."));
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_get_the_same_response() {
    let console = Console::start().await;
    let mut answers = Vec::new();
    for email in [ADMIN, "nobody@acme.example"] {
        let body = format!("email={email}&password=not the password");
        let reply = console.call(Person::Nobody, SIGN_IN, &body, FORM).await;
        let mut json = reply.json();
        json["request_id"].take();
        answers.push((reply.status, json));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, 401);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server_and_in_the_browser() {
    let console = Console::start().await;
    let headers = [("origin", CONSOLE), ("content-type", FORM), ("accept", "text/html")];
    let reply = console.send(Person::Admin, "POST", "/console/api/session/sign_out", "", &headers).await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/login")));
    assert!(reply.header("set-cookie").unwrap().contains("Max-Age=0"));
    let after = console.call(Person::Admin, "/console/api/session/list", "{}", "application/json").await;
    assert_eq!(after.status, 401);
    let again = console.send(Person::Admin, "POST", "/console/api/session/sign_out", "", &headers).await;
    assert_eq!((again.status, again.header("location")), (302, Some("/login")));
}

#[tokio::test]
async fn other_sessions_are_listed_and_ended() {
    let console = Console::start().await;
    sign_in(&console, PASSWORD, "", "application/json").await;
    let list = async || {
        console.call(Person::Admin, "/console/api/session/list", "{}", "application/json").await.json()
    };
    let sessions = list().await;
    let other = sessions.as_array().unwrap().iter().find(|session| session["is_current"] == false).unwrap();
    let body = format!("session_id={}", other["session_id"].as_str().unwrap());
    let reply = console.call(Person::Member, "/console/api/session/end", &body, FORM).await;
    assert_eq!(list().await, sessions, "the session of another person was ended: {}", reply.text());
    let reply = console.call(Person::Admin, "/console/api/session/end", &body, FORM).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(list().await.as_array().unwrap().len(), 1);
}
