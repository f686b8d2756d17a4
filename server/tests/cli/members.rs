//! `keystead user list`, `invite` and `make-admin`: who is in an organization, and how a person gets into one whose
//! admins have all left.

use model::user::UserDraft;
use reqwest::StatusCode;
use serde_json::{Value, json};
use service::testing::TestBed;

use crate::console::{client, post, signs_in};
use crate::program::{Program, Running};

const ACME: [&str; 5] = ["bootstrap", "--organization", "Acme", "--email", "Ada@Acme.example"];
const BOB: [&str; 2] = ["--email", "bob@acme.example"];

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Joins by an invitation at the running server.
async fn join(server: &Running, invited: &Value) {
    let (_, token) = text(&invited["sign_in_url"]).split_once("/invitation?token=").unwrap();
    let form = [("token", token), ("password", "correct horse battery")];
    assert_eq!(post(server, "invitation/accept", &form).await.status(), StatusCode::OK);
}

/// The only admin is gone: another person is invited before the server runs, and becomes an admin beside it.
async fn another_person_takes_over(database: &[&str]) {
    let program = Program::new();
    let made = program.run_json(&[&ACME, database].concat());
    let organization = ["--organization", text(&made["organization_id"])];
    let user = |command: &str, more: &[&str]| {
        program.run_json(&[&["user", command], more, &organization, database].concat())
    };
    let invited = user("invite", &BOB);
    assert!(
        text(&invited["sign_in_url"]).starts_with("http://127.0.0.1:3000/invitation?token="),
        "{invited}"
    );
    let bob = json!({
        "organization_id": made["organization_id"], "organization_name": "Acme", "user_id": invited["user_id"],
        "user_email": "bob@acme.example", "user_name": "bob", "role": "member", "status": "active", "can_sign_in": false,
    });
    let list = |more: &[&str]| program.run_lines(&[&["user", "list"], more, database].concat());
    assert_eq!(list(&[])[1], bob);
    assert_eq!(list(&organization), list(&[]));
    assert_eq!(user("invite", &BOB)["user_id"], bob["user_id"]);
    let server = program.serve(database);
    join(&server, &user("invite", &[&BOB as &[&str], &["--role", "member", "--user-name", "bob"]].concat()))
        .await;
    assert!(signs_in(&server, "bob@acme.example", "correct horse battery").await);
    for _ in 0..2 {
        let admin = user("make-admin", &BOB);
        assert_eq!((&admin["role"], &admin["can_sign_in"]), (&json!("admin"), &json!(true)));
    }
    let again =
        program.run_refused(&[&["user", "invite"], &BOB as &[&str], &organization, database].concat());
    assert!(again.contains("keystead user reset-password"), "{again}");
    assert_eq!(list(&organization).len(), 2);
}

#[tokio::test]
async fn another_person_takes_over_on_sqlite() {
    another_person_takes_over(&[]).await;
}

#[tokio::test]
async fn another_person_takes_over_on_postgres() {
    let bed = TestBed::postgres().await;
    another_person_takes_over(&["--database-url", bed.database.url().as_str()]).await;
}

#[test]
fn wrong_values_are_reported_in_a_sentence_and_change_nothing() {
    let program = Program::new();
    let made = program.run_json(&ACME);
    let organization = text(&made["organization_id"]);
    let before = program.run_lines(&["user", "list"]);
    let cases: [(&[&str], &str); 11] = [
        (&["list", "--organization", "Acme"], "--organization"),
        (&["list", "--organization", "org_1"], "There is no such organization."),
        (&["invite", "--organization", "Acme", "--email", "bob"], "--email"),
        (
            &["invite", "--organization", "org_1", "--email", "bob@acme.example"],
            "There is no such organization.",
        ),
        (
            &["invite", "--organization", organization, "--email", "bob@acme.example", "--role", "owner"],
            "--role",
        ),
        (
            &["invite", "--organization", organization, "--email", "bob@acme.example", "--user-name", ""],
            "--user-name",
        ),
        (
            &["invite", "--organization", organization, "--email", "ada@acme.example", "--role", "viewer"],
            "--role",
        ),
        (
            &["invite", "--organization", organization, "--email", "ada@acme.example", "--listen", "[::1]:0"],
            "--public-url",
        ),
        (
            &["make-admin", "--organization", organization, "--email", "bob@acme.example"],
            "keystead user invite",
        ),
        (
            &["make-admin", "--organization", "org_1", "--email", "ada@acme.example"],
            "There is no such organization.",
        ),
        (&["make-admin", "--organization", organization, "--email", "ada"], "--email"),
    ];
    for (arguments, expected) in cases {
        let sentence = program.run_refused(&[&["user"], arguments].concat());
        assert!(sentence.contains(expected), "{arguments:?}: {sentence}");
    }
    assert_eq!(program.run_lines(&["user", "list"]), before);
    for arguments in [&["user", "invite"] as &[&str], &["user", "make-admin", "--email", "ada@acme.example"]]
    {
        assert_eq!(program.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_suspended_member_is_refused_with_what_to_do() {
    let program = Program::new();
    let made = program.run_json(&ACME);
    let organization = ["--organization", text(&made["organization_id"])];
    program.run_json(&[&["user", "invite"], &BOB as &[&str], &organization].concat());
    let server = program.serve(&[]);
    let path = format!("{}/v1/organizations/users/bob%40acme.example", server.address);
    let request =
        client().patch(path).bearer_auth(text(&made["admin_key"])).json(&json!({"status": "suspended"}));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    for command in ["invite", "make-admin"] {
        let sentence = program.run_refused(&[&["user", command], &BOB as &[&str], &organization].concat());
        assert!(sentence.contains("suspended") && sentence.contains("Members"), "{sentence}");
    }
    let line = &program.run_lines(&["user", "list"])[1];
    assert_eq!((&line["role"], &line["status"]), (&json!("member"), &json!("suspended")));
}

#[tokio::test]
async fn a_long_list_is_complete() {
    let bed = TestBed::sqlite().await;
    let org = bed.organization("Acme").await;
    let operator = bed.service.operate_locally(&org.organization_id).await.unwrap();
    let new = |number: u32| {
        let draft = UserDraft {
            email: Some(format!("user{number}@acme.example")),
            user_name: Some(format!("User {number}")),
            ..UserDraft::default()
        };
        draft.check().unwrap()
    };
    bed.service.add_users(&operator, (0..1100).map(new).collect()).await.unwrap();
    let url = format!("sqlite:{}", bed.database.path().display());
    let lines = Program::new().run_lines(&["user", "list", "--database-url", &url]);
    let ids: std::collections::BTreeSet<_> =
        lines.iter().map(|line| text(&line["user_id"]).to_owned()).collect();
    assert_eq!((lines.len(), ids.len()), (1101, 1101));
}
