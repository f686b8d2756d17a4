use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::program::{Program, mode};

const ACME: [&str; 5] = ["bootstrap", "--organization", "Acme", "--email", "Ada@Acme.example"];

#[tokio::test]
async fn an_organization_can_be_created_before_the_first_start() {
    let program = Program::new();
    let output = program.run(&ACME);
    let text = String::from_utf8(output.stdout).unwrap();
    let made: serde_json::Value = serde_json::from_str(&text).unwrap();
    let names = ["organization_id", "internal_id", "user_id", "user_email", "admin_key", "sign_in_url"];
    let places: Vec<_> = names.iter().map(|name| text.find(&format!("\"{name}\":")).unwrap()).collect();
    assert!(places.is_sorted() && made.as_object().unwrap().len() == 6 && text.ends_with("}\n"), "{text}");
    for (name, prefix) in
        [("organization_id", "org_"), ("internal_id", "int_"), ("user_id", "usr_"), ("admin_key", "sk_live_")]
    {
        assert!(made[name].as_str().unwrap().starts_with(prefix), "{made}");
    }
    assert_eq!(made["user_email"], "Ada@Acme.example");
    assert_eq!((mode(&program.data_dir()), mode(&program.data_dir().join("keystead.db"))), (0o700, 0o600));

    let server = program.serve(&[]);
    assert_eq!(
        server.status("/v1/organizations/users/ada%40acme.example/api-keys", &made["admin_key"]).await,
        200
    );
}

#[tokio::test]
async fn more_organizations_can_be_created_while_a_server_runs() {
    let program = Program::new();
    let first = program.run_json(&ACME);
    let server = program.serve(&[]);
    let second = program.run_json(&["bootstrap", "--organization", "Globex", "--email", "ada@acme.example"]);
    assert_ne!(
        (&first["organization_id"], &first["user_id"]),
        (&second["organization_id"], &second["user_id"])
    );
    for made in [&first, &second] {
        assert_eq!(server.status("/v1/organizations", &made["admin_key"]).await, 200);
    }
}

#[test]
fn a_second_organization_of_the_same_name_needs_an_option() {
    let program = Program::new();
    let named = |name| ["bootstrap", "--organization", name, "--email", "ada@acme.example"];
    let first = program.run_json(&named("Caf\u{e9}"));
    for name in ["Caf\u{e9}", "Cafe\u{301}"] {
        let sentence = program.run_refused(&named(name));
        assert!(sentence.contains("--organization") && sentence.contains("--allow-same-name"), "{sentence}");
    }
    let second = program.run_json(&[&named("Cafe\u{301}") as &[&str], &["--allow-same-name"]].concat());
    assert_ne!(first["organization_id"], second["organization_id"]);
    assert_eq!(program.run_lines(&["user", "list"]).len(), 2);
}

/// With a password, no link is printed, so the console's address is not needed.
#[test]
fn an_admin_with_a_password_needs_no_address_of_the_console() {
    let program = Program::new();
    std::fs::write(program.path("password"), "correct horse battery").unwrap();
    let any_port = ["--listen", "127.0.0.1:0"];
    let made = program.run_json(&[&ACME as &[&str], &any_port, &["--password-file", "password"]].concat());
    assert_eq!(made.get("sign_in_url"), None);
    let sentence = program.run_refused(&[&ACME as &[&str], &any_port].concat());
    assert!(sentence.contains("--public-url"), "{sentence}");
}

#[test]
fn the_admin_is_named_after_the_address_by_default() {
    let program = Program::new();
    for (email, user_name) in
        [("ada@acme.example", None), ("a@acme.example", None), ("b@acme.example", Some("Bob"))]
    {
        let mut arguments = vec!["bootstrap", "--organization", email, "--email", email];
        arguments.extend(user_name.iter().flat_map(|name| ["--user-name", name]));
        assert_eq!(program.run_json(&arguments)["user_email"], json!(email));
    }
}

#[test]
fn an_unusable_value_is_reported_with_its_option_and_creates_nothing() {
    let program = Program::new();
    let unreadable = program.path("unreadable");
    std::fs::write(&unreadable, "correct horse battery").unwrap();
    std::fs::set_permissions(&unreadable, std::fs::Permissions::from_mode(0o000)).unwrap();
    let short = program.path("short");
    std::fs::write(&short, "short\n").unwrap();
    let missing = program.path("missing").display().to_string();
    let cases: [(&[&str], &str); 6] = [
        (&["--organization", "", "--email", "a@b.example"], "--organization"),
        (&["--organization", "Acme", "--email", "nobody"], "--email"),
        (&["--organization", "Acme", "--email", "ab@b.example", "--user-name", "x"], "--user-name"),
        (
            &["--organization", "Acme", "--email", "ab@b.example", "--password-file", &missing],
            "--password-file",
        ),
        (
            &["--organization", "Acme", "--email", "ab@b.example", "--password-file", "short"],
            "--password-file",
        ),
        (&["--organization", "Acme", "--email", "ab@b.example", "--password-file", "."], "--password-file"),
    ];
    for (arguments, option) in cases {
        let sentence = program.run_refused(&[&["bootstrap"], arguments].concat());
        assert!(sentence.contains(option), "{sentence}");
    }
    assert!(!program.data_dir().exists());
}

#[test]
fn a_wrong_command_line_exits_with_code_2() {
    let program = Program::new();
    let cases: [&[&str]; 4] = [
        &["bootstrap"],
        &["bootstrap", "--organization", "Acme"],
        &["bootstrap", "--password", "x"],
        &["boot"],
    ];
    for arguments in cases {
        let output = program.run(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{output:?}");
    }
}

#[test]
fn an_unreachable_database_is_reported_without_its_password() {
    let program = Program::new();
    let url = "postgres://keystead:hunter2hunter2@127.0.0.1:9/none";
    let sentence = program.run_refused(&[&ACME as &[&str], &["--database-url", url]].concat());
    assert!(sentence.contains("--database-url") && !sentence.contains("hunter2"), "{sentence}");
}
