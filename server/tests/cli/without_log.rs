//! A copy of the database file without its write-ahead log does not begin a new Keystead.

use std::fs;

use crate::program::Program;

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
