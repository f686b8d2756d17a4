//! Verifies keys: looks them up in the key cache and returns the verdict.

use std::borrow::Cow;

use model::id::{KeyId, OrganizationId};
use model::key::{Key, PlainKey};
use model::verify::{KeyState, Verdict, VerifiedKey, VerifyCode, VerifyRequest};
use store::keys::Use;

use super::secrets::Secrets;
use crate::clock::Moment;
use crate::crypto::{sha256, unhex};
use crate::error::Result;
use crate::key_cache::Digest;
use crate::mirrors::KeyView;
use crate::rate::{ApproximateCounter, RateState};
use crate::state::Service;
use crate::verdict::{Decision, decide};

impl Service {
    /// Verifies a key for an organization. Keys of other organizations count as unknown.
    ///
    /// The answer comes from the key cache. The database is read only if the cache has no answer, and the call fails
    /// only if that read fails. `respond` gets a verdict that borrows from the cache entry, so that nothing is copied.
    pub async fn verify<T>(
        &self,
        organization: &OrganizationId,
        verify_request: &VerifyRequest<'_>,
        respond: impl Fn(Verdict<'_>) -> T,
    ) -> Result<T> {
        if let Some(reported) = self.verify_now(organization, verify_request, self.moment(), &respond) {
            return Ok(reported);
        }
        let Some(digest) = digest_of(&verify_request.secret) else { return Ok(respond(Verdict::NOT_FOUND)) };
        self.counts.count_cache_miss();
        let facts = self.ask::<Secrets>(digest).await?;
        let verdict = match &facts {
            Some(facts) => self.evaluate_view(organization, &facts.view(), verify_request, self.moment()),
            None => Verdict::NOT_FOUND,
        };
        Ok(respond(verdict))
    }

    /// Like [`Self::verify`], but returns an owned verdict.
    pub async fn verdict(
        &self,
        organization: &OrganizationId,
        verify_request: &VerifyRequest<'_>,
    ) -> Result<Verdict<'static>> {
        self.verify(organization, verify_request, |verdict: Verdict<'_>| verdict.into_owned()).await
    }

    /// Like [`Self::verify`] at the moment `at`, but without waiting. Returns `None` if the database must be asked.
    /// Changes of the key wait until `respond` has returned, so it must be short.
    pub fn verify_now<T>(
        &self,
        organization: &OrganizationId,
        verify_request: &VerifyRequest<'_>,
        at: Moment,
        respond: impl FnOnce(Verdict<'_>) -> T,
    ) -> Option<T> {
        let Some(digest) = digest_of(&verify_request.secret) else {
            return Some(respond(Verdict::NOT_FOUND));
        };
        if !self.mirrors.key_cache.mirror().is_current(at.millis) {
            return None;
        }
        self.mirrors.key_cache.find(&digest, |view| {
            respond(view.map_or(Verdict::NOT_FOUND, |view| {
                self.evaluate_view(organization, &view, verify_request, at)
            }))
        })
    }

    fn evaluate_view<'a>(
        &self,
        organization: &OrganizationId,
        view: &KeyView<'a>,
        verify_request: &VerifyRequest<'_>,
        at: Moment,
    ) -> Verdict<'a> {
        let is_foreign = view.owner.organization.id != *organization;
        let state = KeyState { is_foreign, ..view.state() };
        let take = || self.take(view, verify_request.cost, at);
        let Decision { code, rate } = decide(&state, verify_request, at.now, take);
        if code == VerifyCode::NotFound {
            return Verdict::NOT_FOUND;
        }
        if verify_request.cost > 0 {
            self.record_use(view, code, verify_request, at);
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
            environment: view.environment,
            metadata: view.metadata.map(Cow::Borrowed),
        };
        Verdict { code, key: Some(key), rate: rate.map(Into::into) }
    }

    /// Counts a request against the key's rate limit. An earlier secret counts together with the current one.
    pub(super) fn take(&self, view: &KeyView<'_>, cost: u32, at: Moment) -> Result<RateState, RateState> {
        let limit = view.limit.unwrap_or(self.settings.rate_limit_default);
        let take = |slot: &ApproximateCounter, digest| self.limiter.take(slot, digest, cost, limit, at);
        match (view.earlier, &view.listed) {
            (None, Some(listed)) => take(&listed.entry.counter, view.digest),
            (earlier, _) => {
                let current = earlier.map_or(*view.digest, |(current, _)| current);
                self.mirrors
                    .key_cache
                    .count(&current, |entry| take(&entry.counter, &current))
                    .unwrap_or_else(|| take(&ApproximateCounter::exact(), &current))
            }
        }
    }

    /// Moves the count of a key to its new secret. Otherwise a rotation would reset its rate limit.
    pub(crate) fn transfer(&self, old: &Key, new: &Key) {
        let (Some(from), Some(to)) = (unhex(&old.key_hash), unhex(&new.key_hash)) else { return };
        let at = self.clock.moment();
        self.mirrors.key_cache.insert_stale_if_new(&to);
        // The two calls are separate, because two shards of the cache must never be locked at the same time.
        let counted =
            self.mirrors.key_cache.count(&from, |entry| self.limiter.adopt(&entry.counter, &from, at));
        if let Some(counted) = counted.flatten() {
            self.mirrors.key_cache.count(&to, |entry| self.limiter.transfer(&entry.counter, &to, counted));
        }
    }

    /// Counts one request of a key that was read from the database, in the counter that its verifications use.
    pub(crate) fn take_one(&self, key: &Key) -> Result<RateState, RateState> {
        let limit = key.fields.rate_limit_override.unwrap_or(self.settings.rate_limit_default);
        let at = self.clock.moment();
        // This program wrote the hash, so it can be decoded.
        let current = unhex(&key.key_hash).unwrap_or_default();
        self.mirrors.key_cache.insert_stale_if_new(&current);
        let take = |slot: &ApproximateCounter| self.limiter.take(slot, &current, 1, limit, at);
        self.mirrors
            .key_cache
            .count(&current, |entry| take(&entry.counter))
            .unwrap_or_else(|| take(&ApproximateCounter::exact()))
    }

    fn record_use(
        &self,
        view: &KeyView<'_>,
        code: VerifyCode,
        verify_request: &VerifyRequest<'_>,
        at: Moment,
    ) {
        let Some(outcome) = code.outcome() else { return };
        if code == VerifyCode::Valid
            && let Some(listed) = &view.listed
        {
            let (address, agent) = (verify_request.address, verify_request.agent.as_deref());
            if address.is_some() || agent.is_some() {
                self.client_info.record(view.digest, address, agent);
            }
            listed.add_uses(1, at.now);
            return;
        }
        let key_id = KeyId::known(view.key_id);
        self.usage.record(&key_id, &view.owner.organization.id, outcome, at.now);
        if code == VerifyCode::Valid {
            let address = verify_request.address.map(|address| address.to_string());
            let agent = verify_request.agent.clone();
            self.uses.record(Use { hash: *view.digest, key_id, at: at.now, address, agent });
        }
    }
}

/// Returns the hash of a secret. A text whose form or checksum is wrong has none, so that it is not looked up.
pub(super) fn digest_of(secret: &str) -> Option<Digest> {
    PlainKey::is_one(secret).then(|| sha256(secret))
}
