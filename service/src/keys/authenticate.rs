//! Finding out whose key a request carries, and whether it passes.

use model::Timestamp;
use model::key::{KeyStatus, PlainKey};
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
pub const NO_CREDENTIAL: &str = "Send a valid API key in the header Authorization, as Bearer <key>.";

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
        // The look-up was by the whole hash; this says so again, in a time that tells nothing.
        let is_same = bool::from(hex(&hash).as_bytes().ct_eq(found.key.key_hash.as_bytes()));
        if !is_same && found.earlier_until.is_none() {
            return Err(refused());
        }
        let refusal = refusal(&found, now);
        let actor = KeyActor::of(hash, found);
        let key = &actor.key;
        let note = |outcome| self.usage.note(&key.key_id, &key.organization_id, outcome, now);
        if let Some(outcome) = refusal {
            note(outcome);
            return Err(refused());
        }
        let rate = self.take_one(key).map_err(|rate| {
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
        let actor = Actor::Key(Box::new(actor));
        Ok(Authenticated { caller: Caller { actor, origin }, rate })
    }
}

impl KeyActor {
    /// The key behind a secret of this hash, with its owner as the bound of what it may do.
    pub(crate) fn of(digest: [u8; 32], found: Credential) -> Self {
        let Credential { key, holder, earlier_until: _ } = found;
        let holder = match holder {
            Holder::User { role, status: _, is_removed: _, email } => KeyHolder::User { role, email },
            Holder::ServiceAccount { name, permissions, is_disabled: _ } => {
                KeyHolder::ServiceAccount { name, permissions }
            }
        };
        Self { key, holder, digest }
    }
}

/// Why a known key is refused, for those who look at its usage. Whoever shows it is never told.
pub(crate) fn refusal(found: &Credential, now: Timestamp) -> Option<Outcome> {
    match found.key.status(now) {
        KeyStatus::Revoked => return Some(Outcome::Revoked),
        KeyStatus::Expired => return Some(Outcome::Expired),
        KeyStatus::Active if found.key.disabled.is_some() => return Some(Outcome::Disabled),
        KeyStatus::Active => {}
    }
    let owner_is_active = match &found.holder {
        Holder::User { status, is_removed, .. } => *status == UserStatus::Active && !is_removed,
        Holder::ServiceAccount { is_disabled, .. } => !is_disabled,
    };
    (!owner_is_active).then_some(Outcome::OwnerInactive)
}
