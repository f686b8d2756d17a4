//! Tests under many schedules that the key cache stays correct when reads and invalidations run concurrently. After a
//! change is acknowledged, no secret that it ended is ever accepted again, and each secret that it created is known.

use std::sync::Arc;

use model::Timestamp;
use model::id::{OrganizationId, UserId};
use model::key::{Environment, Permission, Permissions};
use shuttle::sync::Mutex;
use shuttle::thread;

use super::key_cache::{Digest, KeyCache, KeyFacts, KeyView, Owner, Subject};
use super::mirror::ReadEpoch;
use super::schedules::{Invalidated, Opening, schedules, try_schedules};

const SECRET: Digest = [7; 32];

/// The contents of the database.
#[derive(Clone, Copy)]
struct Rows {
    is_made: bool,
    is_revoked: bool,
    owner_is_active: bool,
}

/// The change that is made while keys are verified.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Made,
    Revoked,
    /// The key has another secret.
    Replaced,
    Suspended,
}

pub(super) struct Model {
    pub(super) key_cache: KeyCache<()>,
    rows: Mutex<Rows>,
    /// Number of uses that were counted in the cache.
    pub(super) uses: Mutex<u32>,
}

impl Model {
    pub(super) fn new(change: Step) -> Arc<Self> {
        let rows = Rows { is_made: change != Step::Made, is_revoked: false, owner_is_active: true };
        Arc::new(Self { key_cache: KeyCache::new(64), rows: Mutex::new(rows), uses: Mutex::new(0) })
    }

    /// Whether the secret is accepted. Does the same as the service.
    pub(super) fn verify(&self, opening: Opening) -> bool {
        let accepts = |view: KeyView<'_, ()>| !view.is_revoked && view.owner.is_active;
        let reported = self.key_cache.find(&SECRET, |view| view.is_some_and(accepts));
        reported.unwrap_or_else(|| self.ask(opening))
    }

    /// Verifies, and counts the use if the cache knows the secret.
    pub(super) fn count_use(&self) {
        let count = |view: KeyView<'_, ()>| {
            view.listed.unwrap().add_uses(1, Timestamp::from_seconds(1));
            *self.uses.lock().unwrap() += 1;
        };
        if self.key_cache.find(&SECRET, |view| view.map(count)).is_none() {
            let _either_is_right_meanwhile = self.ask(Opening::Before);
        }
    }

    fn ask(&self, opening: Opening) -> bool {
        let (epoch, rows) = match opening {
            Opening::Before => (self.key_cache.mirror().begin_read(), *self.rows.lock().unwrap()),
            Opening::After => {
                let rows = *self.rows.lock().unwrap();
                (self.key_cache.mirror().begin_read(), rows)
            }
        };
        if rows.is_made {
            self.insert(&epoch, rows);
        } else {
            self.key_cache.insert_absent(&epoch, &SECRET);
        }
        self.key_cache.mirror().end_read(&epoch);
        rows.is_made && !rows.is_revoked && rows.owner_is_active
    }

    fn insert(&self, epoch: &ReadEpoch, rows: Rows) {
        let owner = Owner::new(
            UserId::known("usr_a").into(),
            OrganizationId::known("org_a"),
            "a",
            Permission::Admin,
            rows.owner_is_active,
            false,
        );
        let facts = KeyFacts {
            digest: SECRET,
            earlier: None,
            key_id: "key_a".to_owned(),
            name: "a".to_owned(),
            owner: self.key_cache.owner(epoch, owner),
            permissions: Permissions::READ,
            scopes: None,
            limit: None,
            expires_at: None,
            environment: Environment::LIVE,
            metadata: None,
            is_disabled: false,
            is_revoked: rows.is_revoked,
            has_ended: false,
        };
        self.key_cache.insert(epoch, [facts]);
    }

    /// Reads the whole database, as the service does in the background.
    fn load(&self) {
        let (epoch, drop_count) = (self.key_cache.mirror().begin_read(), self.key_cache.drop_count());
        let rows = *self.rows.lock().unwrap();
        if rows.is_made {
            self.insert(&epoch, rows);
        }
        self.key_cache.complete(&epoch, drop_count);
        self.key_cache.mirror().end_read(&epoch);
    }

    /// Changes the rows and applies the invalidation. Once this has returned, the change is acknowledged.
    pub(super) fn change(&self, change: Step, reported: Invalidated) {
        let mut rows = self.rows.lock().unwrap();
        let subject = match change {
            Step::Made => {
                rows.is_made = true;
                Subject::Secret(SECRET)
            }
            Step::Revoked => {
                rows.is_revoked = true;
                Subject::Secret(SECRET)
            }
            Step::Replaced => {
                rows.is_made = false;
                Subject::Secret(SECRET)
            }
            Step::Suspended => {
                rows.owner_is_active = false;
                Subject::Owner("usr_a".to_owned())
            }
        };
        drop(rows);
        self.key_cache.apply(&[reported.of(subject)]);
    }
}

/// Two threads verify, one makes a change, and one reads the whole database if everything is invalidated. Once the
/// change is acknowledged, it must be in effect and stay so.
fn race(change: Step, reported: Invalidated, opening: Opening, is_warm: bool) {
    let model = Model::new(change);
    let is_accepted = change == Step::Made;
    if is_warm {
        assert_ne!(model.verify(Opening::Before), is_accepted);
    }
    let verifying = |model: Arc<Model>| {
        thread::spawn(move || {
            let _either_is_right_meanwhile = model.verify(opening);
        })
    };
    let mut others: Vec<_> = (0..2).map(|_| verifying(Arc::clone(&model))).collect();
    if reported == Invalidated::AsEverything {
        let model = Arc::clone(&model);
        others.push(thread::spawn(move || model.load()));
    }
    let changer = {
        let model = Arc::clone(&model);
        thread::spawn(move || {
            model.change(change, reported);
            assert_eq!(model.verify(opening), is_accepted, "not so after it was acknowledged");
        })
    };
    changer.join().unwrap();
    for other in others {
        other.join().unwrap();
    }
    assert_eq!(model.verify(opening), is_accepted, "acknowledged, and no longer so");
}

fn holds_under_every_schedule(change: Step, reported: Invalidated) {
    for is_warm in [false, true] {
        try_schedules(move || race(change, reported, Opening::Before, is_warm));
    }
}

#[test]
fn a_revoked_key_is_refused_under_every_schedule() {
    holds_under_every_schedule(Step::Revoked, Invalidated::ByName);
}

#[test]
fn a_replaced_secret_is_refused_under_every_schedule() {
    holds_under_every_schedule(Step::Replaced, Invalidated::ByName);
}

#[test]
fn the_key_of_a_suspended_owner_is_refused_under_every_schedule() {
    holds_under_every_schedule(Step::Suspended, Invalidated::ByName);
}

#[test]
fn a_new_key_is_accepted_under_every_schedule() {
    holds_under_every_schedule(Step::Made, Invalidated::ByName);
}

#[test]
fn after_missed_invalidations_nothing_stale_is_used_under_every_schedule() {
    for change in [Step::Revoked, Step::Suspended, Step::Made] {
        holds_under_every_schedule(change, Invalidated::AsEverything);
    }
}

/// Without read epochs that are opened first, the model must fail.
#[test]
#[should_panic(expected = "acknowledged")]
fn without_a_read_epoch_a_revoked_key_is_accepted() {
    shuttle::check_random(|| race(Step::Revoked, Invalidated::ByName, Opening::After, false), schedules());
}

#[test]
#[should_panic(expected = "acknowledged")]
fn without_a_read_epoch_the_key_of_a_suspended_owner_is_accepted() {
    shuttle::check_random(|| race(Step::Suspended, Invalidated::ByName, Opening::After, false), schedules());
}

#[test]
#[should_panic(expected = "acknowledged")]
fn without_a_read_epoch_a_new_key_is_refused() {
    shuttle::check_random(|| race(Step::Made, Invalidated::ByName, Opening::After, false), schedules());
}
