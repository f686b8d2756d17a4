//! Only `serve`, `bootstrap`, `restore` and `copy` create a database. All other commands refuse a place without one,
//! and leave it as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use service::testing::TestBed;

use crate::program::{Program, mode};

/// The commands that work on a database that exists.
const COMMANDS: [&[&str]; 13] = [
    &["admin-key", "--email", "ada@acme.example"],
    &["gateway", "create", "--organization", "org_1", "--name", "api"],
    &["gateway", "list", "--organization", "org_1"],
    &["gateway", "show", "gw_1"],
    &["gateway", "remove", "gw_1"],
    &["gateway", "snippet", "gw_1", "--proxy", "nginx"],
    &["user", "list"],
    &["user", "invite", "--organization", "org_1", "--email", "ada@acme.example"],
    &["user", "reset-password", "--email", "ada@acme.example"],
    &["user", "allow-sign-in", "--email", "ada@acme.example"],
    &["user", "make-admin", "--organization", "org_1", "--email", "ada@acme.example"],
    &["migrate"],
    &["backup", "new.backup"],
];

/// Refuses a place with each command, and checks that the whole folder stays as it is.
#[track_caller]
fn refuse(program: &Program, database: &[&str]) {
    let before = contents(&program.path(""));
    for command in COMMANDS {
        let sentence = program.run_refused(&[command, database].concat());
        assert!(sentence.contains("contains no Keystead database"), "{command:?}: {sentence}");
        assert!(sentence.contains("--data-dir") || sentence.contains("--database-url"), "{sentence}");
        assert_eq!(contents(&program.path("")), before, "{command:?}");
    }
}

/// Every file and folder below a folder, with its permissions and what it contains.
fn contents(folder: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = if path.is_dir() { Vec::new() } else { fs::read(&path).unwrap() };
        if path.is_dir() {
            found.extend(contents(&path));
        }
        found.insert(path.clone(), (mode(&path), bytes));
    }
    found
}

#[test]
fn a_mistyped_folder_is_not_created_and_an_empty_one_stays_empty() {
    let program = Program::new();
    refuse(&program, &[]);
    refuse(&program, &["--data-dir", "a/b"]);
    refuse(&program, &["--database-url", "sqlite:missing.db"]);
    fs::create_dir(program.data_dir()).unwrap();
    fs::set_permissions(program.data_dir(), Permissions::from_mode(0o755)).unwrap();
    refuse(&program, &[]);
    fs::write(program.path("empty.db"), "").unwrap();
    refuse(&program, &["--database-url", "sqlite:empty.db"]);
}

#[tokio::test]
async fn files_of_other_programs_are_not_changed() {
    let program = Program::new();
    fs::create_dir(program.data_dir()).unwrap();
    let letters = program.data_dir().join("keystead.db");
    fs::write(&letters, "Dear Sir or Madam, ".repeat(1000)).unwrap();
    fs::set_permissions(letters, Permissions::from_mode(0o644)).unwrap();
    refuse(&program, &[]);
    // A database in the same journal mode as Keystead's, in which SQLite creates files beside it.
    let bed = TestBed::sqlite().await;
    bed.database.run("ALTER TABLE organizations RENAME TO clubs").await;
    bed.database.store.close().await;
    fs::copy(bed.database.path(), program.path("clubs.db")).unwrap();
    refuse(&program, &["--database-url", "sqlite:clubs.db"]);
}

#[tokio::test]
async fn an_empty_postgres_database_stays_empty_until_bootstrap() {
    let bed = TestBed::postgres().await;
    bed.database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    let (program, url) = (Program::new(), bed.database.url().to_string());
    let database = ["--database-url", url.as_str()];
    refuse(&program, &database);
    bed.database
        .run(
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace) \
             THEN RAISE 'something was created'; END IF; END $$",
        )
        .await;
    let acme = ["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"];
    program.run_json(&[&acme as &[&str], &database].concat());
    assert_eq!(program.run_lines(&[&["user", "list"] as &[&str], &database].concat()).len(), 1);
}

/// A new command must be in the list above, or be one that needs no database or creates it.
#[test]
fn every_command_is_in_the_list() {
    let program = Program::new();
    let commands_of = |group: &[&str]| -> BTreeSet<String> {
        let help = String::from_utf8(program.run(&[&["help"], group].concat()).stdout).unwrap();
        let (_, list) = help.split_once("Commands:\n").unwrap();
        let names = list.lines().take_while(|line| !line.trim().is_empty());
        // Descriptions that need a second line are indented further.
        let names = names.filter(|line| !line.starts_with("   "));
        names.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
    };
    let listed = |group: &[&str]| -> BTreeSet<String> {
        let of_group = COMMANDS.iter().filter_map(|command| command.strip_prefix(group));
        of_group.map(|command| command[0].to_owned()).collect()
    };
    let with = |others: &[&str], mut names: BTreeSet<String>| {
        names.extend(others.iter().map(|name| (*name).to_owned()));
        names
    };
    let others = [
        "serve",
        "bootstrap",
        "restore",
        "verify-backup",
        "copy",
        "healthcheck",
        "doctor",
        "config",
        "version",
        "help",
    ];
    assert_eq!(commands_of(&[]), with(&others, listed(&[])));
    for group in ["gateway", "user"] {
        assert_eq!(commands_of(&[group]), with(&["help"], listed(&[group])));
    }
}
