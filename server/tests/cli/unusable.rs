//! A file that cannot be used is refused at the start, with a message that names the setting and the cause.

use std::fs::{Permissions, create_dir, set_permissions, write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::program::Program;

const ACME: [&str; 5] = ["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"];

#[expect(clippy::unwrap_used, reason = "a test ends where this fails")]
fn close(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn an_unreadable_password_file_is_named_and_nothing_is_created() {
    let program = Program::new();
    let file = program.path("password");
    write(&file, "correct horse battery").unwrap();
    close(&file, 0o000);
    let sentence =
        program.run_refused_as_nobody_special(&[&ACME as &[&str], &["--password-file", "password"]].concat());
    assert!(sentence.contains("--password-file") && sentence.contains("Permission denied"), "{sentence}");
    assert!(!program.data_dir().exists());
}

#[test]
fn a_database_file_that_cannot_be_written_is_named() {
    let program = Program::new();
    program.run_json(&ACME);
    let file = program.data_dir().join("keystead.db");
    for mode in [0o400, 0o000] {
        close(&file, mode);
        for command in [&["serve", "--listen", "127.0.0.1:0"] as &[&str], &["migrate"], &ACME] {
            let sentence = program.run_refused_as_nobody_special(command);
            assert!(sentence.contains("KEYSTEAD_DATA_DIR") && sentence.contains("keystead.db"), "{sentence}");
            assert!(sentence.contains("cannot be read and written"), "{sentence}");
        }
    }
}

#[test]
fn an_unwritable_write_ahead_log_is_named() {
    let program = Program::new();
    program.run_json(&ACME);
    let log = program.data_dir().join("keystead.db-wal");
    write(&log, "").unwrap();
    close(&log, 0o400);
    let sentence = program.run_refused_as_nobody_special(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(
        sentence.contains("keystead.db-wal") && sentence.contains("cannot be read and written"),
        "{sentence}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let program = Program::new();
    create_dir(program.data_dir()).unwrap();
    close(&program.data_dir(), 0o500);
    let sentence = program.run_refused_as_nobody_special(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(
        sentence.contains("KEYSTEAD_DATA_DIR") && sentence.contains("cannot be written to"),
        "{sentence}"
    );
}
