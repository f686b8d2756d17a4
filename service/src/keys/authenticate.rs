//! Authenticates the key of a request.

use model::key::PlainKey;
use model::verify::{VerifyCode, VerifyRequest};
use store::keys::{Credential, CredentialOwner, Use};
use subtle::ConstantTimeEq;

use crate::actor::{Actor, Caller, KeyActor, KeyActorOwner, RequestContext};
use crate::crypto::sha256;
use crate::error::{Error, Result};
use crate::rate::RateState;
use crate::state::Service;
use crate::verdict::{Decision, decide, key_state};

/// The one message for a key that is missing, unknown, revoked, expired, disabled, or whose owner is not active.
pub const NO_CREDENTIAL: &str = "Send a valid API key in the header Authorization, as Bearer <key>.";

/// The result of a successful authentication.
#[derive(Debug)]
pub struct Authenticated {
    pub caller: Caller,
    /// The state of the key's rate limit.
    pub rate: RateState,
}

impl Service {
    /// Returns the caller that a secret belongs to. The refusal is the same, whatever is wrong with the key.
    pub async fn authenticate_key(&self, secret: &str, context: RequestContext) -> Result<Authenticated> {
        let refused = || Error::Unauthorized(NO_CREDENTIAL);
        let secret = PlainKey::parse(secret).map_err(|_| refused())?;
        let hash = sha256(secret.reveal());
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        let found = store::keys::find_by_hash(&mut db, &hash).await?.ok_or_else(refused)?;
        drop(db);
        // The query compared the whole hash. This compares it again, in constant time.
        let is_same = bool::from(hex::encode(hash).as_bytes().ct_eq(found.key.key_hash.as_bytes()));
        if !is_same && found.earlier_until.is_none() {
            return Err(refused());
        }
        let take = || self.take_one(&found.key);
        let Decision { code, rate } = decide(&key_state(&found), &VerifyRequest::default(), now, take);
        let actor = KeyActor::of(hash, found);
        let key = &actor.key;
        if let Some(outcome) = code.outcome() {
            self.usage.record(&key.key_id, &key.organization_id, outcome, now);
        }
        let rate = match (code, rate) {
            (VerifyCode::Valid, Some(rate)) => rate,
            (VerifyCode::RateLimited, Some(rate)) => return Err(Error::RateLimited(rate)),
            _ => return Err(refused()),
        };
        self.uses.record(Use {
            hash,
            key_id: key.key_id.clone(),
            at: now,
            address: context.address.clone(),
            agent: context.agent.clone(),
        });
        let actor = Actor::Key(Box::new(actor));
        Ok(Authenticated { caller: Caller { actor, context }, rate })
    }
}

impl KeyActor {
    /// Creates the actor for a key that was found by this hash. The owner's rights limit those of the key.
    pub(crate) fn of(digest: [u8; 32], found: Credential) -> Self {
        let Credential { key, owner, earlier_until: _ } = found;
        let owner = match owner {
            CredentialOwner::User { role, status: _, is_removed: _, email } => {
                KeyActorOwner::User { role, email }
            }
            CredentialOwner::ServiceAccount { name, permissions, is_disabled: _ } => {
                KeyActorOwner::ServiceAccount { name, permissions }
            }
        };
        Self { key, owner, digest }
    }
}
