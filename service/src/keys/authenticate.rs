//! Finding out whose key a request carries, and whether it passes.

use model::Timestamp;
use model::key::{Key, KeyStatus, PlainKey};
use model::usage::Outcome;
use model::user::UserStatus;
use store::keys::{Credential, Use};
use subtle::ConstantTimeEq;

use crate::actor::{Actor, Caller, KeyActor, Origin};
use crate::crypto::{hex, sha256};
use crate::error::{Error, Result};
use crate::rate::RateState;
use crate::state::Service;

/// The one sentence for a key that is missing, unknown, revoked, expired, disabled, or whose owner is not active.
const NO_CREDENTIAL: &str = "Send a valid API key as Authorization: Bearer <key>.";

/// A key that passed.
#[derive(Debug)]
pub struct Authenticated {
    /// Whose it is.
    pub caller: Caller,
    /// Where its rate limit stands.
    pub rate: RateState,
}

impl Service {
    /// The caller behind a secret. All refusals are alike, whatever is wrong with the key.
    pub async fn authenticate_key(&self, secret: &str, origin: Origin) -> Result<Authenticated> {
        let refused = || Error::Unauthorized(NO_CREDENTIAL);
        let secret = PlainKey::parse(secret).map_err(|_| refused())?;
        let hash = sha256(secret.reveal());
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        let found = store::keys::find_by_hash(&mut db, &hash, now).await?.ok_or_else(refused)?;
        drop(db);
        let Credential { key, owner_role, owner_status, owner_removed, owner_email, is_earlier_secret } =
            found;
        // The look-up was by the whole hash; this says so again, in a time that tells nothing.
        let is_same = bool::from(hex(&hash).as_bytes().ct_eq(key.key_hash.as_bytes()));
        if !is_same && !is_earlier_secret {
            return Err(refused());
        }
        let note = |outcome| self.usage.note(&key.key_id, &key.organization_id, outcome, now);
        let owner_is_active = owner_status == UserStatus::Active && !owner_removed;
        if let Some(outcome) = refusal(&key, owner_is_active, now) {
            note(outcome);
            return Err(refused());
        }
        let limit = key.rate_limit_override.unwrap_or(self.settings.rate_limit_default);
        let rate = self.limiter.take(&key.key_id, limit, &self.clock).map_err(|rate| {
            note(Outcome::RateLimited);
            Error::RateLimited(rate)
        })?;
        note(Outcome::Valid);
        self.uses.note(Use {
            hash,
            key_id: key.key_id.clone(),
            at: now,
            address: origin.address.clone(),
            agent: origin.agent.clone(),
        });
        let actor = Actor::Key(Box::new(KeyActor { key, owner_role, owner_email }));
        Ok(Authenticated { caller: Caller { actor, origin }, rate })
    }
}

/// Why a known key is refused, for those who look at its usage. Whoever shows it is never told.
fn refusal(key: &Key, owner_is_active: bool, now: Timestamp) -> Option<Outcome> {
    match key.status(now) {
        KeyStatus::Revoked => Some(Outcome::Revoked),
        KeyStatus::Expired => Some(Outcome::Expired),
        KeyStatus::Active if key.disabled.is_some() => Some(Outcome::Disabled),
        KeyStatus::Active if !owner_is_active => Some(Outcome::OwnerInactive),
        KeyStatus::Active => None,
    }
}
