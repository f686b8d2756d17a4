//! Finding out whose key a request carries, and whether it passes.

use model::Timestamp;
use model::key::{Key, KeyStatus, PlainKey};
use model::usage::Outcome;
use model::user::UserStatus;
use store::keys::{Credential, Holder, Use};
use subtle::ConstantTimeEq;

use crate::actor::{Actor, Caller, KeyActor, KeyHolder, Origin};
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
        let Credential { key, holder, earlier_until } = found;
        // The look-up was by the whole hash; this says so again, in a time that tells nothing.
        let is_same = bool::from(hex(&hash).as_bytes().ct_eq(key.key_hash.as_bytes()));
        if !is_same && earlier_until.is_none() {
            return Err(refused());
        }
        let note = |outcome| self.usage.note(&key.key_id, &key.organization_id, outcome, now);
        let holder = match (refusal(&key, now), working(holder)) {
            (None, Some(holder)) => holder,
            (outcome, _) => {
                note(outcome.unwrap_or(Outcome::OwnerInactive));
                return Err(refused());
            }
        };
        let rate = self.take_one(&key).map_err(|rate| {
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
        let actor = Actor::Key(Box::new(KeyActor { key, holder }));
        Ok(Authenticated { caller: Caller { actor, origin }, rate })
    }
}

/// Why a known key is refused, whoever owns it, for those who look at its usage. Whoever shows it is never told.
fn refusal(key: &Key, now: Timestamp) -> Option<Outcome> {
    match key.status(now) {
        KeyStatus::Revoked => Some(Outcome::Revoked),
        KeyStatus::Expired => Some(Outcome::Expired),
        KeyStatus::Active if key.disabled.is_some() => Some(Outcome::Disabled),
        KeyStatus::Active => None,
    }
}

/// The owner of a key that is used, if the owner's keys work.
fn working(holder: Holder) -> Option<KeyHolder> {
    match holder {
        Holder::User { role, status, is_removed, email } => {
            (status == UserStatus::Active && !is_removed).then_some(KeyHolder::User { role, email })
        }
        Holder::ServiceAccount { name, permissions, is_disabled } => {
            (!is_disabled).then_some(KeyHolder::ServiceAccount { name, permissions })
        }
    }
}
