//! Reads from the database what the key cache does not know. Concurrent requests about one secret share one query.

use std::sync::Arc;

use model::key::{ResourceScope, SERVICE_ACCOUNT_CEILING};
use model::service_account::AccountRight;
use model::user::UserStatus;
use store::keys::{Credential, CredentialOwner};
use tokio::sync::watch;

use super::flights::{Answer, Flight};
use super::key_cache::{Digest, KeyFacts, Owner, ReadEpoch};
use crate::error::{Error, Result};
use crate::state::Service;

/// Maximum age of a query that another request can join. An older query may have read data that is too old for a cached
/// answer.
const JOINED_MILLIS_MAX: u64 = 250;
/// Maximum number of queries at once. They go on if the client disconnects, so the number of connections does not bound
/// them.
const QUERIES_MAX: usize = 10_000;

impl Service {
    /// Reads a secret from the database. The result includes every change that this process knew of at the time of the
    /// call.
    pub(crate) async fn ask(&self, digest: Digest) -> Result<Option<Arc<KeyFacts>>> {
        let mut answer = match self.join(digest) {
            Some(answer) => answer,
            None if self.single_flight.lock().len() < QUERIES_MAX => self.put(digest),
            None => return Err(Error::Busy),
        };
        let answered = answer.wait_for(Option::is_some).await.map_err(|_| Error::ShuttingDown)?;
        match answered.as_ref() {
            Some(Ok(facts)) => Ok(facts.clone()),
            Some(Err(error)) => Err(error.clone().into()),
            None => Err(Error::ShuttingDown),
        }
    }

    /// Joins a query about the same secret, if one is under way and nothing has changed since it began. A query from
    /// before a change could return the old data.
    fn join(&self, digest: Digest) -> Option<watch::Receiver<Option<Answer>>> {
        let single_flight = self.single_flight.lock();
        let flight = single_flight.get(&digest)?;
        let age = self.clock.monotonic_millis().saturating_sub(flight.asked_at_millis);
        let is_fresh = age <= JOINED_MILLIS_MAX && !self.key_cache.may_have_changed(&flight.epoch, &digest);
        is_fresh.then(|| flight.answer.clone())
    }

    /// Starts the query in a task of its own, so that it goes on if the client disconnects.
    fn put(&self, digest: Digest) -> watch::Receiver<Option<Answer>> {
        let epoch = self.key_cache.begin_read();
        let (sender, answer) = watch::channel(None);
        let asked_at_millis = self.clock.monotonic_millis();
        let flight = Flight { epoch: epoch.clone(), asked_at_millis, answer: answer.clone() };
        self.single_flight.lock().insert(digest, flight);
        let service = self.clone();
        tokio::spawn(async move {
            let answered = service.read_secret(&epoch, &digest).await;
            let mut single_flight = service.single_flight.lock();
            if single_flight.get(&digest).is_some_and(|flight| flight.epoch == epoch) {
                single_flight.remove(&digest);
            }
            drop(single_flight);
            service.key_cache.end_read(&epoch);
            sender.send_replace(Some(answered));
        });
        answer
    }

    async fn read_secret(&self, epoch: &ReadEpoch, digest: &Digest) -> Answer {
        let mut db = self.store.read().await?;
        // What the cache stores must not depend on the time of day, which can be set back.
        let Some(credential) = store::keys::find_at_any_time(&mut db, digest).await? else {
            drop(db);
            self.key_cache.insert_absent(epoch, digest);
            return Ok(None);
        };
        drop(db);
        let facts = self.facts_of(epoch, digest, credential);
        self.key_cache.insert(epoch, [facts.clone()]);
        Ok(Some(Arc::new(facts)))
    }

    fn facts_of(&self, epoch: &ReadEpoch, digest: &Digest, credential: Credential) -> KeyFacts {
        let Credential { key, owner, earlier_until } = credential;
        let current = crate::crypto::unhex(&key.key_hash).unwrap_or(*digest);
        let cached =
            self.key_cache.owner(epoch, owner_of(key.owner.clone(), key.organization_id.clone(), &owner));
        KeyFacts {
            digest: *digest,
            earlier: earlier_until.map(|end| (current, end)),
            key_id: key.key_id.as_str().to_owned(),
            name: key.fields.name.as_str().to_owned(),
            owner: cached,
            permissions: key.fields.permissions,
            scopes: (!key.fields.scopes.is_empty()).then(|| Arc::<[ResourceScope]>::from(key.fields.scopes)),
            limit: key.fields.rate_limit_override,
            expires_at: key.fields.expires_at,
            environment: key.fields.environment,
            metadata: (!key.fields.metadata.is_empty()).then(|| Arc::new(key.fields.metadata)),
            is_disabled: key.disabled.is_some(),
            is_revoked: key.revoked.is_some(),
            has_ended: key.ended_at.is_some(),
        }
    }
}

/// Converts an owner as read from the database.
pub(super) fn owner_of(
    id: model::key::KeyOwner,
    organization: model::id::OrganizationId,
    owner: &CredentialOwner,
) -> Owner {
    match owner {
        CredentialOwner::User { role, status, is_removed, email } => {
            let is_active = *status == UserStatus::Active && !is_removed;
            Owner::new(id, organization, email, role.ceiling(), is_active, false)
        }
        CredentialOwner::ServiceAccount { name, permissions, is_disabled } => {
            let may_verify = permissions.grants(AccountRight::VerifyKeys);
            Owner::new(id, organization, name, SERVICE_ACCOUNT_CEILING, !is_disabled, may_verify)
        }
    }
}
