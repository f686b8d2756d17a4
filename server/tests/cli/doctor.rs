//! `keystead doctor` finds what is wrong, says what to do, and changes nothing.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use service::testing::TestBed;

use crate::program::{Program, mode};

/// The address that no server of a test has.
const NOWHERE: [&str; 2] = ["--listen", "127.0.0.1:1"];

fn bootstrap(program: &Program, database: &[&str]) -> Value {
    let acme = ["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"];
    program.run_json(&[&acme as &[&str], database].concat())
}

/// Runs the command and returns the level and the message of each check, and the exit code.
#[track_caller]
fn examine(program: &Program, arguments: &[&str]) -> (Vec<(String, String, String)>, i32) {
    let output = program.run(&[&["doctor", "--json"], arguments].concat());
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let findings = text.lines().map(|line| {
        let found: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{output:?}"));
        let part = |name: &str| found[name].as_str().unwrap().to_owned();
        (part("check"), part("level"), part("message"))
    });
    (findings.collect(), output.status.code().unwrap())
}

#[track_caller]
fn level_of(findings: &[(String, String, String)], check: &str) -> (String, String) {
    let found =
        findings.iter().find(|(name, ..)| name == check).unwrap_or_else(|| panic!("{check}: {findings:?}"));
    (found.1.clone(), found.2.clone())
}

/// Every file below a folder, with its permissions and content. SQLite's index of the log is only memory.
fn contents(folder: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_memory = path.to_string_lossy().ends_with("-shm");
        let bytes = if path.is_dir() || is_memory { Vec::new() } else { fs::read(&path).unwrap() };
        if path.is_dir() {
            found.extend(contents(&path));
        }
        found.insert(path.clone(), (mode(&path), bytes));
    }
    found
}

#[test]
fn a_healthy_database_without_a_server_has_no_problem_and_stays_as_it_is() {
    let program = Program::new();
    bootstrap(&program, &[]);
    let before = contents(&program.path(""));
    let (findings, code) = examine(&program, &NOWHERE);
    assert_eq!(code, 0, "{findings:?}");
    for check in ["settings", "files", "database", "clock", "log", "integrity", "disk", "limits"] {
        assert_eq!(level_of(&findings, check).0, "ok", "{check}: {findings:?}");
    }
    assert!(level_of(&findings, "server").1.contains("No server answers"), "{findings:?}");
    assert!(level_of(&findings, "backups").1.contains("--backup-dir"), "{findings:?}");
    assert_eq!(contents(&program.path("")), before);
    let text = String::from_utf8(program.run(&[&["doctor"] as &[&str], &NOWHERE].concat()).stdout).unwrap();
    assert_eq!(text.lines().count(), findings.len(), "one line for each check: {text}");
    assert!(text.starts_with("ok       settings     All settings are valid.\n"), "{text}");
}

#[tokio::test]
async fn a_running_server_is_asked_and_its_unnamed_proxy_is_found() {
    let program = Program::new();
    bootstrap(&program, &[]);
    let metrics = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let server = program.serve(&["--metrics-listen", &metrics]);
    let host = server.address.trim_start_matches("http://").to_owned();
    let beside = ["--listen", &host, "--metrics-listen", &metrics];
    // The server reads its database first.
    while examine(&program, &beside).1 != 0 {}
    let before = contents(&program.path(""));
    let (findings, code) = examine(&program, &beside);
    assert_eq!((code, level_of(&findings, "server").0), (0, "ok".to_owned()), "{findings:?}");
    assert!(level_of(&findings, "server").1.contains("can verify keys"), "{findings:?}");
    assert_eq!(level_of(&findings, "proxies").0, "ok", "{findings:?}");
    assert_eq!(contents(&program.path("")), before);

    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}/v1/me", server.address)).header("x-forwarded-for", "192.0.2.1");
    assert_eq!(request.send().await.unwrap().status(), 401);
    let (level, message) = level_of(&examine(&program, &beside).0, "proxies");
    assert!(level == "warning" && message.contains("KEYSTEAD_TRUSTED_PROXIES"), "{message}");
    let (findings, _) = examine(&program, &["--listen", &host]);
    assert!(level_of(&findings, "proxies").1.contains("--metrics-listen"), "{findings:?}");
}

#[test]
fn wrong_settings_are_all_named_and_nothing_else_is_looked_at() {
    let program = Program::new();
    let (findings, code) =
        examine(&program, &["--listen", "nowhere", "--database-url", "mysql://me:hunter2@db/k"]);
    assert_eq!((code, findings.len()), (1, 2), "{findings:?}");
    assert!(
        findings.iter().all(|(check, level, _)| check == "settings" && level == "problem"),
        "{findings:?}"
    );
    assert!(!format!("{findings:?}").contains("hunter2"), "{findings:?}");
    assert_eq!(fs::read_dir(program.path("")).unwrap().count(), 0);
}

#[test]
fn a_wrong_place_is_named_and_not_created() {
    let program = Program::new();
    fs::write(program.path("letter"), "Dear Sir or Madam, ".repeat(1000)).unwrap();
    let before = contents(&program.path(""));
    for place in
        [["--data-dir", "a/b"], ["--database-url", "sqlite:missing.db"], ["--database-url", "sqlite:letter"]]
    {
        let (findings, code) = examine(&program, &[&place as &[&str], &NOWHERE].concat());
        let (level, message) = level_of(&findings, "database");
        assert_eq!((code, level.as_str()), (1, "problem"), "{place:?}: {message}");
        assert!(message.contains("There is no Keystead database"), "{message}");
        assert_eq!(contents(&program.path("")), before, "{place:?}");
    }
}

#[test]
fn an_unreachable_database_is_a_problem_and_its_password_is_not_shown() {
    let program = Program::new();
    let url = "postgres://me:hunter2@127.0.0.1:1/keystead";
    let output = program.run(&[&["doctor", "--database-url", url] as &[&str], &NOWHERE].concat());
    let text = format!("{output:?}");
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("problem  database") && !text.contains("hunter2"), "{text}");
}

#[test]
fn open_files_and_a_file_of_another_user_are_found() {
    let program = Program::new();
    bootstrap(&program, &[]);
    fs::set_permissions(program.data_dir(), Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(program.data_dir().join("seal.key"), Permissions::from_mode(0o604)).ok();
    fs::set_permissions(program.data_dir().join("keystead.db"), Permissions::from_mode(0o604)).unwrap();
    let (findings, code) = examine(&program, &NOWHERE);
    let of_files: Vec<_> = findings.iter().filter(|(check, ..)| check == "files").collect();
    assert!(code == 0 && of_files.iter().all(|(_, level, _)| level == "warning"), "{findings:?}");
    let text = format!("{of_files:?}");
    assert!(
        text.contains("chmod 700") && text.contains("chmod 600") && text.contains("keystead.db"),
        "{text}"
    );
    // Only root can give a file to somebody else.
    if std::os::unix::fs::chown(program.data_dir().join("seal.key"), Some(65534), None).is_ok() {
        let (findings, code) = examine(&program, &NOWHERE);
        assert!(code == 1 && format!("{findings:?}").contains("chown"), "{findings:?}");
    }
}

#[test]
fn a_database_that_this_user_may_not_read_is_not_called_missing() {
    let program = Program::new();
    bootstrap(&program, &[]);
    for (path, closed, open) in
        [(program.data_dir().join("keystead.db"), 0o000, 0o600), (program.data_dir(), 0o000, 0o700)]
    {
        fs::set_permissions(&path, Permissions::from_mode(closed)).unwrap();
        let output = program.run_as_nobody_special(&[&["doctor"] as &[&str], &NOWHERE].concat());
        fs::set_permissions(&path, Permissions::from_mode(open)).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(
            text.contains("cannot be read (Permission denied") && !text.contains("no Keystead"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn other_schemas_an_unfinished_restore_a_wrong_clock_and_damage_are_found() {
    for (sql, check, level, part) in [
        (
            "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)",
            "database",
            "warning",
            "keystead migrate",
        ),
        (
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
            VALUES (9999, 'later', TRUE, '', 0)",
            "database",
            "problem",
            "newer version",
        ),
        ("CREATE TABLE _keystead_import (row_count BIGINT)", "database", "problem", "was not finished"),
    ] {
        for bed in [TestBed::sqlite().await, TestBed::postgres().await] {
            bed.database.run(sql).await;
            let url = match &bed.database.target {
                service::Target::Sqlite(path) => format!("sqlite:{}", path.display()),
                _ => bed.database.url().to_string(),
            };
            bed.database.store.close().await;
            let (findings, code) =
                examine(&Program::new(), &[&["--database-url", &url] as &[&str], &NOWHERE].concat());
            let (found, message) = level_of(&findings, check);
            assert!(found == level && message.contains(part), "{url}: {findings:?}");
            assert_eq!(code == 1, level == "problem", "{findings:?}");
        }
    }
    let program = Program::new();
    bootstrap(&program, &[]);
    let database = program.data_dir().join("keystead.db");
    rusqlite::Connection::open(&database)
        .unwrap()
        .execute("UPDATE audit_events SET happened_at = happened_at + 86400000000", ())
        .unwrap();
    let (level, message) = level_of(&examine(&program, &NOWHERE).0, "clock");
    assert!(level == "warning" && message.contains("in the future"), "{message}");
    let mut bytes = fs::read(&database).unwrap();
    let page = bytes.len() / 2 / 4096 * 4096;
    bytes[page..page + 4096].fill(0xa5);
    fs::write(&database, bytes).unwrap();
    let (findings, code) = examine(&program, &NOWHERE);
    assert!(code == 1 && level_of(&findings, "integrity").0 == "problem", "{findings:?}");
}

#[test]
fn backups_are_judged_by_the_age_of_the_newest() {
    let program = Program::new();
    bootstrap(&program, &[]);
    fs::create_dir(program.path("backups")).unwrap();
    let with = [&["--backup-dir", "backups"] as &[&str], &NOWHERE].concat();
    assert!(level_of(&examine(&program, &with).0, "backups").1.contains("no backup of a server yet"));
    fs::write(program.path("backups/keystead-2001-01-01T00-00-00Z.backup"), "").unwrap();
    let (findings, code) = examine(&program, &with);
    assert_eq!((code, level_of(&findings, "backups").0.as_str()), (1, "problem"), "{findings:?}");
}

/// As after `kill -9`, and a copy of the folder.
#[test]
fn a_database_that_was_not_closed_is_read_without_a_change() {
    let program = Program::new();
    bootstrap(&program, &[]);
    // Dropping kills the server, so it cannot close its database.
    drop(program.serve(&[]));
    let before = contents(&program.path(""));
    let (findings, code) = examine(&program, &NOWHERE);
    assert_eq!((code, level_of(&findings, "database").0.as_str()), (0, "ok"), "{findings:?}");
    assert_eq!(contents(&program.path("")), before);
}
