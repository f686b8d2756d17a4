//! No other site can make a browser change anything in the console.

use crate::table::{Form, Row, TABLE};
use crate::users::{Console, Person};

/// Headers of requests that other sites can cause, as far as browsers allow.
const FOREIGN: [&[(&str, &str)]; 10] = [
    &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
    &[("origin", "null")],
    &[("origin", "http://localhost:3001")],
    &[("origin", "https://localhost:3000")],
    &[("origin", "http://localhost.evil.example:3000")],
    &[("origin", "http://evil-localhost:3000"), ("sec-fetch-site", "same-site")],
    &[("origin", "http://localhost:3000"), ("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "none")],
    &[
        ("origin", "https://evil.example"),
        ("x-forwarded-host", "localhost:3000"),
        ("x-forwarded-proto", "http"),
    ],
    &[],
];

/// The requests that can change something.
fn functions() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().filter(|row| row.form != Form::Live)
}

#[tokio::test]
async fn a_page_of_another_site_cannot_call_server_functions() {
    let console = Console::start().await;
    let before = console.state().await;
    for row in functions() {
        for foreign in FOREIGN {
            let body = (row.input)(&console, Person::Member);
            let mut headers = vec![("content-type", row.form.content_type())];
            headers.extend_from_slice(foreign);
            let reply = console.send(Person::Admin, "POST", row.path, &body, &headers).await;
            assert_eq!(reply.status, 403, "{} {foreign:?}", row.path);
        }
    }
    assert_eq!(console.state().await, before);
}

#[tokio::test]
async fn reading_changes_nothing() {
    let console = Console::start().await;
    let before = console.state().await;
    for row in functions() {
        let body = (row.input)(&console, Person::Member);
        let path = format!("{}?{body}", row.path).replace(['{', '}', '"', ' ', '[', ']'], "");
        let reply = console.send(Person::Admin, "GET", &path, "", &[("accept", "text/html")]).await;
        assert!(matches!(reply.status, 404 | 405), "{}: {}", row.path, reply.status);
    }
    assert_eq!(console.state().await, before);
}
