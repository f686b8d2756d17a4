//! Claiming a request before it is answered, and keeping its answer.
//!
//! The claim is a row of its own, committed first, so that everybody sees that the request is being answered. The answer
//! is written into that row in the transaction of what it tells of: both are there, or neither.

use model::Timestamp;
use model::idempotency::IdempotencyKey;
use model::key::CreatedKey;
use model::time::DAY_SECONDS;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::answers::Kept;
use store::{Connection, Tx};
use zeroize::Zeroizing;

use crate::actor::{Actor, Caller, KeyRef};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

/// Seconds for which an answer is given again.
const KEPT_SECONDS: i64 = 600;
/// Seconds after which a claim without an answer is free again: whoever held it has died. Should they be alive after all,
/// they find the claim lost and change nothing.
const CLAIM_SECONDS: i64 = 60;

/// A request that is to be answered once.
#[derive(Debug)]
pub struct Once {
    key: IdempotencyKey,
    endpoint: (&'static str, &'static str),
    fingerprint: [u8; 32],
}

impl Once {
    /// A request by the name that the client gave it, the endpoint it asks for, and all that makes it what it is.
    pub fn new(key: IdempotencyKey, endpoint: (&'static str, &'static str), parts: &[&[u8]]) -> Self {
        Self { key, endpoint, fingerprint: hash_of(parts) }
    }

    /// Where its answer is kept: of each credential and endpoint apart.
    fn id(&self, caller: &Caller) -> [u8; 32] {
        let (kind, credential) = match &caller.actor {
            Actor::Key(actor) => ("key", actor.key.key_id.as_str()),
            Actor::Member(member) => ("member", member.user_id.as_str()),
            Actor::Operator(organization) => ("operator", organization.as_str()),
        };
        let (method, path) = self.endpoint;
        hash_of(&[kind, credential, method, path, self.key.as_str()].map(str::as_bytes))
    }
}

/// Each part behind its length, so that no two lists of parts are alike.
fn hash_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// An answer, perhaps given once more.
#[derive(Debug)]
pub struct Answered<T> {
    /// What it tells.
    pub value: T,
    /// The moment of which it tells.
    pub at: Timestamp,
    /// Whether it was given before.
    pub is_repeated: bool,
}

/// What came of a claim.
pub(crate) enum Claimed<T> {
    /// It is ours to answer.
    Ours(Box<Claim>),
    /// It was answered before.
    Answered(Answered<T>),
}

/// A request that is ours to answer. Dropped without an answer, it is free for another try.
pub(crate) struct Claim {
    service: Service,
    id: [u8; 32],
    name: String,
    at: Timestamp,
    is_open: bool,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Sealed<T> {
    value: T,
    at: Timestamp,
}

impl Service {
    /// Claims a request for `action`, or finds its answer.
    pub(crate) async fn claim(
        &self,
        caller: &Caller,
        action: Action,
        once: &Once,
    ) -> Result<Claimed<CreatedKey>> {
        let id = once.id(caller);
        let (now, name) = (self.clock.now(), self.entropy.id()?);
        let (mut tx, caller) = self.begin_for(caller, |caller| policy::permit(caller, action)).await?;
        let until = now.plus_seconds(CLAIM_SECONDS);
        if store::answers::claim(&mut tx, &id, &once.fingerprint, &name, now, until).await? {
            tx.commit().await?;
            let claim = Claim { service: self.clone(), id, name, at: now, is_open: true };
            return Ok(Claimed::Ours(Box::new(claim)));
        }
        let kept = store::answers::find(&mut tx, &id).await?;
        // One that went in this moment has just been given up; the next try finds the place free.
        let kept = kept.ok_or(Error::StillAnswering)?;
        let answered = self.answer_of(&id, once, &kept)?;
        self.may_hear_again(&mut tx, &caller, action, &answered).await?;
        Ok(Claimed::Answered(answered))
    }

    /// The answer to a request for `action` that was made before. Asked before its body is checked: what was in the future
    /// then may be past now.
    pub async fn repeated_key(
        &self,
        caller: &Caller,
        action: Action,
        once: &Once,
    ) -> Result<Option<Answered<CreatedKey>>> {
        policy::permit(caller, action)?;
        let (id, now) = (once.id(caller), self.clock.now());
        let mut db = self.store.read().await?;
        let kept = store::answers::find(&mut db, &id).await?;
        let Some(kept) = kept.filter(|kept| kept.sealed.is_some() && kept.expires_at > now) else {
            return Ok(None);
        };
        let answered = self.answer_of(&id, once, &kept)?;
        self.may_hear_again(&mut db, caller, action, &answered).await?;
        Ok(Some(answered))
    }

    /// Whether the caller may have the secret of a kept answer, by the rights that they have now and the rights that the key
    /// has now. Without this a key that was narrowed would get a secret that it made while it was wide.
    async fn may_hear_again(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        action: Action,
        answered: &Answered<CreatedKey>,
    ) -> Result<()> {
        let id = answered.value.key.key_id.clone();
        let key = self.load_key(db, caller, action, &KeyRef::Id(id)).await?;
        self.may_receive_secret(db, caller, &key).await
    }

    fn answer_of(&self, id: &[u8; 32], once: &Once, kept: &Kept) -> Result<Answered<CreatedKey>> {
        if kept.fingerprint != once.fingerprint {
            return Err(Error::IdempotencyKeyReused);
        }
        let sealed = kept.sealed.as_ref().ok_or(Error::StillAnswering)?;
        // Sealed by a node that has another key: what it says cannot be known, and must not happen twice.
        let text = self.seal_key()?.open(id, sealed).ok_or(Error::AnswerUnreadable)?;
        let Sealed { value, at } = serde_json::from_slice(&text).map_err(|_| Error::AnswerUnreadable)?;
        Ok(Answered { value, at, is_repeated: true })
    }

    /// Keeps the answer of a claimed request in the transaction of what it tells of. Without a claim nothing is kept.
    pub(crate) async fn keep<T: Serialize>(
        &self,
        tx: &mut Tx,
        claim: Option<&Claim>,
        value: &T,
    ) -> Result<()> {
        let Some(claim) = claim else { return Ok(()) };
        let text = serde_json::to_vec(&Sealed { value, at: claim.at }).map_err(|_| Error::Seal)?;
        let sealed = self.seal_key()?.seal(&self.entropy, &claim.id, &Zeroizing::new(text))?;
        let until = claim.at.plus_seconds(KEPT_SECONDS);
        let now = self.clock.now();
        if store::answers::complete(tx, &claim.id, &claim.name, &sealed, now, until).await? {
            Ok(())
        } else {
            Err(Error::StillAnswering)
        }
    }

    /// Removes answers that are not given again any more.
    pub(crate) async fn sweep_answers(&self) -> Result<()> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        store::answers::sweep(&mut tx, now, now.plus_seconds(KEPT_SECONDS + DAY_SECONDS), 5000).await?;
        Ok(tx.commit().await?)
    }
}

impl Claim {
    /// Ends the claim with what came of the request. What was refused can be tried again at once.
    pub(crate) async fn end<T>(mut self, outcome: Result<T>) -> Result<Answered<T>> {
        self.is_open = false;
        match outcome {
            Ok(value) => Ok(Answered { value, at: self.at, is_repeated: false }),
            Err(error) => {
                release(&self.service, &self.id, &self.name).await;
                Err(error)
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        // The client went away in the middle of it. If the answer is being kept at this moment, it stays.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (service, id, name) = (self.service.clone(), self.id, std::mem::take(&mut self.name));
            runtime.spawn(async move { release(&service, &id, &name).await });
        }
    }
}

/// Frees a claim as well as it can; one that stays is free after a minute.
async fn release(service: &Service, id: &[u8; 32], name: &str) {
    let released = async {
        let mut tx = service.store.begin().await?;
        store::answers::release(&mut tx, id, name).await?;
        tx.commit().await
    };
    if let Err(error) = released.await {
        let error = &error as &(dyn std::error::Error + 'static);
        tracing::warn!(error, "a request that was refused can be repeated only in a minute");
    }
}
