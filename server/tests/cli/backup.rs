//! Backups, restores and copies with the real binary.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use service::testing::TestBed;

use crate::program::{Program, Running, mode};

const KEYS: &str = "/v1/organizations/users/ada%40acme.example/api-keys";
/// Enough rows that a kill comes before the end.
const MANY: u32 = 300_000;

fn bootstrap(program: &Program) -> Value {
    program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"])["admin_key"]
        .clone()
}

async fn create(server: &Running, admin: &Value, name: &str) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("{}{KEYS}", server.address)).bearer_auth(admin.as_str().unwrap());
    let answer: Value = request.json(&json!({"name": name})).send().await.unwrap().json().await.unwrap();
    assert!(answer["key"].is_string(), "{answer}");
    answer["key"].clone()
}

async fn revoke(server: &Running, admin: &Value, name: &str) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request =
        client.delete(format!("{}{KEYS}/{name}", server.address)).bearer_auth(admin.as_str().unwrap());
    assert_eq!(request.send().await.unwrap().status(), 200);
}

async fn number_of_keys(server: &Running, admin: &Value) -> u64 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}{KEYS}", server.address)).bearer_auth(admin.as_str().unwrap());
    let list: Value = request.send().await.unwrap().json().await.unwrap();
    list["total"].as_u64().unwrap()
}

async fn is_accepted(server: &Running, key: &Value) -> bool {
    server.status("/v1/me", key).await == 200
}

/// Every key whose creation was acknowledged before the backup is in it and works. Of those created meanwhile, each is
/// there and works, or is not there at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_writes_contains_everything_that_was_acknowledged_before() {
    let program = Arc::new(Program::new());
    let admin = bootstrap(&program);
    let server = Arc::new(program.serve(&[]));
    let before = create(&server, &admin, "before").await;
    let revoked = create(&server, &admin, "revoked").await;
    revoke(&server, &admin, "revoked").await;

    let is_over = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (server, admin, is_over) = (Arc::clone(&server), admin.clone(), Arc::clone(&is_over));
        async move {
            let mut made = Vec::new();
            while !is_over.load(Ordering::SeqCst) || made.is_empty() {
                made.push(create(&server, &admin, &format!("during {}", made.len())).await);
            }
            made
        }
    });
    let running = Arc::clone(&program);
    let report =
        tokio::task::spawn_blocking(move || running.run_json(&["backup", "one.backup"])).await.unwrap();
    is_over.store(true, Ordering::SeqCst);
    let during = writing.await.unwrap();
    let after = create(&server, &admin, "after").await;
    drop(server);

    let file = program.path("one.backup");
    assert_eq!((mode(&file), report["bytes"].as_u64()), (0o600, Some(fs::metadata(&file).unwrap().len())));
    let verified = program.run_json(&["verify-backup", "one.backup"]);
    assert_eq!((&verified["sha256"], &verified["rows"]), (&report["sha256"], &report["rows"]));
    let restored = program.run_json(&["restore", "one.backup", "--data-dir", "restored"]);
    assert_eq!(restored["rows"], report["rows"]);
    assert_eq!(mode(&program.path("restored/keystead.db")), 0o600);

    let server = program.serve(&["--data-dir", "restored"]);
    assert!(is_accepted(&server, &admin).await && is_accepted(&server, &before).await);
    assert!(!is_accepted(&server, &revoked).await && !is_accepted(&server, &after).await);
    let mut works = 0;
    for key in &during {
        works += u64::from(is_accepted(&server, key).await);
    }
    // The admin's key, the one from before, and those created meanwhile.
    assert_eq!(number_of_keys(&server, &admin).await, 2 + works);
}

/// Counts rows that the program only has to carry.
fn add_many(program: &Program) {
    let db = Connection::open(program.data_dir().join("keystead.db")).unwrap();
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) \
         INSERT INTO usage_hours SELECT 'key_' || i, i, 'valid', 1 FROM n"
    );
    db.execute_batch(&sql).unwrap();
}

/// Adds rows that cannot be compressed, so that a backup is larger than the limit in [`Program`].
fn add_random(program: &Program) {
    let db = Connection::open(program.data_dir().join("keystead.db")).unwrap();
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
        INSERT INTO usage_hours SELECT hex(randomblob(16)), i, 'valid', 1 FROM n";
    db.execute_batch(sql).unwrap();
}

/// Starts a command, and kills it once it has written a part of the rows to a file.
fn kill_half_way(program: &Program, arguments: &[&str], target: &Path) {
    let mut child = program.spawn(arguments);
    loop {
        let reached = Connection::open_with_flags(target, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|db| {
            db.query_row("SELECT row_count FROM _keystead_import", (), |row| row.get::<_, u32>(0))
        });
        if reached.is_ok_and(|rows| rows > MANY / 10) {
            break;
        }
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_killed_restore_or_copy_is_refused_by_other_commands_and_continues() {
    let program = Program::new();
    let admin = bootstrap(&program);
    add_many(&program);
    let report = program.run_json(&["backup", "one.backup"]);
    assert_eq!(report["rows"]["usage_hours"], MANY);
    let copy = ["copy", "--from", "sqlite:data/keystead.db", "--to", "sqlite:new/keystead.db"];
    let restore = ["restore", "one.backup", "--data-dir", "new"];
    for command in [&restore[..], &copy] {
        fs::create_dir(program.path("new")).unwrap();
        kill_half_way(&program, command, &program.path("new/keystead.db"));
        for other in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["backup", "two.backup"]] {
            let sentence = program.run_refused(&[other, &["--data-dir", "new"]].concat());
            assert!(sentence.contains("was not finished"), "{sentence}");
        }
        let continued = program.run_json(command);
        assert_eq!(continued["rows"], report["rows"]);
        assert!(program.run_refused(command).contains("already contains"));
        let server = program.serve(&["--data-dir", "new"]);
        assert!(is_accepted(&server, &admin).await);
        drop(server);
        fs::remove_dir_all(program.path("new")).unwrap();
    }
}

#[tokio::test]
async fn a_database_is_moved_to_postgresql() {
    let (program, bed) = (Program::new(), TestBed::postgres().await);
    let url = bed.database.url().to_string();
    let admin = bootstrap(&program);
    program.run_json(&["copy", "--from", "sqlite:data/keystead.db", "--to", &url]);
    let server = program.serve(&["--database-url", &url]);
    assert!(is_accepted(&server, &admin).await);
    create(&server, &admin, "new").await;
    program.run_json(&["backup", "one.backup", "--database-url", &url]);
    program.run_json(&["restore", "one.backup", "--data-dir", "back"]);
    let server = program.serve(&["--data-dir", "back"]);
    assert_eq!(number_of_keys(&server, &admin).await, 2);
}

#[test]
fn what_cannot_be_done_is_said_and_nothing_is_left() {
    let program = Program::new();
    let names = || {
        let mut names: Vec<_> = fs::read_dir(program.path("."))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert!(program.run_refused(&["backup", "one.backup"]).contains("contains no Keystead database"));
    assert!(names().is_empty());
    bootstrap(&program);
    fs::write(program.path("other"), "some other file").unwrap();
    for (arguments, expected) in [
        (&["backup", "other"][..], "--force"),
        (&["backup", "other", "--force"], "is not replaced"),
        (&["backup", "data/keystead.db", "--force"], "is not replaced"),
        (&["backup", "missing/one.backup"], "No such file or directory"),
        (&["restore", "missing", "--data-dir", "new"], "cannot be read"),
        (&["restore", "other", "--data-dir", "new"], "is not a backup"),
        (&["verify-backup", "other"], "is not a backup"),
        (&["verify-backup", "data"], "cannot be read"),
        (&["copy", "--from", "sqlite:missing.db", "--to", "sqlite:new.db"], "--from"),
        (&["copy", "--from", "mysql://hunter2@x", "--to", "sqlite:new.db"], "--from"),
        (&["copy", "--from", "sqlite:data/keystead.db", "--to", "sqlite:missing/new.db"], "--to"),
        (
            &["copy", "--from", "sqlite:data/keystead.db", "--to", "sqlite:data/keystead.db"],
            "already contains",
        ),
    ] {
        let sentence = program.run_refused(arguments);
        assert!(sentence.contains(expected) && !sentence.contains("hunter2"), "{arguments:?}: {sentence}");
    }
    assert_eq!(names(), ["data", "other"]);
    assert_eq!(fs::read_to_string(program.path("other")).unwrap(), "some other file");
    fs::create_dir(program.path("closed")).unwrap();
    fs::set_permissions(program.path("closed"), Permissions::from_mode(0o500)).unwrap();
    let sentence = program.run_refused_as_nobody_special(&["backup", "closed/one.backup"]);
    assert!(sentence.contains("Permission denied"), "{sentence}");
    add_random(&program);
    let sentence = program.run_refused_with_file_limit(&["backup", "one.backup"]);
    assert!(sentence.contains("nothing of it was left"), "{sentence}");
    assert_eq!(names(), ["closed", "data", "other"]);
}

#[test]
fn a_backup_on_standard_output_is_a_backup() {
    let program = Program::new();
    bootstrap(&program);
    let output = program.run(&["backup", "-"]);
    assert!(output.status.success(), "{output:?}");
    fs::write(program.path("one.backup"), output.stdout).unwrap();
    let verified = program.run_json(&["verify-backup", "one.backup"]);
    let report: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(report["sha256"], verified["sha256"]);
}

fn write_secret(file: &Path, content: &str) {
    fs::write(file, content).unwrap();
    fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn an_encrypted_backup_is_restored_with_its_passphrase_only() {
    let program = Program::new();
    bootstrap(&program);
    for (file, content) in
        [("passphrase", "a long passphrase\n"), ("other", "another passphrase"), ("short", "eleven char")]
    {
        write_secret(&program.path(file), content);
    }
    fs::write(program.path("open"), "a long passphrase").unwrap();
    fs::set_permissions(program.path("open"), Permissions::from_mode(0o644)).unwrap();
    let with = |arguments: &[&'static str], file| [arguments, &["--passphrase-file", file]].concat();
    let made = program.run_json(&with(&["backup", "one.backup"], "passphrase"));
    let content = fs::read(program.path("one.backup")).unwrap();
    assert!(content.starts_with(b"age-encryption.org/v1\n-> scrypt "));
    assert!(!content.windows(8).any(|bytes| bytes == b"keystead"));
    for (arguments, expected) in [
        (vec!["verify-backup", "one.backup"], "is encrypted"),
        (with(&["verify-backup", "one.backup"], "other"), "not its passphrase"),
        (with(&["verify-backup", "one.backup"], "short"), "fewer than 12 characters"),
        (with(&["verify-backup", "one.backup"], "missing"), "cannot be read"),
        (with(&["verify-backup", "one.backup"], "open"), "chmod 600"),
        (with(&["backup", "two.backup"], "short"), "fewer than 12 characters"),
        (vec!["restore", "one.backup", "--data-dir", "new"], "is encrypted"),
        (with(&["restore", "one.backup", "--data-dir", "new"], "other"), "not its passphrase"),
    ] {
        let sentence = program.run_refused(&arguments);
        assert!(
            sentence.contains(expected) && !sentence.contains("long passphrase"),
            "{arguments:?}: {sentence}"
        );
    }
    assert!(!program.path("new").exists() && !program.path("two.backup").exists());
    let verified = program.run_json(&with(&["verify-backup", "one.backup"], "passphrase"));
    let restored = program.run_json(&with(&["restore", "one.backup", "--data-dir", "new"], "passphrase"));
    assert_eq!((&verified["sha256"], &verified["rows"]), (&made["sha256"], &made["rows"]));
    assert_eq!(restored["rows"], made["rows"]);
    let plain = program.run_json(&["backup", "plain.backup"]);
    assert_eq!(plain["rows"], made["rows"]);
    let sentence = program.run_refused(&with(&["verify-backup", "plain.backup"], "passphrase"));
    assert!(sentence.contains("is not encrypted"), "{sentence}");
}

#[tokio::test]
async fn a_running_server_makes_backups_by_itself() {
    let program = Program::new();
    let admin = bootstrap(&program);
    fs::create_dir(program.path("backups")).unwrap();
    write_secret(&program.path("passphrase"), "a long passphrase");
    let server = program.serve(&["--backup-dir", "backups", "--backup-passphrase-file", "passphrase"]);
    let file = loop {
        let made = fs::read_dir(program.path("backups")).unwrap().map(|entry| entry.unwrap().path());
        let made = made.filter(|path| path.extension().is_some_and(|extension| extension == "backup"));
        if let Some(file) = made.into_iter().next() {
            break file;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    drop(server);
    let file = file.to_str().unwrap();
    program.run_json(&["restore", file, "--data-dir", "new", "--passphrase-file", "passphrase"]);
    assert!(is_accepted(&program.serve(&["--data-dir", "new"]), &admin).await);
}
