//! A data folder that others use, too, such as a volume: the database is in a closed folder inside, where every command
//! finds it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::program::{Program, mode};

const ACME: [&str; 5] = ["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"];

/// Makes the data folder with something in it and a mode.
fn share(program: &Program, bits: u32) {
    fs::create_dir_all(program.data_dir().join("lost+found")).unwrap();
    set(&program.data_dir(), bits);
}

fn set(path: &Path, bits: u32) {
    fs::set_permissions(path, Permissions::from_mode(bits)).unwrap();
}

#[tokio::test]
async fn every_command_finds_the_database_inside_a_shared_folder() {
    for bits in [0o755, 0o2775, 0o1777] {
        let program = Program::new();
        share(&program, bits);
        let made = program.run_json(&ACME);
        let inside = program.data_dir().join("keystead");
        assert_eq!((mode(&inside), mode(&inside.join("keystead.db"))), (0o700, 0o600));
        assert_eq!(program.run_lines(&["user", "list"]).len(), 1);
        assert!(program.run(&["backup", "acme.backup"]).status.success());
        let server = program.serve(&[]);
        assert_eq!(server.status("/v1/me", &made["admin_key"]).await, 200);
        // Only what was there before is beside it, and others may still use it.
        let mut names: Vec<_> =
            fs::read_dir(program.data_dir()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["keystead", "lost+found"]);
        assert_eq!(mode(&program.data_dir()), bits & 0o777);
    }
}

#[test]
fn the_database_stays_where_it_is_if_the_folder_is_shared_or_closed_later() {
    let program = Program::new();
    program.run_json(&ACME);
    share(&program, 0o2775);
    assert_eq!(program.run_lines(&["user", "list"]).len(), 1);
    assert!(!program.data_dir().join("keystead").exists());

    let program = Program::new();
    share(&program, 0o755);
    program.run_json(&ACME);
    set(&program.data_dir(), 0o700);
    assert_eq!(program.run_lines(&["user", "list"]).len(), 1);
    assert!(!program.data_dir().join("keystead.db").exists());
}

#[test]
fn a_shared_folder_in_which_others_could_replace_the_database_is_refused() {
    let program = Program::new();
    share(&program, 0o777);
    let refuse = |reason: &str| {
        for command in [&ACME as &[&str], &["serve", "--listen", "127.0.0.1:0"], &["user", "list"]] {
            let sentence = program.run_refused(command);
            assert!(sentence.contains("KEYSTEAD_DATA_DIR") && sentence.contains(reason), "{sentence}");
        }
    };
    refuse("every user can write to");
    assert!(!program.data_dir().join("keystead").exists());
    // A link that somebody else may have made.
    set(&program.data_dir(), 0o1777);
    fs::create_dir(program.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", program.data_dir().join("keystead")).unwrap();
    refuse("is no folder");
    assert_eq!(fs::read_dir(program.path("elsewhere")).unwrap().count(), 0);
}

#[test]
fn the_file_of_another_program_is_not_closed_to_others() {
    let program = Program::new();
    let letters = program.path("letters.db");
    fs::write(&letters, "Dear Sir or Madam, ".repeat(1000)).unwrap();
    set(&letters, 0o644);
    for command in [&ACME as &[&str], &["serve", "--listen", "127.0.0.1:0"]] {
        let sentence = program.run_refused(&[command, &["--database-url", "sqlite:letters.db"]].concat());
        assert!(sentence.contains("contains no Keystead database"), "{sentence}");
        assert_eq!(mode(&letters), 0o644);
    }
}
