//! Lives of keys, made up at random and compared, step by step, with a model of what a key is. The clock runs, and is set
//! forward and back while no time passes; the sweep comes at any moment.
//!
//! `KEYSTEAD_TEST_SEQUENCES` says how many lives; seeds of failures are kept in `proptest-regressions`.

use std::sync::atomic::{AtomicU32, Ordering};

use std::collections::BTreeSet;

use model::Timestamp;
use model::id::KeyId;
use model::key::{
    Basis, Change, KeyFilter, KeyPatchDraft, KeyQuery, KeyView, PlainKey, RotateDraft, Rotation,
};
use model::time::DAY_SECONDS;
use model::user::{Role, User, UserPatchDraft};
use model::verify::{Question, Shown};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::testing::{Org, TestBed};
use crate::{Error, KeyRef, Owner, Result};

const SEQUENCES_USUAL: u32 = 100;
/// Of so many sequences one is tried on PostgreSQL as well.
const POSTGRES_ONE_OF: u32 = 10;
/// Keys that a sequence is about.
const NAMES: usize = 3;

/// Something that somebody does, or that the clock does.
#[derive(Debug, Clone)]
enum Step {
    Create {
        name: usize,
        seconds: Option<i64>,
    },
    Rotate {
        name: usize,
        grace: i64,
    },
    Revoke {
        name: usize,
    },
    Expire {
        name: usize,
        seconds: Option<i64>,
    },
    Disable {
        name: usize,
    },
    Enable {
        name: usize,
    },
    EndGrace {
        name: usize,
    },
    ExtendGrace {
        name: usize,
        seconds: i64,
    },
    /// The owner is suspended and comes back.
    EndOwner,
    /// What the background does after that.
    Batches,
    Wait {
        seconds: i64,
    },
    SetClock {
        seconds: i64,
    },
    Sweep,
}

fn step() -> impl Strategy<Value = Step> {
    let name = 0..NAMES;
    let seconds = || prop::option::of(1_i64..200);
    prop_oneof![
        3 => (name.clone(), seconds()).prop_map(|(name, seconds)| Step::Create { name, seconds }),
        4 => (name.clone(), prop_oneof![Just(0), 1_i64..150]).prop_map(|(name, grace)| Step::Rotate { name, grace }),
        1 => name.clone().prop_map(|name| Step::Revoke { name }),
        2 => (name.clone(), seconds()).prop_map(|(name, seconds)| Step::Expire { name, seconds }),
        1 => name.clone().prop_map(|name| Step::Disable { name }),
        1 => name.clone().prop_map(|name| Step::Enable { name }),
        1 => name.clone().prop_map(|name| Step::EndGrace { name }),
        2 => (name, 1_i64..150).prop_map(|(name, seconds)| Step::ExtendGrace { name, seconds }),
        1 => Just(Step::EndOwner),
        1 => Just(Step::Batches),
        3 => (1_i64..100).prop_map(|seconds| Step::Wait { seconds }),
        3 => prop_oneof![3 => -300_i64..300, 1 => Just(DAY_SECONDS), 1 => Just(-DAY_SECONDS)]
            .prop_map(|seconds| Step::SetClock { seconds }),
        2 => Just(Step::Sweep),
    ]
}

/// A key as it should be.
struct Key {
    id: KeyId,
    secret: PlainKey,
    graces: Vec<(PlainKey, Timestamp)>,
    expires_at: Option<Timestamp>,
    is_disabled: bool,
}

impl Key {
    fn is_active(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }

    /// Takes away the earlier secrets that have ended: no clock brings them back once somebody has looked.
    fn take_ended(&mut self, now: Timestamp) -> Vec<PlainKey> {
        let (ended, left) = self.graces.drain(..).partition(|(_, end)| *end <= now);
        self.graces = left;
        let ended: Vec<(PlainKey, Timestamp)> = ended;
        ended.into_iter().map(|(secret, _)| secret).collect()
    }

    fn into_secrets(self) -> impl Iterator<Item = PlainKey> {
        self.graces.into_iter().map(|(secret, _)| secret).chain([self.secret])
    }
}

/// All keys of a sequence as they should be, beside the service.
struct Lives<'a> {
    bed: &'a TestBed,
    org: &'a Org,
    owner: User,
    keys: [Option<Key>; NAMES],
    dead: Vec<PlainKey>,
}

impl Lives<'_> {
    fn owner(&self) -> Owner {
        Owner::Id(self.owner.user_id.clone())
    }

    fn key_ref(&self, name: usize) -> KeyRef {
        KeyRef::Named { owner: self.owner(), name: name.to_string() }
    }

    /// The key of a name, if there is one that lives.
    fn active(&mut self, name: usize) -> Option<&mut Key> {
        let now = self.bed.clock.now();
        self.keys[name].as_mut().filter(|key| key.is_active(now))
    }

    fn id(&mut self, name: usize) -> KeyId {
        self.keys[name].as_ref().map_or_else(|| KeyId::from_random("none"), |key| key.id.clone())
    }

    /// A key was changed.
    fn touch(&mut self, name: usize) {
        let now = self.bed.clock.now();
        self.dead.extend(self.keys[name].as_mut().map(|key| key.take_ended(now)).unwrap_or_default());
    }

    fn end(&mut self, name: usize) {
        self.dead.extend(self.keys[name].take().into_iter().flat_map(Key::into_secrets));
    }

    async fn take(&mut self, step: &Step) {
        match *step {
            Step::Create { name, seconds } => self.create(name, seconds).await,
            Step::Rotate { name, grace } => self.rotate(name, grace).await,
            Step::Revoke { name } => {
                let done = self
                    .bed
                    .service
                    .revoke_key(&self.org.caller, &self.key_ref(name), String::new(), &Basis::Anything)
                    .await;
                if self.expect(name, &done) {
                    self.end(name);
                }
            }
            Step::Expire { name, seconds } => self.expire(name, seconds).await,
            Step::Disable { name } => {
                let id = self.id(name);
                let done = self.bed.service.disable_key(&self.org.caller, &id, &Basis::Anything).await;
                self.expect_switched(name, &done, true);
            }
            Step::Enable { name } => {
                let id = self.id(name);
                let done = self.bed.service.enable_key(&self.org.caller, &id, &Basis::Anything).await;
                self.expect_switched(name, &done, false);
            }
            Step::EndGrace { name } => {
                let id = self.id(name);
                let done = self.bed.service.end_grace(&self.org.caller, &id).await;
                if self.expect_grace(name, &done) {
                    let ended: Vec<_> = self.active(name).unwrap().graces.drain(..).collect();
                    self.dead.extend(ended.into_iter().map(|(secret, _)| secret));
                }
            }
            Step::ExtendGrace { name, seconds } => {
                let id = self.id(name);
                let done = self.bed.service.extend_grace(&self.org.caller, &id, rotation(seconds)).await;
                if self.expect_grace(name, &done) {
                    self.touch(name);
                    let end = self.bed.clock.now().plus_seconds(seconds);
                    let key = self.active(name).unwrap();
                    let end = key.expires_at.map_or(end, |expiry| expiry.min(end));
                    key.graces.iter_mut().for_each(|(_, until)| *until = end);
                }
            }
            Step::EndOwner => self.end_owner().await,
            Step::Batches => drop(self.bed.finish_ends().await),
            Step::Wait { seconds } => self.bed.clock.advance_seconds(seconds),
            Step::SetClock { seconds } => self.bed.clock.set_by_seconds(seconds),
            Step::Sweep => {
                self.bed.service.note_due().await.unwrap();
                (0..NAMES).for_each(|name| self.touch(name));
                self.compare_pages().await;
            }
        }
    }

    /// Ends everything that the owner has, also what has expired.
    async fn end_owner(&mut self) {
        for status in ["suspended", "active"] {
            let draft = UserPatchDraft { status: Some(status.to_owned()), ..UserPatchDraft::default() };
            let patch = draft.check().unwrap();
            self.bed.service.update_user(&self.org.caller, &self.owner(), patch).await.unwrap();
        }
        (0..NAMES).for_each(|name| self.end(name));
    }

    fn expect_switched<T: std::fmt::Debug>(&mut self, name: usize, done: &Result<T>, off: bool) {
        if self.expect(name, done) && self.active(name).unwrap().is_disabled != off {
            self.active(name).unwrap().is_disabled = off;
            self.touch(name);
        }
    }

    /// The end of earlier secrets is changed exactly when there are some that have not ended.
    fn expect_grace(&mut self, name: usize, done: &Result<()>) -> bool {
        let now = self.bed.clock.now();
        let is_there = self.active(name).is_some_and(|key| key.graces.iter().any(|(_, end)| now < *end));
        assert_eq!(done.is_ok(), is_there, "{done:?}");
        is_there
    }

    /// A change is done exactly when there is an active key of that name.
    fn expect<T: std::fmt::Debug>(&mut self, name: usize, done: &Result<T>) -> bool {
        let is_there = self.active(name).is_some();
        assert_eq!(done.is_ok(), is_there, "{done:?}");
        assert!(is_there || matches!(done, Err(Error::NotFound(_))), "{done:?}");
        is_there
    }

    async fn create(&mut self, name: usize, seconds: Option<i64>) {
        let expires_at = seconds.map(|seconds| self.bed.clock.now().plus_seconds(seconds));
        let draft = model::key::KeyDraft {
            name: Some(name.to_string()),
            expires_at: expires_at.map(Timestamp::to_rfc3339),
            ..Default::default()
        };
        let new = draft.check(self.bed.clock.now()).unwrap();
        let made = self.bed.service.create_key(&self.org.caller, &self.owner(), new).await;
        if self.active(name).is_some() {
            assert!(matches!(made, Err(Error::AlreadyExists(_))), "{made:?}");
            return;
        }
        let made = made.unwrap();
        self.end(name);
        let id = made.key.key_id.clone();
        self.keys[name] =
            Some(Key { id, secret: made.secret, graces: Vec::new(), expires_at, is_disabled: false });
    }

    async fn rotate(&mut self, name: usize, grace: i64) {
        let done = self
            .bed
            .service
            .rotate_key(&self.org.caller, &self.key_ref(name), rotation(grace), &Basis::Anything)
            .await;
        let now = self.bed.clock.now();
        if done.is_ok() {
            self.touch(name);
        }
        let Some(key) = self.active(name) else {
            assert!(matches!(done, Err(Error::NotFound(_))), "{done:?}");
            return;
        };
        let old = std::mem::replace(&mut key.secret, done.unwrap().secret);
        if grace == 0 {
            let ended: Vec<_> = key.graces.drain(..).map(|(secret, _)| secret).chain([old]).collect();
            self.dead.extend(ended);
        } else {
            let end = now.plus_seconds(grace);
            key.graces.push((old, key.expires_at.map_or(end, |expiry| expiry.min(end))));
        }
    }

    async fn expire(&mut self, name: usize, seconds: Option<i64>) {
        let expires_at = seconds.map(|seconds| self.bed.clock.now().plus_seconds(seconds));
        let change = expires_at.map_or(Change::Clear, |end| Change::Set(end.to_rfc3339()));
        let draft = KeyPatchDraft { expires_at: change, ..KeyPatchDraft::default() };
        let patch = draft.check(self.bed.clock.now()).unwrap();
        let done =
            self.bed.service.update_key(&self.org.caller, &self.key_ref(name), patch, &Basis::Anything).await;
        if self.expect(name, &done) && self.active(name).unwrap().expires_at != expires_at {
            self.touch(name);
            let key = self.active(name).unwrap();
            key.expires_at = expires_at;
            for (_, end) in &mut key.graces {
                *end = expires_at.map_or(*end, |expiry| expiry.min(*end));
            }
        }
    }

    /// Presents every secret that there ever was, and looks for every key.
    async fn present_all(&self) {
        let now = self.bed.clock.now();
        for key in self.keys.iter().flatten() {
            let works = key.is_active(now) && !key.is_disabled;
            assert_eq!(self.accepts(&key.secret).await, works, "the current secret");
            for (secret, end) in &key.graces {
                assert_eq!(self.accepts(secret).await, works && now < *end, "a secret in grace");
            }
        }
        for secret in &self.dead {
            assert!(!self.accepts(secret).await, "a dead secret");
        }
        self.compare_lists().await;
    }

    /// Whether a secret works: by the database, and by the memory of this process.
    async fn accepts(&self, secret: &PlainKey) -> bool {
        self.bed.believe();
        let question = Question { secret: Shown::Lent(secret.reveal()), cost: 0, ..Question::default() };
        let verdict = self.bed.service.verdict(&self.org.organization_id, &question).await.unwrap();
        let is_accepted = self.bed.accepts(secret).await;
        assert_eq!(verdict.is_valid(), is_accepted, "memory and database");
        is_accepted
    }

    fn active_ids(&self) -> BTreeSet<&KeyId> {
        let now = self.bed.clock.now();
        self.keys.iter().flatten().filter(|key| key.is_active(now)).map(|key| &key.id).collect()
    }

    /// What is listed, counted and found by name is what is active, also before the sweep.
    async fn compare_lists(&self) {
        let (service, caller) = (&self.bed.service, &self.org.caller);
        let active = self.active_ids();
        let listed = service.list_keys_of_user(caller, &self.owner(), false).await.unwrap();
        assert_eq!(listed.iter().map(|key| &key.key_id).collect::<BTreeSet<_>>(), active, "the list");
        let now = self.bed.clock.now();
        let mut db = self.bed.database.store.read().await.unwrap();
        let live = store::keys::count_live(&mut db, &self.org.organization_id, now).await.unwrap();
        let ended = store::keys::count_ended(&mut db, &self.org.organization_id).await.unwrap();
        drop(db);
        assert_eq!(live - ended, active.len() as u64 + 1, "the quota, with admin-key");
        for name in 0..NAMES {
            let found = service.get_key(caller, &self.key_ref(name)).await.ok().map(|found| found.key.key_id);
            let expected = self.keys[name].as_ref().filter(|key| key.is_active(now)).map(|key| &key.id);
            assert_eq!(found.as_ref(), expected, "by its name");
        }
    }

    /// The same of the pages of the list, which do a sweep of their own.
    async fn compare_pages(&self) {
        let active = self.active_ids();
        let owner = Some(self.owner.user_id.clone().into());
        let filter = KeyFilter { owner, view: KeyView::Active, ..KeyFilter::default() };
        let query = KeyQuery { filter, ..KeyQuery::default() };
        let page = self.bed.service.page_keys(&self.org.caller, &query).await.unwrap();
        assert_eq!(page.rows.iter().map(|row| &row.key.key_id).collect::<BTreeSet<_>>(), active, "the page");
        assert_eq!(page.totals.active.number, active.len() as u64 + 1, "the total, with admin-key");
    }
}

fn rotation(grace_seconds: i64) -> Rotation {
    RotateDraft { grace_period_seconds: Some(grace_seconds) }.check().unwrap()
}

fn sequences() -> u32 {
    std::env::var("KEYSTEAD_TEST_SEQUENCES").map_or(SEQUENCES_USUAL, |number| number.parse().unwrap())
}

#[test]
fn a_key_lives_as_the_model_says() {
    // Each on a database of its own.
    let lanes = std::thread::available_parallelism().map_or(1, |lanes| u32::try_from(lanes.get()).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| live(sequences().div_ceil(lanes), TestBed::memory()));
        }
    });
}

#[test]
fn a_key_lives_as_the_model_says_on_postgres() {
    live(sequences().div_ceil(POSTGRES_ONE_OF), TestBed::postgres());
}

/// Tries so many sequences, all with one organization.
fn live(sequences: u32, bed: impl Future<Output = TestBed>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (bed, org) = runtime.block_on(async {
        let bed = bed.await;
        let org = bed.organization("Acme").await;
        let org = bed.by_key(org).await;
        bed.warm().await;
        (bed, org)
    });
    let salt = AtomicU32::new(0);
    let config = Config { cases: sequences, ..Config::with_source_file(file!()) };
    proptest!(config, |(steps in prop::collection::vec(step(), 1..30))| {
        runtime.block_on(async {
            let salt = salt.fetch_add(1, Ordering::Relaxed);
            let (owner, _) = bed.member(&org, &format!("m{salt}@acme.example"), Role::Member).await;
            let mut lives = Lives { bed: &bed, org: &org, owner, keys: [const { None }; NAMES], dead: Vec::new() };
            for step in &steps {
                lives.take(step).await;
                lives.present_all().await;
            }
            lives.end_owner().await;
            lives.present_all().await;
        });
    });
}
