//! Filling against forgetting, under every schedule up to a bound: no secret is accepted after what ended it was
//! acknowledged, none that was refused is accepted again, and one that was made is known.

use std::sync::Arc;

use model::id::{OrganizationId, UserId};
use model::key::{Permission, Permissions};
use shuttle::sync::Mutex;
use shuttle::thread;
use store::changes::Subject;

use super::directory::{Digest, Directory, Facts, Owner, Ticket, View};

const SECRET: Digest = [7; 32];
/// Says how many schedules each way of choosing them tries.
const SCHEDULES: &str = "KEYSTEAD_TEST_SCHEDULES";
const SCHEDULES_USUAL: usize = 1_000;

/// What the database holds.
#[derive(Clone, Copy)]
struct Rows {
    is_made: bool,
    is_revoked: bool,
    owner_is_active: bool,
}

/// What happens while keys are verified.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Made,
    Revoked,
    Suspended,
}

struct Model {
    directory: Directory,
    rows: Mutex<Rows>,
}

/// What is told of a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// What has changed.
    ByName,
    /// That anything may have: another process made the change, and what it wrote of it was missed.
    AsEverything,
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
    fn new(change: Change) -> Arc<Self> {
        let rows = Rows { is_made: change != Change::Made, is_revoked: false, owner_is_active: true };
        Arc::new(Self { directory: Directory::new(64), rows: Mutex::new(rows) })
    }

    /// Whether the secret is accepted: as the service does it.
    fn verify(&self, opening: Opening) -> bool {
        let accepts = |view: View<'_>| !view.is_revoked && view.owner.is_active;
        let told = self.directory.find(&SECRET, |view| view.is_some_and(accepts));
        told.unwrap_or_else(|| self.ask(opening))
    }

    fn ask(&self, opening: Opening) -> bool {
        let (ticket, rows) = match opening {
            Opening::Before => (self.directory.open(), *self.rows.lock().unwrap()),
            Opening::After => {
                let rows = *self.rows.lock().unwrap();
                (self.directory.open(), rows)
            }
        };
        if rows.is_made {
            self.learn(&ticket, rows);
        } else {
            self.directory.note_absent(&ticket, &SECRET);
        }
        self.directory.close(&ticket);
        rows.is_made && !rows.is_revoked && rows.owner_is_active
    }

    fn learn(&self, ticket: &Ticket, rows: Rows) {
        let owner = Owner::new(
            UserId::known("usr_a").into(),
            OrganizationId::known("org_a"),
            "a",
            Permission::Admin,
            rows.owner_is_active,
            false,
        );
        let facts = Facts {
            digest: SECRET,
            earlier: None,
            key_id: "key_a".to_owned(),
            name: "a".to_owned(),
            owner: self.directory.owner(ticket, owner),
            permissions: Permissions::READ,
            scopes: None,
            limit: None,
            expires_at: None,
            is_disabled: false,
            is_revoked: rows.is_revoked,
            has_ended: false,
        };
        self.directory.learn(ticket, [facts]);
    }

    /// Reads all that there is, as the service does beside the questions.
    fn load(&self) {
        let (ticket, drops) = (self.directory.open(), self.directory.drops());
        let rows = *self.rows.lock().unwrap();
        if rows.is_made {
            self.learn(&ticket, rows);
        }
        self.directory.complete(&ticket, drops);
        self.directory.close(&ticket);
    }

    /// Changes the rows and tells of it: when this returns, the change is acknowledged.
    fn change(&self, change: Change, told: Told) {
        let mut rows = self.rows.lock().unwrap();
        let subject = match change {
            Change::Made => {
                rows.is_made = true;
                Subject::Secret(SECRET)
            }
            Change::Revoked => {
                rows.is_revoked = true;
                Subject::Secret(SECRET)
            }
            Change::Suspended => {
                rows.owner_is_active = false;
                Subject::Owner("usr_a".to_owned())
            }
        };
        drop(rows);
        self.directory.forget(&[if told == Told::ByName { subject } else { Subject::Everything }]);
    }
}

/// Two who verify, one who reads everything if that is what is told, one who changes something; from then on that is so,
/// and stays so.
fn race(change: Change, told: Told, opening: Opening, is_warm: bool) {
    let model = Model::new(change);
    let is_accepted = change == Change::Made;
    if is_warm {
        assert_ne!(model.verify(Opening::Before), is_accepted);
    }
    let verifying = |model: Arc<Model>| {
        thread::spawn(move || {
            let _either_is_right_meanwhile = model.verify(opening);
        })
    };
    let mut others: Vec<_> = (0..2).map(|_| verifying(Arc::clone(&model))).collect();
    if told == Told::AsEverything {
        let model = Arc::clone(&model);
        others.push(thread::spawn(move || model.load()));
    }
    let changer = {
        let model = Arc::clone(&model);
        thread::spawn(move || {
            model.change(change, told);
            assert_eq!(model.verify(opening), is_accepted, "not so after it was acknowledged");
        })
    };
    changer.join().unwrap();
    for other in others {
        other.join().unwrap();
    }
    assert_eq!(model.verify(opening), is_accepted, "acknowledged, and no longer so");
}

fn holds_under_every_schedule(change: Change, told: Told) {
    for is_warm in [false, true] {
        let race = move || race(change, told, Opening::Before, is_warm);
        shuttle::check_random(race, schedules());
        shuttle::check_pct(race, schedules(), 4);
        shuttle::check_dfs(race, Some(schedules()));
    }
}

fn schedules() -> usize {
    std::env::var(SCHEDULES).map_or(SCHEDULES_USUAL, |number| number.parse().unwrap())
}

#[test]
fn a_revoked_key_is_refused_under_every_schedule() {
    holds_under_every_schedule(Change::Revoked, Told::ByName);
}

#[test]
fn the_key_of_a_suspended_owner_is_refused_under_every_schedule() {
    holds_under_every_schedule(Change::Suspended, Told::ByName);
}

#[test]
fn a_new_key_is_accepted_under_every_schedule() {
    holds_under_every_schedule(Change::Made, Told::ByName);
}

#[test]
fn after_missed_changes_nothing_old_is_believed_under_every_schedule() {
    for change in [Change::Revoked, Change::Suspended, Change::Made] {
        holds_under_every_schedule(change, Told::AsEverything);
    }
}

/// The model finds what the tickets are there for: without them it fails.
#[test]
#[should_panic(expected = "acknowledged")]
fn without_a_ticket_a_revoked_key_is_accepted() {
    shuttle::check_random(|| race(Change::Revoked, Told::ByName, Opening::After, false), schedules());
}

#[test]
#[should_panic(expected = "acknowledged")]
fn without_a_ticket_the_key_of_a_suspended_owner_is_accepted() {
    shuttle::check_random(|| race(Change::Suspended, Told::ByName, Opening::After, false), schedules());
}

#[test]
#[should_panic(expected = "acknowledged")]
fn without_a_ticket_a_new_key_is_refused() {
    shuttle::check_random(|| race(Change::Made, Told::ByName, Opening::After, false), schedules());
}
