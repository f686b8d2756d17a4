//! The pages before any script runs.

use model::user::Role;
use serde_json::json;

use crate::users::{CONSOLE, Console, Person};

const PAGES: &[&str] = &["/keys", "/members", "/connect", "/settings", "/account"];

#[tokio::test]
async fn without_a_session_a_page_redirects_to_sign_in_and_back() {
    let console = Console::start().await;
    for (page, expected) in [
        ("/keys", "/login"),
        ("/members?role=admin", "/login?next=/members%3Frole%3Dadmin"),
        ("/account", "/login?next=/account"),
    ] {
        let reply = console.open(Person::Nobody, page).await;
        assert_eq!((reply.status, reply.header("location")), (302, Some(expected)), "{page}");
    }
}

#[tokio::test]
async fn the_page_says_that_a_session_has_ended() {
    let console = Console::start().await;
    console.server.bed.clock.advance_seconds(13 * 3600);
    let reply = console.open(Person::Admin, "/members").await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/login?next=/members&ended")));
    let page = console.open(Person::Nobody, "/login?next=/members&ended").await;
    assert!(page.text().contains("Your session has ended."));
}

#[tokio::test]
async fn every_page_is_readable_without_scripts_and_not_cached() {
    let console = Console::start().await;
    for page in PAGES {
        for person in [Person::Viewer, Person::Member, Person::Admin] {
            let reply = console.open(person, page).await;
            assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")), "{page}");
            let html = reply.text();
            assert!(html.contains("<h1") && html.contains("Acme"), "{page} {person:?}");
            assert!(!html.contains(" style="), "{page}: the policy forbids inline styles");
        }
    }
}

/// During hydration, the browser numbers the data that it reads. The server must have numbered it in the same way,
/// however fast its data was read.
#[tokio::test]
async fn the_resources_of_a_page_have_the_same_ids_each_time() {
    let console = Console::start().await;
    let key = format!("/keys/{}", console.key_of(Person::Admin));
    let removal = format!("/members?do=remove&user={}", console.user_of(Person::Admin));
    let service_account = format!("/service-accounts/{}", console.service_account.service_account_id);
    let ending = format!("{service_account}?do=disable");
    let editing = format!("/service-accounts?do=edit&account={}", console.service_account.service_account_id);
    let gateway = format!("/gateways/{}", console.gateway.gateway_id);
    let changing = format!("/gateways?do=edit&gateway={}", console.gateway.gateway_id);
    let removing = format!("{gateway}?do=remove");
    let connecting = "/connect?for=nginx";
    let others = [key.as_str(), removal.as_str(), "/service-accounts", &service_account, &ending, &editing];
    let others = others.into_iter().chain(["/gateways", &gateway, &changing, &removing, connecting]);
    for page in PAGES.iter().copied().chain(others) {
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..12 {
            let reply = console.open(Person::Admin, page).await;
            assert_eq!(reply.status, 200, "{page}: {}", reply.text());
            let html = reply.text();
            let numbers: std::collections::BTreeSet<u32> = html
                .split("__RESOLVED_RESOURCES[")
                .skip(1)
                .filter_map(|rest| rest.split(']').next()?.parse().ok())
                .collect();
            seen.insert(numbers, html);
        }
        assert_eq!(seen.len(), 1, "{page}: {seen:#?}");
    }
}

#[tokio::test]
async fn a_hostile_name_is_text_in_every_page() {
    let console = Console::start().await;
    let name = "</title></textarea></script><script>alert(1)</script><img src=x onerror=alert(2)>";
    let body = format!("organization_name={}", crate::support::encode(name));
    let form = "application/x-www-form-urlencoded";
    let reply = console.call(Person::Admin, "/console/api/organization/update", &body, form).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let encoded = crate::support::encode(name);
    let metadata = format!("metadata[0][name]={encoded}&metadata[0][value]={encoded}");
    let body = format!("name={encoded}&description={encoded}&other=&{metadata}");
    let reply = console.call(Person::Admin, "/console/api/service_accounts/create", &body, form).await;
    let id = reply.ok()["service_account_id"].as_str().unwrap().to_owned();
    let service_account = format!("/service-accounts/{id}");
    let [ending, editing] = ["disable", "edit"].map(|deed| format!("{service_account}?do={deed}"));
    let creating = format!("/keys?owner={id}&create=1");
    let draft = json!({"owner": id, "draft": {"name": name, "description": name, "metadata": {name: name}}})
        .to_string();
    let made = console.call(Person::Admin, "/console/api/keys/create", &draft, "application/json").await.ok();
    let key = format!("/keys/{}", made["key"]["key_id"].as_str().unwrap());
    let fields = format!("fields[name]={}", crate::support::encode(name));
    let reply = console.call(Person::Admin, "/console/api/gateways/create", &fields, form).await;
    let gateway = format!("/gateways/{}", reply.ok()["gateway_id"].as_str().unwrap());
    let removing = format!("{gateway}?do=remove");
    let connecting =
        format!("/connect?for=caddy&gateway={}&upstream={}", &gateway[10..], crate::support::encode(name));
    let filtered = format!("/keys?metadata.{encoded}={encoded}");
    let others = ["/service-accounts", &service_account, &ending, &editing, &creating, &key, &filtered];
    let others = others.into_iter().chain(["/gateways", &gateway, &removing, &connecting]);
    for page in PAGES.iter().copied().chain(others) {
        let html = console.open(Person::Admin, page).await.text();
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{page}");
    }
    // The field contains the text, character for character.
    let written = name.replace('<', "&lt;").replace('>', "&gt;");
    for (page, field) in [
        (&editing, format!(">{written}</textarea>")),
        (&service_account, format!("<title>{written} · Keystead</title>")),
        (&key, format!("<title>{written} · Keystead</title>")),
    ] {
        assert!(console.open(Person::Admin, page).await.text().contains(&field), "{page}");
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_with_a_way_back() {
    let console = Console::start().await;
    for person in [Person::Nobody, Person::Admin] {
        let reply = console.open(person, "/no/such/page").await;
        assert_eq!(reply.status, 404);
        assert!(reply.text().contains("Page not found") && reply.text().contains("href=\"/keys\""));
    }
}

#[tokio::test]
async fn a_foreign_key_has_no_page() {
    let console = Console::start().await;
    for key in [console.key_of(Person::Admin).as_str(), "key_doesnotexist", "nonsense"] {
        let reply = console.open(Person::Member, &format!("/keys/{key}")).await;
        assert_eq!(reply.status, 404, "{key}");
    }
}

#[tokio::test]
async fn a_used_setup_link_says_what_to_do() {
    let console = Console::start().await;
    let html = console.open(Person::Nobody, "/setup?token=x").await.text();
    assert!(html.contains("This server is set up already") && html.contains("href=\"/login\""));
}

#[tokio::test]
async fn an_invalid_invitation_says_what_to_do() {
    let console = Console::start().await;
    let reply = console.open(Person::Nobody, "/invitation?token=x").await;
    assert_eq!(reply.status, 404);
    assert!(reply.text().contains("This invitation link does not work"));
}

/// The page of an invitation does not reveal whether its address has an account.
#[tokio::test]
async fn an_invitation_looks_the_same_for_every_address() {
    let console = Console::start().await;
    let evil = console.server.bed.organization("Evil").await;
    let mut pages = Vec::new();
    for email in [crate::support::ADMIN, "nobody@acme.example"] {
        let (user, _) = console.server.bed.member(&evil, email, Role::Viewer).await;
        let service = &console.server.bed.service;
        let (token, _) = service.create_invitation(&evil.caller, &user.user_id).await.unwrap();
        let path = format!("/invitation?token={}", token.reveal());
        for person in [Person::Nobody, Person::Member] {
            let reply = console.open(person, &path).await;
            assert_eq!(reply.status, 200);
            let html = reply.text();
            assert!(html.contains("sign in first and open this link again"), "{html}");
            assert!(html.contains("autocomplete=\"new-password\""), "{html}");
            pages.push(without_nonces(&html.replace(email, "…").replace(token.reveal(), "…")));
        }
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
}

/// Removes what differs from one request to the next.
fn without_nonces(html: &str) -> String {
    let parts = html.split("nonce=\"").enumerate();
    // Every part but the first begins with a nonce and a quote.
    parts
        .map(|(n, part)| if n == 0 { part } else { part.split_once('"').map_or(part, |(_, rest)| rest) })
        .collect()
}

#[tokio::test]
async fn a_person_signed_in_with_the_invited_address_joins_by_a_click() {
    let console = Console::start().await;
    let second = console.server.bed.organization("Second").await;
    let (user, _) = console.server.bed.member(&second, crate::support::ADMIN, Role::Viewer).await;
    let service = &console.server.bed.service;
    let (token, _) = service.create_invitation(&second.caller, &user.user_id).await.unwrap();
    let html = console.open(Person::Admin, &format!("/invitation?token={}", token.reveal())).await.text();
    assert!(
        html.contains("You are signed in to Acme with this e-mail address.")
            && !html.contains("type=\"password\"")
    );
    let (path, body) = ("/console/api/invitation/join", format!("token={}", token.reveal()));
    let form = "application/x-www-form-urlencoded";
    let reply = console.call(Person::Member, path, &body, form).await;
    assert_eq!(reply.status, 403, "another address: {}", reply.text());
    let headers = [("origin", CONSOLE), ("content-type", form), ("accept", "text/html")];
    let reply = console.send(Person::Admin, "POST", path, &body, &headers).await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/keys")));
    assert!(console.open(Person::Admin, "/keys").await.text().contains("Second"));
}

#[tokio::test]
async fn a_password_reset_link_opens_the_console_once() {
    let console = Console::start().await;
    let email = model::email::Email::parse(crate::support::ADMIN).unwrap();
    let link = console.server.bed.service.create_reset_link(&email, None).await.unwrap();
    let page = format!("/reset?token={}", link.token.reveal());
    let reply = console.open(Person::Nobody, &page).await;
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    let html = reply.text();
    assert!(html.contains("Choose a password") && html.contains(crate::support::ADMIN), "{html}");
    let form = "application/x-www-form-urlencoded";
    let headers = [("origin", CONSOLE), ("content-type", form), ("accept", "text/html")];
    let (path, body) =
        ("/console/api/account/reset_password", format!("token={}&password=", link.token.reveal()));
    let reply = console.call(Person::Nobody, path, &format!("{body}short"), form).await;
    assert_eq!((reply.status, &reply.json()["fields"][0]["location"][0]), (422, &"password".into()));
    let reply =
        console.send(Person::Nobody, "POST", path, &format!("{body}a new passphrase"), &headers).await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/keys")));
    assert!(reply.header("set-cookie").unwrap().starts_with("__Host-keystead="));
    assert_eq!(console.open(Person::Admin, "/keys").await.status, 302, "the session before has ended");
    let reply = console.open(Person::Nobody, &page).await;
    assert_eq!(reply.status, 404);
    assert!(reply.text().contains("This link does not work"));
}

/// Even a browser that is still signed in asks for a password, because the person does not know the old one.
#[tokio::test]
async fn a_member_who_lost_their_password_chooses_a_new_one_by_an_admins_link() {
    let console = Console::start().await;
    let user = console.user_of(Person::Member);
    let menu = console.open(Person::Admin, "/members").await.text();
    let dialog = format!("/members?do=password&amp;user={user}");
    assert!(menu.contains(&dialog), "{menu}");
    let html = console.open(Person::Admin, &dialog.replace("&amp;", "&")).await.text();
    assert!(html.contains("Their keys stay as they are"), "{html}");
    let (path, body) = ("/console/api/invitation/create", format!(r#"{{"user_id":"{user}"}}"#));
    let reply = console.call(Person::Admin, path, &body, "application/json").await;
    let page = reply.json()["path"].as_str().unwrap().to_owned();
    for person in [Person::Nobody, Person::Member] {
        let html = console.open(person, &page).await.text();
        assert!(
            html.contains("Choose a new password for Acme") && html.contains("type=\"password\""),
            "{html}"
        );
    }
    let (_, token) = page.split_once("token=").unwrap();
    let form = "application/x-www-form-urlencoded";
    let headers = [("origin", CONSOLE), ("content-type", form), ("accept", "text/html")];
    let (path, body) = ("/console/api/invitation/accept", format!("token={token}&password=a+new+passphrase"));
    let reply = console.send(Person::Nobody, "POST", path, &body, &headers).await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/keys")));
    assert_eq!(console.open(Person::Member, "/keys").await.status, 302, "the session before has ended");
    let own = format!(r#"{{"user_id":"{}"}}"#, console.user_of(Person::Admin));
    let reply = console.call(Person::Admin, "/console/api/invitation/create", &own, "application/json").await;
    assert_eq!(reply.status, 403, "{}", reply.text());
}

/// Without scripts, a refused form leads back to the page of its link, which shows the reason.
#[tokio::test]
async fn a_refused_form_of_a_link_redirects_to_its_page() {
    let console = Console::start().await;
    let email = model::email::Email::parse(crate::support::ADMIN).unwrap();
    let service = &console.server.bed.service;
    let reset = service.create_reset_link(&email, None).await.unwrap();
    let second = console.server.bed.organization("Second").await;
    let (user, _) = console.server.bed.member(&second, "nobody@acme.example", Role::Viewer).await;
    let (invitation, _) = service.create_invitation(&second.caller, &user.user_id).await.unwrap();
    for (page, path, token) in [
        ("/reset", "/console/api/account/reset_password", reset.token),
        ("/invitation", "/console/api/invitation/accept", invitation),
    ] {
        let page = format!("{CONSOLE}{page}?token={}", token.reveal());
        let headers = [
            ("origin", CONSOLE),
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
            ("referer", &page),
        ];
        let body = format!("token={}&password=short", token.reveal());
        let reply = console.send(Person::Nobody, "POST", path, &body, &headers).await;
        let back = reply.header("location").unwrap().trim_start_matches(CONSOLE).to_owned();
        assert!(reply.status == 302 && back.contains(token.reveal()), "{back}");
        let reply = console.open(Person::Nobody, &back).await;
        assert_eq!(reply.status, 200);
        let html = reply.text();
        assert!(html.contains("10 characters") && html.contains("aria-invalid=\"true\""), "{html}");
    }
}

#[tokio::test]
async fn dialogs_of_members_have_addresses_that_work_without_scripts() {
    let console = Console::start().await;
    let member = console.user_of(Person::Member);
    for (page, words) in [
        ("/members?do=add".to_owned(), "name=\"user_name\""),
        (format!("/members?do=edit&user={member}"), "id=\"new-role-0\""),
        (format!("/members?do=remove&user={member}"), "All their keys are revoked at once"),
    ] {
        let html = console.open(Person::Admin, &page).await.text();
        assert!(html.contains(words), "{page}");
        assert!(!console.open(Person::Member, &page).await.text().contains(words), "{page}");
    }
    let body = format!("user_id={member}&role=viewer&back=/members%3Frole%3Dmember");
    let headers =
        [("origin", CONSOLE), ("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    let reply = console.send(Person::Admin, "POST", "/console/api/members/update", &body, &headers).await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/members?role=member")));
}
