//! Upgrades: `docs/operate/upgrading.md`, with the database of a released older version.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;
use service::testing::{TestBed, newest_migration};

use crate::machine::{Machine, verify};
use crate::page::Page;

/// The oldest released schema whose backup is kept.
const SCHEMA: i64 = 10;

fn kept(ending: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../service/src/tests/released");
    folder.join(format!("schema-{SCHEMA}.{ending}"))
}

fn schema(database: &Path) -> i64 {
    let query = "SELECT max(version) FROM _sqlx_migrations";
    Connection::open(database).unwrap().query_row(query, [], |row| row.get(0)).unwrap()
}

/// Verifies every key of the kept backup.
async fn check_keys(machine: &Machine, facts: &Value) {
    let server = machine.serve("keystead serve --data-dir /var/lib/keystead");
    let secrets = |name: &str| facts[name].as_array().unwrap().iter().map(|secret| secret.as_str().unwrap());
    let admin_key = facts["accepted"][0].as_str().unwrap();
    for secret in secrets("accepted") {
        assert_eq!(verify(&server, admin_key, secret).await, "VALID");
    }
    for secret in secrets("refused") {
        assert_ne!(verify(&server, admin_key, secret).await, "VALID");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_released_older_database_is_upgraded_and_one_can_go_back() {
    let (mut page, mut machine) = (Page::read("operate/upgrading.md"), Machine::new());
    // There is no user of the service on this machine.
    for words in ["sudo ", "-o keystead -g keystead ", "sudo -u keystead "] {
        machine.call(words, "");
    }
    let facts: Value = serde_json::from_str(&fs::read_to_string(kept("json")).unwrap()).unwrap();
    let older = TestBed::restored_as_it_was(service::testing::empty_sqlite().await, &kept("backup")).await;
    let database = machine.path("/var/lib/keystead/keystead.db");
    let data_dir = database.parent().unwrap();
    fs::create_dir_all(data_dir).unwrap();
    fs::set_permissions(data_dir, Permissions::from_mode(0o700)).unwrap();
    let source = Connection::open(older.database.path()).unwrap();
    source.execute("VACUUM INTO ?1", [database.to_str().unwrap()]).unwrap();
    drop((source, older));
    assert_eq!(schema(&database), SCHEMA);

    machine.run(&page.block("keystead backup")).await;
    page.not_here("systemctl stop", "there is no service, and no second binary");
    let migrated = machine.run(&page.block("keystead migrate")).await;
    assert!(migrated.contains(&newest_migration().to_string()), "{migrated}");
    assert_eq!(schema(&database), newest_migration());
    page.not_here("systemctl start", "there is no service");
    check_keys(&machine, &facts).await;

    // Back to the older version, whose `keystead restore` leaves the schema as it is.
    machine.run(&page.block("keystead restore")).await;
    check_keys(&machine, &facts).await;
    page.end();
}
