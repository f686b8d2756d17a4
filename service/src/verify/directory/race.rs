//! Filling against forgetting, under every schedule up to a bound: no secret is accepted after what ended it was
//! acknowledged, and none that was refused is accepted again.
//!
//! `cargo test -p service --features shuttle --lib directory::race`: the locks of the directory are then those of the checker.

use std::sync::Arc;

use model::id::{OrganizationId, UserId};
use model::key::{Permission, Permissions};
use shuttle::sync::Mutex;
use shuttle::thread;
use store::changes::Subject;

use super::{Digest, Directory, Facts, Found, Owner};

const SECRET: Digest = [7; 32];
const SCHEDULES: usize = 4_000;

/// What the database holds.
#[derive(Clone, Copy)]
struct Rows {
    is_revoked: bool,
    owner_is_active: bool,
}

struct Model {
    directory: Directory,
    rows: Mutex<Rows>,
}

/// When whoever reads says that they do.
#[derive(Clone, Copy)]
enum Opening {
    /// Before they read: the protocol.
    Before,
    /// After they read: what the protocol is there to prevent.
    After,
}

impl Model {
    fn new() -> Arc<Self> {
        let rows = Mutex::new(Rows { is_revoked: false, owner_is_active: true });
        Arc::new(Self { directory: Directory::new(64), rows })
    }

    /// Whether the secret is accepted: as the service does it.
    fn verify(&self, opening: Opening) -> bool {
        let accepts = |view: super::View<'_>| !view.is_revoked && view.owner.is_active;
        match self.directory.find(&SECRET, accepts) {
            Found::Known(accepted) => accepted,
            Found::Absent => false,
            Found::Unknown => self.ask(opening),
        }
    }

    fn ask(&self, opening: Opening) -> bool {
        let (ticket, rows) = match opening {
            Opening::Before => (self.directory.open(), *self.rows.lock().unwrap()),
            Opening::After => {
                let rows = *self.rows.lock().unwrap();
                (self.directory.open(), rows)
            }
        };
        let Rows { is_revoked, owner_is_active } = rows;
        let owner = Owner::new(
            UserId::known("usr_a").into(),
            OrganizationId::known("org_a"),
            "a",
            Permission::Admin,
            owner_is_active,
            false,
        );
        let owner = self.directory.owner(&ticket, owner);
        let facts = Facts {
            digest: SECRET,
            earlier: None,
            key_id: "key_a".to_owned(),
            name: "a".to_owned(),
            owner,
            permissions: Permissions::READ,
            scopes: None,
            limit: None,
            expires_at: None,
            is_disabled: false,
            is_revoked,
        };
        self.directory.learn(&ticket, [facts]);
        self.directory.close(&ticket);
        !is_revoked && owner_is_active
    }

    /// Changes the rows and tells of it: when this returns, the change is acknowledged.
    fn end(&self, change: impl FnOnce(&mut Rows), subject: Subject) {
        change(&mut self.rows.lock().unwrap());
        self.directory.forget(&[subject]);
    }
}

fn revoke(model: &Model) {
    model.end(|rows| rows.is_revoked = true, Subject::Secret(SECRET));
}

fn suspend(model: &Model) {
    model.end(|rows| rows.owner_is_active = false, Subject::Owner("usr_a".to_owned()));
}

/// Two who verify, one who ends the key; then it is refused, and stays refused.
fn race(end: fn(&Model), opening: Opening, is_warm: bool) {
    let model = Model::new();
    if is_warm {
        assert!(model.verify(Opening::Before));
    }
    let others: Vec<_> = (0..2)
        .map(|_| {
            let model = Arc::clone(&model);
            thread::spawn(move || model.verify(opening))
        })
        .collect();
    let ender = {
        let model = Arc::clone(&model);
        thread::spawn(move || {
            end(&model);
            assert!(!model.verify(opening), "accepted after the end was acknowledged");
        })
    };
    ender.join().unwrap();
    for other in others {
        other.join().unwrap();
    }
    assert!(!model.verify(opening), "accepted again");
}

#[test]
fn a_revoked_key_is_refused_under_every_schedule() {
    for is_warm in [false, true] {
        shuttle::check_random(move || race(revoke, Opening::Before, is_warm), SCHEDULES);
        shuttle::check_pct(move || race(revoke, Opening::Before, is_warm), SCHEDULES, 4);
        shuttle::check_dfs(move || race(revoke, Opening::Before, is_warm), Some(SCHEDULES));
    }
}

#[test]
fn the_key_of_a_suspended_owner_is_refused_under_every_schedule() {
    for is_warm in [false, true] {
        shuttle::check_random(move || race(suspend, Opening::Before, is_warm), SCHEDULES);
        shuttle::check_pct(move || race(suspend, Opening::Before, is_warm), SCHEDULES, 4);
        shuttle::check_dfs(move || race(suspend, Opening::Before, is_warm), Some(SCHEDULES));
    }
}

/// The model finds what the tickets are there for: without them it fails.
#[test]
#[should_panic(expected = "accepted")]
fn without_a_ticket_a_revoked_key_is_accepted() {
    shuttle::check_random(|| race(revoke, Opening::After, false), SCHEDULES);
}

#[test]
#[should_panic(expected = "accepted")]
fn without_a_ticket_the_key_of_a_suspended_owner_is_accepted() {
    shuttle::check_random(|| race(suspend, Opening::After, false), SCHEDULES);
}
