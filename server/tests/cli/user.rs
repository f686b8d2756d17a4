//! `keystead user …` and the link that `keystead bootstrap` prints, with which people get into the console when no
//! admin can let them in.

use reqwest::{Response, StatusCode};
use serde_json::Value;
use service::testing::TestBed;

use crate::console::{client, cookie, is_signed_in, post};
use crate::program::{Program, Running};

const ACME: [&str; 5] = ["bootstrap", "--organization", "Acme", "--email", "Ada@Acme.example"];
const RESET: [&str; 4] = ["user", "reset-password", "--email", "ada@acme.example"];

/// The address of a link's page at the running server, and the link's token.
fn page(server: &Running, url: &Value) -> (String, String) {
    let url = url.as_str().unwrap();
    let (_, token) = url.split_once("/reset?token=").unwrap();
    (format!("{}/reset?token={token}", server.address), token.to_owned())
}

async fn signs_in(server: &Running, password: &str) -> bool {
    crate::console::signs_in(server, "ada@acme.example", password).await
}

async fn choose(server: &Running, url: &Value, password: &str) -> Response {
    let (page, token) = page(server, url);
    let shown = client().get(page).header("accept", "text/html").send().await.unwrap();
    let (status, html) = (shown.status(), shown.text().await.unwrap());
    assert_eq!(status, StatusCode::OK, "{html}");
    assert!(html.contains("Choose a password") && html.to_lowercase().contains("ada@acme.example"), "{html}");
    post(server, "account/reset_password", &[("token", &token), ("password", password)]).await
}

#[tokio::test]
async fn the_first_admin_chooses_a_password_by_the_link_that_bootstrap_prints() {
    let program = Program::new();
    let made = program.run_json(&ACME);
    let url = made["sign_in_url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:3000/reset?token="), "{url}");
    let server = program.serve(&[]);
    let answer = choose(&server, &made["sign_in_url"], "correct horse battery").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(is_signed_in(&server, &cookie(&answer)).await);
    assert!(signs_in(&server, "correct horse battery").await);
    let (page, _) = page(&server, &made["sign_in_url"]);
    let again = client().get(page).header("accept", "text/html").send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
    assert!(again.text().await.unwrap().contains("This link does not work"));
}

/// Creates reset links both before a server runs and while it runs.
async fn a_new_password(program: &Program, database: &[&str]) {
    std::fs::write(program.path("password"), "correct horse battery").unwrap();
    let made = program.run_json(&[&ACME, database, &["--password-file", "password"]].concat());
    assert_eq!(made.get("sign_in_url"), None, "an admin with a password needs no link");
    let before = program.run_json(&[&RESET, database].concat());
    assert_eq!(before["organization_ids"][0], made["organization_id"]);
    let server = program.serve(database);
    assert!(signs_in(&server, "correct horse battery").await);
    let answer = choose(&server, &before["sign_in_url"], "a second passphrase").await;
    assert_eq!(answer.status(), StatusCode::OK);
    let session = cookie(&answer);
    let beside = program.run_json(&[&RESET, database].concat());
    assert!(is_signed_in(&server, &session).await, "until the link is used");
    let answer = choose(&server, &beside["sign_in_url"], "a third passphrase").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(!is_signed_in(&server, &session).await && is_signed_in(&server, &cookie(&answer)).await);
    for (password, is_right) in
        [("correct horse battery", false), ("a second passphrase", false), ("a third passphrase", true)]
    {
        assert_eq!(signs_in(&server, password).await, is_right, "{password}");
    }
}

#[tokio::test]
async fn the_operator_can_reset_any_password_on_sqlite() {
    a_new_password(&Program::new(), &[]).await;
}

#[tokio::test]
async fn the_operator_can_reset_any_password_on_postgres() {
    let bed = TestBed::postgres().await;
    a_new_password(&Program::new(), &["--database-url", bed.database.url().as_str()]).await;
}

#[test]
fn a_link_names_the_address_that_people_open() {
    let program = Program::new();
    let url = |arguments: &[&str]| program.run_json(arguments)["sign_in_url"].as_str().unwrap().to_owned();
    let public = ["--public-url", "https://keys.example.com"];
    assert!(url(&[&ACME as &[&str], &public].concat()).starts_with("https://keys.example.com/reset?token="));
    assert!(url(&[&RESET as &[&str], &public].concat()).starts_with("https://keys.example.com/reset?token="));
    let listen = ["--listen", "0.0.0.0:8080"];
    assert!(url(&[&RESET as &[&str], &listen].concat()).starts_with("http://127.0.0.1:8080/reset?token="));
    let sentence = program.run_refused(&[&RESET as &[&str], &["--listen", "127.0.0.1:0"]].concat());
    assert!(sentence.contains("--listen") && sentence.contains("--public-url"), "{sentence}");
}

#[test]
fn only_the_hashes_of_links_are_stored() {
    let program = Program::new();
    let made = program.run_json(&ACME);
    let organization = made["organization_id"].as_str().unwrap();
    let bob = ["--organization", organization, "--email", "bob@acme.example"];
    let invited = program.run_json(&[&["user", "invite"] as &[&str], &bob].concat());
    for made in [&made, &invited] {
        let (_, token) = made["sign_in_url"].as_str().unwrap().split_once("token=").unwrap();
        for file in std::fs::read_dir(program.data_dir()).unwrap() {
            let file = file.unwrap().path();
            let bytes = std::fs::read(&file).unwrap();
            assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()), "{file:?}");
        }
    }
}

#[test]
fn an_address_without_a_user_is_reported_in_a_sentence() {
    let program = Program::new();
    let [one, two] = ["One", "Two"].map(|name| {
        let arguments = ["bootstrap", "--organization", name, "--email", "ada@acme.example"];
        program.run_json(&arguments)["organization_id"].as_str().unwrap().to_owned()
    });
    let reset = |arguments: &[&str]| program.run_refused(&[&["user", "reset-password"], arguments].concat());
    let sentence = reset(&["--email", "nobody@acme.example"]);
    assert_eq!(sentence, "There is no active member with this e-mail address.");
    assert!(reset(&["--email", "nobody"]).contains("--email"));
    let sentence = reset(&["--email", "ada@acme.example"]);
    assert!(
        sentence.contains("--organization") && sentence.contains(&one) && sentence.contains(&two),
        "{sentence}"
    );
    let sentence = reset(&["--email", "ada@acme.example", "--organization", "Acme"]);
    assert!(sentence.contains("--organization") && sentence.contains("org_"), "{sentence}");
    let made = program.run_json(&[&RESET as &[&str], &["--organization", &two]].concat());
    assert_eq!(made["organization_ids"], serde_json::json!([two]));
}

#[test]
fn sign_in_is_allowed_again_for_an_address() {
    let program = Program::new();
    let empty = program.run_refused(&["user", "allow-sign-in", "--email", "ada@acme.example"]);
    assert!(empty.contains("no Keystead"), "{empty}");
    program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    for (email, expected) in
        [("ada@acme.example", "No account has this e-mail address"), ("nobody", "--email")]
    {
        let sentence = program.run_refused(&["user", "allow-sign-in", "--email", email]);
        assert!(sentence.contains(expected), "{sentence}");
    }
    let password = program.path("password");
    std::fs::write(&password, "correct horse battery").unwrap();
    let password = password.to_str().unwrap();
    program.run_json(&[
        "bootstrap",
        "--organization",
        "Other",
        "--email",
        "bob@other.example",
        "--password-file",
        password,
    ]);
    let opened = program.run(&["user", "allow-sign-in", "--email", "bob@other.example"]);
    assert!(opened.status.success() && opened.stdout.is_empty(), "{opened:?}");
}
