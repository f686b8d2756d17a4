//! Verifying: the question, the directory, the verdict.

use std::borrow::Cow;

use model::id::{KeyId, OrganizationId};
use model::key::{Key, PlainKey};
use model::verify::{Question, Verdict, VerifiedKey, VerifyCode, judge};
use store::keys::Use;

use super::directory::{Digest, View};
use crate::clock::Moment;
use crate::crypto::{sha256, unhex};
use crate::error::Result;
use crate::rate::{RateState, Slot};
use crate::state::Service;

impl Service {
    /// Whether a key may do something, for somebody of an organization: keys of others do not exist for them.
    ///
    /// Answered from memory; the database is asked about what is not known there. Fails only when the server cannot know.
    /// The verdict is told where the key lies.
    pub async fn verify<T>(
        &self,
        organization: &OrganizationId,
        question: &Question<'_>,
        tell: impl Fn(Verdict<'_>) -> T,
    ) -> Result<T> {
        if let Some(told) = self.verify_now(organization, question, self.moment(), &tell) {
            return Ok(told);
        }
        let Some(digest) = digest_of(&question.secret) else { return Ok(tell(Verdict::NOT_FOUND)) };
        let facts = self.ask(digest).await?;
        let verdict = match &facts {
            Some(facts) => self.judge_view(organization, &facts.view(), question, self.moment()),
            None => Verdict::NOT_FOUND,
        };
        Ok(tell(verdict))
    }

    /// The verdict, to be kept.
    pub async fn verdict(
        &self,
        organization: &OrganizationId,
        question: &Question<'_>,
    ) -> Result<Verdict<'static>> {
        self.verify(organization, question, |verdict: Verdict<'_>| verdict.into_owned()).await
    }

    /// As [`Self::verify`] without waiting for anything, at the present moment; nothing if the database must be asked.
    /// Changes of the key wait for `tell`, so that it is to be short.
    pub fn verify_now<T>(
        &self,
        organization: &OrganizationId,
        question: &Question<'_>,
        at: Moment,
        tell: impl FnOnce(Verdict<'_>) -> T,
    ) -> Option<T> {
        let Some(digest) = digest_of(&question.secret) else { return Some(tell(Verdict::NOT_FOUND)) };
        if !self.directory.is_current(at.millis) {
            return None;
        }
        self.directory.find(&digest, |view| {
            tell(view.map_or(Verdict::NOT_FOUND, |view| self.judge_view(organization, &view, question, at)))
        })
    }

    fn judge_view<'a>(
        &self,
        organization: &OrganizationId,
        view: &View<'a>,
        question: &Question<'_>,
        at: Moment,
    ) -> Verdict<'a> {
        if view.owner.organization.id != *organization || view.is_over(at.now) {
            return Verdict::NOT_FOUND;
        }
        let mut code = judge(&view.standing(), question, at.now);
        let mut rate = None;
        if code == VerifyCode::Valid {
            let taken = self.take(view, question.cost, at);
            if taken.is_err() {
                code = VerifyCode::RateLimited;
            }
            rate = Some(taken.unwrap_or_else(|refused| refused).into());
        }
        if question.cost > 0 {
            self.note(view, code, question, at);
        }
        let key = VerifiedKey {
            key_id: Cow::Borrowed(view.key_id),
            name: Cow::Borrowed(view.name),
            owner: Cow::Borrowed(&view.owner.id),
            owner_name: Cow::Borrowed(&view.owner.name),
            organization_id: Cow::Borrowed(&view.owner.organization.id),
            permissions: view.permissions.bounded(view.owner.ceiling),
            scopes: Cow::Borrowed(view.scopes.map_or(&[], |scopes| scopes)),
            expires_at: view.expires_at,
        };
        Verdict { code, key: Some(key), rate }
    }

    /// Counts against the limit of the key. An earlier secret counts where the current one does.
    pub(super) fn take(&self, view: &View<'_>, cost: u32, at: Moment) -> Result<RateState, RateState> {
        let limit = view.limit.unwrap_or(self.settings.rate_limit_default);
        let take = |slot: &Slot, digest| self.limiter.take(slot, digest, cost, limit, at);
        match (view.earlier, &view.listed) {
            (None, Some(listed)) => take(&listed.entry.rate, view.digest),
            (earlier, _) => {
                let current = earlier.map_or(*view.digest, |(current, _)| current);
                self.directory
                    .count(&current, |entry| take(&entry.rate, &current))
                    .unwrap_or_else(|| take(&Slot::exact(), &current))
            }
        }
    }

    /// Lets what was counted of a key go on counting when its secret is replaced: otherwise rotating would lift its limit.
    pub(crate) fn hand_over(&self, old: &Key, new: &Key) {
        let (Some(from), Some(to)) = (unhex(&old.key_hash), unhex(&new.key_hash)) else { return };
        let at = self.clock.moment();
        self.directory.list_if_new(&to);
        // One after the other: two places of the directory are never looked at together.
        let counted = self.directory.count(&from, |entry| self.limiter.take_over(&entry.rate, &from, at));
        if let Some(counted) = counted.flatten() {
            self.directory.count(&to, |entry| self.limiter.hand_over(&entry.rate, &to, counted));
        }
    }

    /// Counts one request of a key that was read from the database, where verifications of it are counted.
    pub(crate) fn take_one(&self, key: &Key) -> Result<RateState, RateState> {
        let limit = key.rate_limit_override.unwrap_or(self.settings.rate_limit_default);
        let at = self.clock.moment();
        // What a key record holds was written by us.
        let current = unhex(&key.key_hash).unwrap_or_default();
        self.directory.list_if_new(&current);
        let take = |slot: &Slot| self.limiter.take(slot, &current, 1, limit, at);
        self.directory.count(&current, |entry| take(&entry.rate)).unwrap_or_else(|| take(&Slot::exact()))
    }

    fn note(&self, view: &View<'_>, code: VerifyCode, question: &Question<'_>, at: Moment) {
        let Some(outcome) = code.outcome() else { return };
        if code == VerifyCode::Valid
            && let Some(listed) = &view.listed
        {
            let (address, agent) = (question.address, question.agent.as_deref());
            if address.is_some() || agent.is_some() {
                self.origins.note(view.digest, address, agent);
            }
            listed.add_uses(1, at.now);
            return;
        }
        let key_id = KeyId::known(view.key_id);
        self.usage.note(&key_id, &view.owner.organization.id, outcome, at.now);
        if code == VerifyCode::Valid {
            let address = question.address.map(|address| address.to_string());
            let agent = question.agent.clone();
            self.uses.note(Use { hash: *view.digest, key_id, at: at.now, address, agent });
        }
    }
}

/// The hash of a secret. What cannot be one, by its form and checksum, has none: nothing is looked up for it.
pub(super) fn digest_of(secret: &str) -> Option<Digest> {
    PlainKey::is_one(secret).then(|| sha256(secret))
}
