//! Commands of the operator that are killed half-way: what such a command did is there completely or not at all.

use std::path::Path;
use std::thread::sleep;
use tokio::time::Instant;

use rusqlite::Connection;

use crate::program::Program;

/// How many commands of each kind are killed.
const KILLS: u32 = 8;

fn count(database: &Path, sql: &str) -> i64 {
    Connection::open(database).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Starts a command again and again, and kills it at different moments, the last one after about the time that a
/// command takes. After each kill, `check` compares what is in the database.
#[expect(clippy::disallowed_methods, reason = "no runtime is involved")]
fn killed(program: &Program, arguments: impl Fn(u32) -> Vec<String>, check: impl Fn(&Path)) {
    let database = program.data_dir().join("keystead.db");
    let started = Instant::now();
    program.run_lines(&["user", "list"]);
    let step = started.elapsed() / KILLS;
    for number in 0..KILLS {
        let arguments = arguments(number);
        let mut command = program.spawn(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        sleep(step * number);
        let _already_ended = command.kill();
        command.wait().unwrap();
        // The next command opens the database, which recovers it.
        program.run_lines(&["user", "list"]);
        let integrity: String = Connection::open(&database)
            .unwrap()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(integrity, "ok");
        check(&database);
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

#[test]
fn a_killed_bootstrap_leaves_a_whole_organization_or_none() {
    let program = Program::new();
    program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    let command = |number| words(&format!("bootstrap --organization Org{number} --email ada@acme.example"));
    killed(&program, command, |database| {
        let organizations = count(database, "SELECT count(*) FROM organizations");
        for whole in [
            "SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'",
            "SELECT count(*) FROM keys WHERE name = 'admin-key'",
            "SELECT count(*) FROM audit_events WHERE action = 'organization_created'",
        ] {
            assert_eq!(count(database, whole), organizations, "{whole}");
        }
    });
}

#[test]
fn a_killed_command_changes_a_member_with_its_audit_record_or_not_at_all() {
    let program = Program::new();
    let made = program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    let organization = made["organization_id"].as_str().unwrap();
    let invite = |number| {
        words(&format!(
            "user invite --organization {organization} --email m{number}@acme.example --role member"
        ))
    };
    let invited = "SELECT count(*) FROM users WHERE role = 'member'";
    let recorded = "SELECT count(*) FROM audit_events WHERE action = 'invitation_created'";
    killed(&program, invite, |database| assert_eq!(count(database, invited), count(database, recorded)));

    // The commands that were killed are run again to their end.
    for number in 0..KILLS {
        let again = invite(number);
        program.run(&again.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let promote = |number| {
        words(&format!("user make-admin --organization {organization} --email m{number}@acme.example"))
    };
    let promoted = "SELECT count(*) FROM users WHERE role = 'admin' AND email LIKE 'm%'";
    let recorded = "SELECT count(*) FROM audit_events WHERE action = 'permission_updated'";
    killed(&program, promote, |database| assert_eq!(count(database, promoted), count(database, recorded)));
}

#[test]
fn a_killed_command_replaces_the_admin_key_or_leaves_it() {
    let program = Program::new();
    program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    let active = "SELECT count(*) FROM keys WHERE name = 'admin-key' AND status = 'active'";
    let replaced = |database: &Path| assert_eq!(count(database, active), 1);
    killed(&program, |_| words("admin-key --email ada@acme.example"), replaced);
}
