//! A copy of the database file without its write-ahead log does not begin a new Keystead.

use std::fs;

use crate::program::Program;

/// Commands close the database, so that a later one does not take the file for such a copy.
#[test]
fn a_database_that_a_command_used_is_not_taken_for_a_copy() {
    let program = Program::new();
    program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    let commands = [
        &["migrate"][..],
        &["user", "list"],
        &["backup", "one.backup"],
        &["restore", "one.backup", "--data-dir", "new"],
        &["user", "list", "--data-dir", "new"],
        &["copy", "--from", "sqlite:new/keystead.db", "--to", "sqlite:copy.db"],
        &["user", "invite", "--organization", "org_missing", "--email", "bob@acme.example"],
        &["user", "list", "--database-url", "sqlite:copy.db"],
    ];
    for command in commands.iter().chain(&commands[..2]) {
        let output = program.run(command);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!text.contains("write-ahead log"), "{command:?}: {text}");
    }
    for name in ["data/keystead.db", "new/keystead.db", "copy.db"] {
        assert!(!program.path(&format!("{name}-wal")).exists(), "{name}");
    }
}

#[test]
fn a_copy_without_the_log_is_refused_or_reported() {
    let program = Program::new();
    let server = program.serve(&[]);
    fs::create_dir(program.path("copy")).unwrap();
    fs::copy(program.data_dir().join("keystead.db"), program.path("copy/keystead.db")).unwrap();
    program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    let before = fs::read(program.path("copy/keystead.db")).unwrap();
    for command in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["bootstrap", "--organization", "Acme", "--email", "eve@acme.example"],
    ] {
        let sentence = program.run_refused(&[command, &["--data-dir", "copy"]].concat());
        assert!(sentence.contains("The write-ahead log of the database there is missing"), "{sentence}");
        assert_eq!(fs::read_dir(program.path("copy")).unwrap().count(), 1);
        assert_eq!(fs::read(program.path("copy/keystead.db")).unwrap(), before);
    }
    // With the log, it is the whole database.
    fs::create_dir(program.path("whole")).unwrap();
    for file in ["keystead.db", "keystead.db-wal"] {
        fs::copy(program.data_dir().join(file), program.path("whole").join(file)).unwrap();
    }
    drop(server);
    let members = program.run_lines(&["user", "list", "--data-dir", "whole"]);
    assert_eq!(members[0]["user_email"], "ada@acme.example");
}
