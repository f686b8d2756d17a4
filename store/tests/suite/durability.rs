//! Crash tests: acknowledged changes survive when the process is killed at any moment.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use model::id::{OrganizationId, UserId};
use model::user::User;
use store::{Settings, Store, Target, keys, users};

use crate::support::{TestOrganization, ask, at, key, list_of_user, organization, revoked, user};

/// The number of kills in one run.
const ROUNDS: u32 = 20;
/// The environment variable that passes the database and the ids of organization and user to the other process.
const TARGET: &str = "KEYSTEAD_TEST_WRITES_TO";

/// The other process: this same program, which runs only this test. It writes until it is killed, and prints every
/// acknowledged change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the other process of the case below"]
async fn writes_until_it_is_killed() {
    let Ok(target) = std::env::var(TARGET) else { return };
    let [path, organization_id, user_id] = target.split('\n').collect::<Vec<_>>().try_into().unwrap();
    let store = Store::open(Settings { target: Target::Sqlite(PathBuf::from(path)), connections_max: 2 });
    let store = store.await.unwrap();
    let mut organization = organization();
    organization.organization_id = OrganizationId::parse(organization_id).unwrap();
    let user = User { user_id: UserId::parse(user_id).unwrap(), ..user(&organization) };
    let home = TestOrganization { organization, user };
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, home) = (store.clone(), home.clone());
        callers.spawn(async move { write_until_killed(&store, &home).await });
    }
    callers.join_all().await;
}

async fn write_until_killed(store: &Store, home: &TestOrganization) {
    loop {
        // Ids must differ from those of earlier processes.
        let salt = std::process::id();
        let mut new = key(home);
        new.key_id = model::id::KeyId::from_random(&format!("{salt}x{}", &new.key_id.as_str()[4..]));
        new.key_hash = format!("{salt:08x}{}", &new.key_hash[8..]);
        new.fields.name =
            model::key::KeyName::parse(&format!("{salt} {}", new.fields.name.as_str())).unwrap();
        let mut tx = store.begin().await.unwrap();
        keys::insert(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        say(&format!("created {}", new.key_id));
        let mut tx = store.begin().await.unwrap();
        assert!(keys::update(&mut tx, &revoked(new.clone()), at(0)).await.unwrap());
        tx.commit().await.unwrap();
        say(&format!("revoked {}", new.key_id));
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_moment_loses_nothing_that_was_acknowledged() {
    let db = store::testing::sqlite().await;
    let home = TestOrganization::new(&db.store).await;
    db.store.close().await;
    let target = format!("{}\n{}\n{}", db.path().display(), home.id(), home.user.user_id);
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        // The moments are spread over the first three tenths of a second, so that kills hit the start, the recovery and
        // the writing.
        acknowledged.extend(write_and_kill(&target, Duration::from_millis(u64::from(round * 37 % 300))));
        let store = db.open_again().await;
        store.migrate().await.unwrap();
        check(&store, &home, &acknowledged).await;
        store.close().await;
    }
    assert!(acknowledged.len() > 100, "the other process did write: {}", acknowledged.len());
    let (verdict,): (String,) = ask(&db, "PRAGMA integrity_check").await;
    assert_eq!(verdict, "ok");
    let (broken,): (i64,) = ask(&db, "SELECT count(*) FROM pragma_foreign_key_check").await;
    assert_eq!(broken, 0);
}

/// Runs the other process until some time after its first acknowledgement, kills it, and returns what it printed.
fn write_and_kill(target: &str, after: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::writes_until_it_is_killed", "--ignored", "--nocapture"])
        .env(TARGET, target)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let is_said = |line: &String| line.starts_with("created ") || line.starts_with("revoked ");
    let first = lines.by_ref().find(is_said).unwrap();
    let reader = std::thread::spawn(move || lines.filter(is_said).collect::<Vec<_>>());
    #[expect(clippy::disallowed_methods, reason = "the moment of the kill is what varies")]
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut said = reader.join().unwrap();
    said.push(first);
    said
}

async fn check(store: &Store, home: &TestOrganization, acknowledged: &BTreeSet<String>) {
    let mut db = store.read().await.unwrap();
    assert!(users::find(&mut db, home.id(), &home.user.user_id).await.unwrap().is_some());
    let all = list_of_user(&mut db, &home.user.user_id, None).await;
    let there: BTreeSet<_> = all.iter().map(|key| key.key_id.as_str()).collect();
    let ended: BTreeSet<_> =
        all.iter().filter(|key| key.revoked.is_some()).map(|key| key.key_id.as_str()).collect();
    for line in acknowledged {
        let (what, id) = line.split_once(' ').unwrap();
        let is_kept = if what == "created" { there.contains(id) } else { ended.contains(id) };
        assert!(is_kept, "{line} was lost");
    }
    let live = keys::count_live(&mut db, home.id(), at(0)).await.unwrap();
    assert_eq!(live, (there.len() - ended.len()) as u64, "totals are of the same transaction");
}
