//! Carries out a step in the service and in the model.

use model::Timestamp;
use model::key::{Change, KeyPatchDraft, Precondition, RotateDraft, Rotation};
use model::user::UserPatchDraft;

use super::NAMES;
use super::expected::Lifecycle;
use super::key::Key;
use super::step::Step;
use crate::{Error, KeyRef};

impl Lifecycle<'_> {
    pub(super) async fn take(&mut self, step: &Step) {
        match *step {
            Step::Create { name, seconds } => self.create(name, seconds).await,
            Step::Rotate { name, grace } => self.rotate(name, grace).await,
            Step::Revoke { name } => self.revoke(name).await,
            Step::Expire { name, seconds } => self.expire(name, seconds).await,
            Step::Disable { name } => {
                let id = self.id(name);
                let done = self.bed.service.disable_key(&self.org.caller, &id, &Precondition::Anything).await;
                self.expect_switched(name, &done, true);
            }
            Step::Enable { name } => {
                let id = self.id(name);
                let done = self.bed.service.enable_key(&self.org.caller, &id, &Precondition::Anything).await;
                self.expect_switched(name, &done, false);
            }
            Step::EndGrace { name } => {
                let id = self.id(name);
                let done = self.bed.service.end_grace_period(&self.org.caller, &id).await;
                if self.expect_grace(name, &done) {
                    let ended: Vec<_> = self.active(name).unwrap().grace_periods.drain(..).collect();
                    self.dead.extend(ended.into_iter().map(|(secret, _)| secret));
                }
            }
            Step::ExtendGrace { name, seconds } => {
                let id = self.id(name);
                let done =
                    self.bed.service.extend_grace_period(&self.org.caller, &id, rotation(seconds)).await;
                if self.expect_grace(name, &done) {
                    self.touch(name);
                    let end = self.bed.clock.now().plus_seconds(seconds);
                    let key = self.active(name).unwrap();
                    let end = key.expires_at.map_or(end, |expiry| expiry.min(end));
                    key.grace_periods.iter_mut().for_each(|(_, until)| *until = end);
                }
            }
            Step::EndOwner => self.end_owner().await,
            Step::Batches => drop(self.bed.finish_ends().await),
            Step::Batch => self.end_one_key().await,
            Step::HoldBack { name, ends_with_owner } => self.hold_back(name, ends_with_owner).await,
            Step::EndElsewhere => self.elsewhere.end(self.bed).await,
            Step::Hear { is_late } => {
                self.node.read_invalidations(self.bed, is_late).await;
                self.present_to_node().await;
            }
            Step::Save => self.save().await,
            Step::Restore => self.restore().await,
            Step::Wait { seconds } => self.bed.clock.advance_seconds(seconds),
            Step::SetClock { seconds } => self.bed.clock.set_by_seconds(seconds),
            Step::Sweep => {
                self.bed.service.sweep_due().await.unwrap();
                (0..NAMES).for_each(|name| self.touch(name));
                self.compare_pages().await;
            }
        }
    }

    async fn revoke(&mut self, name: usize) {
        let (service, caller) = (&self.bed.service, &self.org.caller);
        let done =
            service.revoke_key(caller, &self.key_ref(name), String::new(), &Precondition::Anything).await;
        if self.expect(name, &done) {
            self.end(name);
        }
    }

    /// A request that was authenticated before its key ended must fail after that.
    async fn hold_back(&mut self, name: usize, ends_with_owner: bool) {
        let Some(key) = self.active(name).filter(|key| !key.is_disabled) else { return };
        let (id, secret) = (KeyRef::Id(key.id.clone()), key.secret.clone());
        let held = self.bed.caller_of(&secret).await;
        if ends_with_owner {
            self.end_owner().await;
        } else {
            self.revoke(name).await;
        }
        let done = self.bed.service.rotate_key(&held, &id, rotation(0), &Precondition::Anything).await;
        assert!(done.is_err(), "{done:?}");
    }

    /// Revokes a batch of one key, without its audit record.
    async fn end_one_key(&self) {
        let mut tx = self.bed.database.store.begin().await.unwrap();
        let Some(end) = store::owner_revocations::lock_oldest(&mut tx).await.unwrap() else { return };
        if store::keys::revoke_ended(&mut tx, &end, 1).await.unwrap().is_last {
            store::owner_revocations::remove(&mut tx, &end).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Ends all keys of the owner, including expired ones.
    pub(super) async fn end_owner(&mut self) {
        for status in ["suspended", "active"] {
            let draft = UserPatchDraft { status: Some(status.to_owned()), ..UserPatchDraft::default() };
            let patch = draft.check().unwrap();
            self.bed.service.update_user(&self.org.caller, &self.owner(), patch).await.unwrap();
        }
        (0..NAMES).for_each(|name| self.end(name));
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
            Some(Key { id, secret: made.secret, grace_periods: Vec::new(), expires_at, is_disabled: false });
    }

    async fn rotate(&mut self, name: usize, grace: i64) {
        let done = self
            .bed
            .service
            .rotate_key(&self.org.caller, &self.key_ref(name), rotation(grace), &Precondition::Anything)
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
            let ended: Vec<_> = key.grace_periods.drain(..).map(|(secret, _)| secret).chain([old]).collect();
            self.dead.extend(ended);
        } else {
            let end = now.plus_seconds(grace);
            key.grace_periods.push((old, key.expires_at.map_or(end, |expiry| expiry.min(end))));
        }
    }

    async fn expire(&mut self, name: usize, seconds: Option<i64>) {
        let expires_at = seconds.map(|seconds| self.bed.clock.now().plus_seconds(seconds));
        let change = expires_at.map_or(Change::Clear, |end| Change::Set(end.to_rfc3339()));
        let draft = KeyPatchDraft { expires_at: change, ..KeyPatchDraft::default() };
        let patch = draft.check(self.bed.clock.now()).unwrap();
        let done = self
            .bed
            .service
            .update_key(&self.org.caller, &self.key_ref(name), patch, &Precondition::Anything)
            .await;
        if self.expect(name, &done) && self.active(name).unwrap().expires_at != expires_at {
            self.touch(name);
            let key = self.active(name).unwrap();
            key.expires_at = expires_at;
            for (_, end) in &mut key.grace_periods {
                *end = expires_at.map_or(*end, |expiry| expiry.min(*end));
            }
        }
    }
}

fn rotation(grace_seconds: i64) -> Rotation {
    RotateDraft { grace_period_seconds: Some(grace_seconds) }.check().unwrap()
}
