//! Leases a request before it is carried out, and stores its response.
//!
//! The lease is a row that is committed first, so that every process sees that the request is being carried out. The
//! response is written into that row in the same transaction as the change, so that either both are stored or neither
//! is.

use model::Timestamp;
use model::idempotency::IdempotencyKey;
use model::key::CreatedKey;
use model::time::DAY_SECONDS;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::idempotency_records::IdempotencyRecord;
use store::{Connection, Tx, causes};
use zeroize::Zeroizing;

use crate::actor::{Actor, Caller, KeyRef};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

/// Seconds for which a stored response is returned again.
const RECORD_SECONDS: i64 = 600;
/// Seconds after which a lease without a response expires, because its holder has probably crashed. If the holder is
/// still running, it finds the lease lost and changes nothing.
const LEASE_SECONDS: i64 = 60;

/// A request with an idempotency key.
#[derive(Debug)]
pub struct IdempotentRequest {
    key: IdempotencyKey,
    endpoint: (&'static str, &'static str),
    fingerprint: [u8; 32],
}

impl IdempotentRequest {
    /// Creates a request from its idempotency key, its endpoint, and all parts of its content.
    pub fn new(key: IdempotencyKey, endpoint: (&'static str, &'static str), parts: &[&[u8]]) -> Self {
        Self { key, endpoint, fingerprint: fingerprint(parts) }
    }

    /// The id of the idempotency record. It depends on the caller, the endpoint and the idempotency key.
    fn id(&self, caller: &Caller) -> [u8; 32] {
        let (kind, credential) = match &caller.actor {
            Actor::Key(actor) => ("key", actor.key.key_id.as_str()),
            Actor::Member(member) => ("member", member.user_id.as_str()),
            Actor::Operator(organization) => ("operator", organization.as_str()),
        };
        let (method, path) = self.endpoint;
        fingerprint(&[kind, credential, method, path, self.key.as_str()].map(str::as_bytes))
    }
}

/// Hashes each part together with its length, so that different lists of parts have different hashes.
fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// A response, either new or stored by an earlier request.
#[derive(Debug)]
pub struct Idempotent<T> {
    pub value: T,
    /// The moment that the response describes.
    pub at: Timestamp,
    /// Whether the response was stored by an earlier request.
    pub is_repeated: bool,
}

/// The result of trying to acquire a lease.
pub(crate) enum Acquired<T> {
    /// The caller has the lease and carries out the request.
    Ours(Box<IdempotencyLease>),
    /// The request was carried out before.
    Answered(Idempotent<T>),
}

/// The right to carry out a request. If it is dropped without a response, the request can be tried again.
pub(crate) struct IdempotencyLease {
    service: Service,
    id: [u8; 32],
    name: String,
    at: Timestamp,
    is_open: bool,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct StoredResponse<T> {
    value: T,
    at: Timestamp,
}

impl Service {
    /// Acquires the lease of a request for `action`, or finds its stored response.
    pub(crate) async fn acquire_lease(
        &self,
        caller: &Caller,
        action: Action,
        request: &IdempotentRequest,
    ) -> Result<Acquired<CreatedKey>> {
        retry!(self.try_acquire_lease(caller, action, request).await)
    }

    async fn try_acquire_lease(
        &self,
        caller: &Caller,
        action: Action,
        request: &IdempotentRequest,
    ) -> Result<Acquired<CreatedKey>> {
        let id = request.id(caller);
        let (now, name) = (self.clock.now(), self.entropy.id()?);
        let (mut tx, caller) = self.begin_for(caller, |caller| policy::permit(caller, action)).await?;
        let until = now.plus_seconds(LEASE_SECONDS);
        if store::idempotency_records::acquire(&mut tx, &id, &request.fingerprint, &name, now, until).await? {
            tx.commit().await?;
            let lease = IdempotencyLease { service: self.clone(), id, name, at: now, is_open: true };
            return Ok(Acquired::Ours(Box::new(lease)));
        }
        let kept = store::idempotency_records::find(&mut tx, &id).await?;
        // If the record is gone, its lease was released a moment ago, and the client's next attempt can acquire it.
        let kept = kept.ok_or(Error::StillAnswering)?;
        let answered = self.open_response(&id, request, &kept)?;
        self.may_receive_again(&mut tx, &caller, action, &answered).await?;
        Ok(Acquired::Answered(answered))
    }

    /// Finds the stored response to a request for `action`. Call it before checking the body: a time that was in the
    /// future at the first request may be in the past now.
    pub async fn repeated_key(
        &self,
        caller: &Caller,
        action: Action,
        request: &IdempotentRequest,
    ) -> Result<Option<Idempotent<CreatedKey>>> {
        policy::permit(caller, action)?;
        let (id, now) = (request.id(caller), self.clock.now());
        let mut db = self.store.read().await?;
        let kept = store::idempotency_records::find(&mut db, &id).await?;
        let Some(kept) = kept.filter(|kept| kept.sealed.is_some() && kept.expires_at > now) else {
            return Ok(None);
        };
        let answered = self.open_response(&id, request, &kept)?;
        self.may_receive_again(&mut db, caller, action, &answered).await?;
        Ok(Some(answered))
    }

    /// Checks whether the caller may receive the secret in a stored response, by the present rights of the caller and
    /// of the key. Without this check, a key whose rights were reduced could get a secret that it created while it had
    /// more.
    async fn may_receive_again(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        action: Action,
        answered: &Idempotent<CreatedKey>,
    ) -> Result<()> {
        let id = answered.value.key.key_id.clone();
        let key = self.load_key(db, caller, action, &KeyRef::Id(id)).await?;
        self.may_receive_secret(db, caller, &key).await
    }

    fn open_response(
        &self,
        id: &[u8; 32],
        request: &IdempotentRequest,
        kept: &IdempotencyRecord,
    ) -> Result<Idempotent<CreatedKey>> {
        if kept.fingerprint != request.fingerprint {
            return Err(Error::IdempotencyKeyReused);
        }
        let sealed = kept.sealed.as_ref().ok_or(Error::StillAnswering)?;
        // Another node sealed the response with another key. It cannot be read, and the request must not be carried out
        // twice.
        let text = self.seal_key()?.open(id, sealed).ok_or(Error::AnswerUnreadable)?;
        let StoredResponse { value, at } =
            serde_json::from_slice(&text).map_err(|_| Error::AnswerUnreadable)?;
        Ok(Idempotent { value, at, is_repeated: true })
    }

    /// Stores the response of a leased request, in the transaction of its change. Without a lease it does nothing.
    pub(crate) async fn store_response<T: Serialize>(
        &self,
        tx: &mut Tx,
        lease: Option<&IdempotencyLease>,
        value: &T,
    ) -> Result<()> {
        let Some(lease) = lease else { return Ok(()) };
        let text = serde_json::to_vec(&StoredResponse { value, at: lease.at }).map_err(|_| Error::Seal)?;
        let sealed = self.seal_key()?.seal(&self.entropy, &lease.id, &Zeroizing::new(text))?;
        let until = lease.at.plus_seconds(RECORD_SECONDS);
        let now = self.clock.now();
        if store::idempotency_records::complete(tx, &lease.id, &lease.name, &sealed, now, until).await? {
            Ok(())
        } else {
            Err(Error::StillAnswering)
        }
    }

    /// Deletes responses that are no longer returned.
    pub(crate) async fn sweep_idempotency_records(&self) -> Result<()> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        store::idempotency_records::sweep(&mut tx, now, now.plus_seconds(RECORD_SECONDS + DAY_SECONDS), 5000)
            .await?;
        Ok(tx.commit().await?)
    }
}

impl IdempotencyLease {
    /// Ends the lease with the result of the request. A request that was refused can be tried again at once.
    pub(crate) async fn finish<T>(mut self, outcome: Result<T>) -> Result<Idempotent<T>> {
        self.is_open = false;
        match outcome {
            Ok(value) => Ok(Idempotent { value, at: self.at, is_repeated: false }),
            Err(error) => {
                release(&self.service, &self.id, &self.name).await;
                Err(error)
            }
        }
    }
}

impl Drop for IdempotencyLease {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        // The client disconnected before the request was finished. A response that is being stored at this moment
        // stays.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (service, id, name) = (self.service.clone(), self.id, std::mem::take(&mut self.name));
            runtime.spawn(async move { release(&service, &id, &name).await });
        }
    }
}

/// Tries to release a lease. If that fails, the lease expires within a minute.
async fn release(service: &Service, id: &[u8; 32], name: &str) {
    let released = async {
        let mut tx = service.store.begin().await?;
        store::idempotency_records::release(&mut tx, id, name).await?;
        tx.commit().await
    };
    if let Err(error) = released.await {
        tracing::warn!(
            error = %causes(&error),
            "a refused request can be repeated only after a minute, because its lease could not be released"
        );
    }
}
