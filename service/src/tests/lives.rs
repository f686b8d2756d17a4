//! Lives of keys, made up at random and compared, step by step, with a model of what a key is.
//!
//! `KEYSTEAD_TEST_SEQUENCES` says how many lives; seeds of failures are kept in `proptest-regressions`.

use std::sync::atomic::{AtomicU32, Ordering};

use model::Timestamp;
use model::id::KeyId;
use model::key::{Basis, Change, KeyPatchDraft, PlainKey, RotateDraft};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::testing::{Org, TestBed};
use crate::{Error, KeyRef, Owner, Result};

const SEQUENCES_USUAL: u32 = 100;
/// Keys that a sequence is about.
const NAMES: usize = 3;

/// Something that somebody does, or that the clock does.
#[derive(Debug, Clone)]
enum Step {
    Create { name: usize, seconds: Option<i64> },
    Rotate { name: usize, grace: i64 },
    Revoke { name: usize },
    Expire { name: usize, seconds: Option<i64> },
    Disable { name: usize },
    Enable { name: usize },
    EndGrace { name: usize },
    Wait { seconds: i64 },
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
        1 => name.prop_map(|name| Step::EndGrace { name }),
        3 => (1_i64..100).prop_map(|seconds| Step::Wait { seconds }),
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

    fn into_secrets(self) -> impl Iterator<Item = PlainKey> {
        self.graces.into_iter().map(|(secret, _)| secret).chain([self.secret])
    }
}

/// All keys of a sequence as they should be, beside the service.
struct Lives<'a> {
    bed: &'a TestBed,
    org: &'a Org,
    salt: u32,
    keys: [Option<Key>; NAMES],
    dead: Vec<PlainKey>,
}

impl Lives<'_> {
    fn name(&self, name: usize) -> String {
        format!("{} {name}", self.salt)
    }

    fn key_ref(&self, name: usize) -> KeyRef {
        KeyRef::Named { owner: Owner::Id(self.org.admin.user_id.clone()), name: self.name(name) }
    }

    /// The key of a name, if there is one that lives.
    fn active(&mut self, name: usize) -> Option<&mut Key> {
        let now = self.bed.clock.now();
        self.keys[name].as_mut().filter(|key| key.is_active(now))
    }

    fn id(&mut self, name: usize) -> KeyId {
        self.keys[name].as_ref().map_or_else(|| KeyId::from_random("none"), |key| key.id.clone())
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
                if self.expect(name, &done) {
                    self.active(name).unwrap().is_disabled = true;
                }
            }
            Step::Enable { name } => {
                let id = self.id(name);
                let done = self.bed.service.enable_key(&self.org.caller, &id, &Basis::Anything).await;
                if self.expect(name, &done) {
                    self.active(name).unwrap().is_disabled = false;
                }
            }
            Step::EndGrace { name } => {
                let id = self.id(name);
                let done = self.bed.service.end_grace(&self.org.caller, &id).await;
                if let Some(key) = self.active(name).filter(|_| done.is_ok()) {
                    let ended: Vec<_> = key.graces.drain(..).map(|(secret, _)| secret).collect();
                    self.dead.extend(ended);
                }
            }
            Step::Wait { seconds } => self.bed.clock.advance_seconds(seconds),
        }
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
            name: Some(self.name(name)),
            expires_at: expires_at.map(Timestamp::to_rfc3339),
            ..Default::default()
        };
        let new = draft.check(self.bed.clock.now()).unwrap();
        let owner = Owner::Id(self.org.admin.user_id.clone());
        let made = self.bed.service.create_key(&self.org.caller, &owner, new).await;
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
        let rotation = RotateDraft { grace_period_seconds: Some(grace) }.check().unwrap();
        let done = self
            .bed
            .service
            .rotate_key(&self.org.caller, &self.key_ref(name), rotation, &Basis::Anything)
            .await;
        let now = self.bed.clock.now();
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
        if self.expect(name, &done) {
            let key = self.active(name).unwrap();
            key.expires_at = expires_at;
            for (_, end) in &mut key.graces {
                *end = expires_at.map_or(*end, |expiry| expiry.min(*end));
            }
        }
    }

    /// Presents every secret that there ever was.
    async fn present_all(&self) {
        let now = self.bed.clock.now();
        for key in self.keys.iter().flatten() {
            let works = key.is_active(now) && !key.is_disabled;
            assert_eq!(self.bed.accepts(&key.secret).await, works, "the current secret");
            for (secret, end) in &key.graces {
                assert_eq!(self.bed.accepts(secret).await, works && now < *end, "a secret in grace");
            }
        }
        for secret in &self.dead {
            assert!(!self.bed.accepts(secret).await, "a dead secret");
        }
    }
}

#[test]
fn a_key_lives_as_the_model_says() {
    let sequences = std::env::var("KEYSTEAD_TEST_SEQUENCES");
    let sequences: u32 = sequences.map_or(SEQUENCES_USUAL, |number| number.parse().unwrap());
    // Each on a database of its own.
    let lanes = std::thread::available_parallelism().map_or(1, |lanes| u32::try_from(lanes.get()).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| live(sequences.div_ceil(lanes)));
        }
    });
}

/// Tries so many sequences, all with one organization.
fn live(sequences: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (bed, org) = runtime.block_on(async {
        let bed = TestBed::memory().await;
        let org = bed.organization("Acme").await;
        (bed, org)
    });
    let salt = AtomicU32::new(0);
    let config = Config { cases: sequences, ..Config::with_source_file(file!()) };
    proptest!(config, |(steps in prop::collection::vec(step(), 1..30))| {
        runtime.block_on(async {
            let salt = salt.fetch_add(1, Ordering::Relaxed);
            let mut lives = Lives { bed: &bed, org: &org, salt, keys: [const { None }; NAMES], dead: Vec::new() };
            for step in &steps {
                lives.take(step).await;
                lives.present_all().await;
            }
        });
    });
}
