use crate::program::Program;

#[test]
fn an_account_is_opened_to_sign_ins_by_its_address() {
    let program = Program::new();
    let empty = program.run_refused(&["user", "allow-sign-in", "--email", "ada@acme.example"]);
    assert!(empty.contains("no Keystead"), "{empty}");
    program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    for (email, expected) in [("ada@acme.example", "Nobody signs in"), ("nobody", "--email")] {
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
