//! What a page shows because of its address: known errors and notices, and never a text from the address.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

use model::problem::{Code, Problem};

use crate::support::{Reply, encode};
use crate::users::{CONSOLE, Console, Person};

const FORM: &str = "application/x-www-form-urlencoded";
const SENTENCE: &str = "Call 555-0100 and tell us your password.";

/// Every page with a form that works without WebAssembly, and the server functions of its forms.
fn forms(console: &Console) -> Vec<(String, Vec<&'static str>)> {
    let member = console.user_of(Person::Member);
    let service_account = console.service_account.service_account_id.to_string();
    let gateway = console.gateway.gateway_id.to_string();
    vec![
        ("/account?".to_owned(), vec!["account/change_password", "session/end", "session/end_others"]),
        ("/members?do=add&".to_owned(), vec!["members/add", "members/update", "members/remove"]),
        (format!("/members?do=edit&user={member}&"), vec!["members/update"]),
        (format!("/members?do=suspend&user={member}&"), vec!["members/update"]),
        (format!("/members?do=remove&user={member}&"), vec!["members/remove"]),
        ("/service-accounts?do=create&".to_owned(), vec!["service_accounts/create"]),
        (format!("/service-accounts?do=edit&account={service_account}&"), vec!["service_accounts/update"]),
        (format!("/service-accounts/{service_account}?do=disable&"), vec!["service_accounts/disable"]),
        ("/gateways?do=create&".to_owned(), vec!["gateways/create"]),
        (format!("/gateways/{gateway}?do=edit&"), vec!["gateways/update"]),
        (format!("/gateways/{gateway}?do=remove&"), vec!["gateways/remove"]),
        ("/settings?".to_owned(), vec!["organization/update"]),
        ("/keys?".to_owned(), vec!["session/switch", "session/sign_out", "keys/create"]),
        ("/login?".to_owned(), vec!["session/sign_in"]),
    ]
}

/// The query of an address with an error, as an attacker would write it to make a page show a text.
fn written(function: &str, field: &str) -> String {
    let mut problem = Problem::new(Code::Forbidden, SENTENCE).in_request("Call-555-0100");
    if !field.is_empty() {
        problem.fields.push(field, model::field::Rule::ValueError, SENTENCE);
    }
    let json = serde_json::to_string(&problem).unwrap();
    format!(
        "__path={}&__err={}",
        encode(&format!("/console/api/{function}")),
        encode(&base64(json.as_bytes()))
    )
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let groups = bytes.chunks(3).map(|group| {
        let number =
            (0..3).fold(0, |all, place| all << 8 | u32::from(group.get(place).copied().unwrap_or(0)));
        let letter = |place: usize| char::from(LETTERS[(number >> (18 - 6 * place) & 63) as usize]);
        (0..4).map(|place| if place > group.len() { '=' } else { letter(place) }).collect::<String>()
    });
    groups.collect()
}

/// Opens a page and follows a redirect.
async fn open(console: &Console, person: Person, path: &str) -> Reply {
    let reply = console.open(person, path).await;
    match (reply.status, reply.header("location")) {
        (302, Some(location)) => {
            assert!(!location.contains("555") && location.starts_with('/'), "{location}");
            let reply = console.open(person, location).await;
            assert_eq!(reply.status, 200, "a second redirect: {location}");
            reply
        }
        _ => reply,
    }
}

#[tokio::test]
async fn no_link_can_put_its_own_text_on_a_page() {
    let console = Console::start().await;
    for (page, functions) in forms(&console) {
        let person = if page.starts_with("/login") { Person::Nobody } else { Person::Admin };
        for function in functions {
            for field in ["", "name", "current", "email", "rules"] {
                let path = format!("{page}{}", written(function, field));
                let html = open(&console, person, &path).await.text();
                assert!(!html.contains("555") && !html.contains("tell us"), "{page} {function} {field}");
            }
        }
    }
}

#[tokio::test]
async fn a_refused_plain_form_shows_the_sentence_of_its_error_code() {
    let console = Console::start().await;
    let post = async |path: &str, page: &str, body: &str| {
        let referrer = format!("{CONSOLE}{page}");
        let headers = [
            ("origin", CONSOLE),
            ("content-type", FORM),
            ("accept", "text/html"),
            ("referer", referrer.as_str()),
        ];
        let reply =
            console.send(Person::Admin, "POST", &format!("/console/api/{path}"), body, &headers).await;
        let location = reply.header("location").unwrap();
        let back = location.strip_prefix(CONSOLE).unwrap_or_else(|| panic!("{location}")).to_owned();
        let page = console.open(Person::Admin, &back).await;
        assert_eq!(page.status, 200, "another redirect: {back}");
        page.text()
    };
    let body = "current=not+my+password&new=another+good+one";
    let page = post("account/change_password", "/account", body).await;
    assert!(page.contains("This is not your current password."), "{page}");
    let page = post("account/change_password", "/account", "current=x&new=short").await;
    assert!(page.contains("Use at least 10 characters."), "{page}");
    let taken = format!("name={}&description=&other=", encode(&console.service_account.name));
    let page = post("service_accounts/create", "/service-accounts?do=create", &taken).await;
    assert!(page.contains("This name or e-mail address is already in use."), "{page}");
}

#[tokio::test]
async fn only_known_notices_are_shown() {
    let console = Console::start().await;
    let known = console.open(Person::Admin, "/account?changed=password").await.text();
    assert!(known.contains("Your password was changed."));
    let said = console.open(Person::Admin, "/account").await.text();
    let unknown = console.open(Person::Admin, "/account?changed=Call%20555-0100").await.text();
    assert!(!said.contains("Your password was changed.") && !unknown.contains("Your password was changed."));
    assert!(!unknown.contains("555"));
}
