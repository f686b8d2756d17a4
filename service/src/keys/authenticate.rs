//! Finding out whose key a request carries, and whether it passes.

use model::key::{KeyStatus, PlainKey};
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
        let is_valid = (is_same || is_earlier_secret)
            && key.status(now) == KeyStatus::Active
            && key.disabled.is_none()
            && owner_status == UserStatus::Active
            && !owner_removed;
        if !is_valid {
            return Err(refused());
        }
        let limit = key.rate_limit_override.unwrap_or(self.settings.rate_limit_default);
        let rate = self.limiter.take(&key.key_id, limit, &self.clock).map_err(Error::RateLimited)?;
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
