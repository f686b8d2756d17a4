//! What the directory does not know is asked of the database: once, for all who want to know the same meanwhile.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::key::ResourceScope;
use model::service_account::{ACCOUNT_CEILING, AccountRight};
use model::user::UserStatus;
use store::keys::{Credential, Holder};
use tokio::sync::watch;

use super::directory::{Digest, Facts, Owner, Ticket};
use crate::error::{Error, Result};
use crate::state::Service;

/// Nobody joins a question that was put longer ago: what it reads may be older than a cached answer is allowed to be.
const JOINED_MILLIS_MAX: u64 = 250;
/// Questions under way at once. They go on when who asked leaves, so their number is not bounded by that of connections.
const UNDER_WAY_MAX: usize = 10_000;

type Answer = Result<Option<Arc<Facts>>, store::Error>;

/// The questions under way.
#[derive(Default)]
pub(crate) struct Misses(Mutex<HashMap<Digest, Miss>>);

struct Miss {
    ticket: Ticket,
    asked_at_millis: u64,
    answer: watch::Receiver<Option<Answer>>,
}

impl Service {
    /// What the database says of a secret, not older than this call.
    pub(crate) async fn ask(&self, digest: Digest) -> Result<Option<Arc<Facts>>> {
        let mut answer = match self.join(digest) {
            Some(answer) => answer,
            None if self.misses.lock().len() < UNDER_WAY_MAX => self.put(digest),
            None => return Err(Error::Busy),
        };
        let answered = answer.wait_for(Option::is_some).await.map_err(|_| Error::ShuttingDown)?;
        match answered.as_ref() {
            Some(Ok(facts)) => Ok(facts.clone()),
            Some(Err(error)) => Err(error.clone().into()),
            None => Err(Error::ShuttingDown),
        }
    }

    /// The same question, if it is under way and nothing has changed since it was put. Whoever joined a question from
    /// before a change would be answered as if the change had not happened.
    fn join(&self, digest: Digest) -> Option<watch::Receiver<Option<Answer>>> {
        let misses = self.misses.lock();
        let miss = misses.get(&digest)?;
        let age = self.clock.monotonic_millis().saturating_sub(miss.asked_at_millis);
        let is_fresh = age <= JOINED_MILLIS_MAX && !self.directory.may_have_changed(&miss.ticket, &digest);
        is_fresh.then(|| miss.answer.clone())
    }

    /// Puts the question. It goes on by itself, should the one who put it leave.
    fn put(&self, digest: Digest) -> watch::Receiver<Option<Answer>> {
        let ticket = self.directory.open();
        let (sender, answer) = watch::channel(None);
        let asked_at_millis = self.clock.monotonic_millis();
        let miss = Miss { ticket: ticket.clone(), asked_at_millis, answer: answer.clone() };
        self.misses.lock().insert(digest, miss);
        let service = self.clone();
        tokio::spawn(async move {
            let answered = service.read_secret(&ticket, &digest).await;
            let mut misses = service.misses.lock();
            if misses.get(&digest).is_some_and(|miss| miss.ticket == ticket) {
                misses.remove(&digest);
            }
            drop(misses);
            service.directory.close(&ticket);
            sender.send_replace(Some(answered));
        });
        answer
    }

    async fn read_secret(&self, ticket: &Ticket, digest: &Digest) -> Answer {
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        let Some(credential) = store::keys::find_by_hash(&mut db, digest, now).await? else {
            drop(db);
            self.directory.note_absent(ticket, digest);
            return Ok(None);
        };
        drop(db);
        let facts = self.facts_of(ticket, digest, credential);
        self.directory.learn(ticket, [facts.clone()]);
        Ok(Some(Arc::new(facts)))
    }

    fn facts_of(&self, ticket: &Ticket, digest: &Digest, credential: Credential) -> Facts {
        let Credential { key, holder, earlier_until } = credential;
        let current = crate::crypto::unhex(&key.key_hash).unwrap_or(*digest);
        let owner =
            self.directory.owner(ticket, owner_of(key.owner.clone(), key.organization_id.clone(), &holder));
        Facts {
            digest: *digest,
            earlier: earlier_until.map(|end| (current, end)),
            key_id: key.key_id.as_str().to_owned(),
            name: key.name.as_str().to_owned(),
            owner,
            permissions: key.permissions,
            scopes: (!key.scopes.is_empty()).then(|| Arc::<[ResourceScope]>::from(key.scopes)),
            limit: key.rate_limit_override,
            expires_at: key.expires_at,
            is_disabled: key.disabled.is_some(),
            is_revoked: key.revoked.is_some(),
            has_ended: key.ended_at.is_some(),
        }
    }
}

/// An owner as the database has them.
pub(super) fn owner_of(
    id: model::key::KeyOwner,
    organization: model::id::OrganizationId,
    holder: &Holder,
) -> Owner {
    match holder {
        Holder::User { role, status, is_removed, email } => {
            let is_active = *status == UserStatus::Active && !is_removed;
            Owner::new(id, organization, email, role.ceiling(), is_active, false)
        }
        Holder::ServiceAccount { name, permissions, is_disabled } => {
            let may_verify = permissions.grants(AccountRight::VerifyKeys);
            Owner::new(id, organization, name, ACCOUNT_CEILING, !is_disabled, may_verify)
        }
    }
}

impl Misses {
    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Miss>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
