//! Checks a caller's credential again inside the transaction that writes.
//!
//! A request is authenticated when it arrives, but it may be finished long after that, because its body comes slowly or
//! it waits for a lock. Meanwhile its key may have been revoked, its session ended or its owner suspended. So each
//! change begins with [`Service::begin_for`], which reads the credential again in the transaction of the change and
//! locks it until the commit. It returns an [`AuthorizedCaller`], without which no audit record can be written. The
//! only other way to create one is [`AuthorizedCaller::proven`].

use std::ops::Deref;

use model::id::OrganizationId;
use model::user::User;
use store::invalidations::Invalidation;
use store::{Connection, Tx};

use crate::actor::{Actor, Caller, KeyActor, KeyRef, Member, RequestContext};
use crate::error::{Error, Result};
use crate::keys::NO_CREDENTIAL;
use crate::not_found::NO_ORGANIZATION;
use crate::sessions::SIGNED_OUT;
use crate::state::Service;
use crate::verdict::{is_valid, key_state};

/// A caller whose rights were checked inside the current transaction.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizedCaller(Caller);

impl AuthorizedCaller {
    /// Wraps a caller who proved their identity inside this transaction, by a one-time link or a password, or who is
    /// the operator. The audit record of failed sign-ins uses it as well, to name the member whose password was tried.
    pub(crate) fn proven(caller: Caller) -> Self {
        Self(caller)
    }

    /// The operator with access to the database, as a caller in one organization. Never for a request.
    pub(crate) fn operator(organization: OrganizationId) -> Self {
        Self(Caller { actor: Actor::Operator(organization), context: RequestContext::default() })
    }

    /// Returns the caller with the rights they had inside the transaction, for use after it.
    pub(crate) fn into_caller(self) -> Caller {
        self.0
    }
}

impl Deref for AuthorizedCaller {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Service {
    /// Begins a transaction that writes, for a caller who passes the check `may`. The check runs first on the given
    /// caller, so that a refusal costs no transaction, and again on the caller as read inside the transaction.
    pub(crate) async fn begin_for(
        &self,
        caller: &Caller,
        may: impl Fn(&Caller) -> Result<()>,
    ) -> Result<(Tx, AuthorizedCaller)> {
        self.begin_with_lock(caller, &[], may).await
    }

    /// Like [`Self::begin_for`], for a change of a key. A key that changes itself takes the exclusive lock of its
    /// secret at the start. If two transactions shared the lock, each would wait for the other before changing the key.
    pub(crate) async fn begin_for_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        may: impl Fn(&Caller) -> Result<()>,
    ) -> Result<(Tx, AuthorizedCaller)> {
        match &caller.actor {
            Actor::Key(actor) if may_mean(key, actor) => {
                self.begin_with_lock(caller, &[Invalidation::Secret(actor.digest)], may).await
            }
            _ => self.begin_with_lock(caller, &[], may).await,
        }
    }

    async fn begin_with_lock(
        &self,
        caller: &Caller,
        held: &[Invalidation],
        may: impl Fn(&Caller) -> Result<()>,
    ) -> Result<(Tx, AuthorizedCaller)> {
        may(caller)?;
        let mut tx = self.store.begin().await?;
        store::caller_locks::lock_exclusive(&mut tx, held).await?;
        let mut shared = invalidations_of(caller);
        shared.retain(|invalidation| !held.contains(invalidation));
        store::caller_locks::lock_shared(&mut tx, &shared).await?;
        let fresh = self.reauthorize(&mut tx, caller).await?;
        may(&fresh)?;
        Ok((tx, fresh))
    }

    /// Reads the caller's credential and rights again.
    async fn reauthorize(&self, tx: &mut Tx, caller: &Caller) -> Result<AuthorizedCaller> {
        let actor = match &caller.actor {
            Actor::Key(actor) => Actor::Key(Box::new(self.current_key(tx, actor).await?)),
            Actor::Member(member) => Actor::Member(self.current_member(tx, member).await?),
            Actor::Operator(organization) => {
                let found = store::organizations::find(tx, organization).await?;
                Actor::Operator(found.ok_or(Error::NotFound(NO_ORGANIZATION))?.organization_id)
            }
        };
        Ok(AuthorizedCaller(Caller { actor, context: caller.context.clone() }))
    }

    /// Reads a key again by the secret that was presented, because an earlier secret may end before its key does.
    pub(crate) async fn current_key(&self, db: &mut impl Connection, actor: &KeyActor) -> Result<KeyActor> {
        let now = self.clock.now();
        let found = store::keys::find_by_hash(db, &actor.digest).await?;
        let working = found.filter(|found| is_valid(&key_state(found), now));
        working.map(|found| KeyActor::of(actor.digest, found)).ok_or(Error::Unauthorized(NO_CREDENTIAL))
    }

    /// Returns a caller who receives a long response part by part. A key is read again and must still be valid.
    /// Sessions and the operator receive no such response.
    pub(crate) async fn current_reader(&self, caller: &Caller) -> Result<Caller> {
        let Actor::Key(actor) = &caller.actor else { return Ok(caller.clone()) };
        let actor = self.current_key(&mut self.store.read().await?, actor).await?;
        Ok(Caller { actor: Actor::Key(Box::new(actor)), context: caller.context.clone() })
    }

    async fn current_member(&self, tx: &mut Tx, member: &Member) -> Result<Member> {
        let signed_out = || Error::Unauthorized(SIGNED_OUT);
        let session = store::sessions::lock(tx, &member.session_id).await?.ok_or_else(signed_out)?;
        // A session that was switched to another organization meanwhile must not act in this one.
        if self.has_ended(&session) || session.user_id != member.user_id {
            return Err(signed_out());
        }
        let user = store::users::find_active(tx, &session.user_id).await?.ok_or_else(signed_out)?;
        let User { user_id, email, role, organization_id, .. } = user;
        let (account_id, session_id) = (session.account_id, session.session_id);
        Ok(Member { account_id, session_id, user_id, email, role, organization_id })
    }
}

/// Whether a request may be about the key that makes it. If the name matches the key of another owner, the lock is
/// unnecessary but does no harm.
fn may_mean(key: &KeyRef, actor: &KeyActor) -> bool {
    match key {
        KeyRef::Id(id) => *id == actor.key.key_id,
        KeyRef::Named { name, .. } => model::text::normalized(name) == actor.key.fields.name.normalized(),
    }
}

/// The invalidations that affect the rights of a caller, apart from their session.
fn invalidations_of(caller: &Caller) -> Vec<Invalidation> {
    let mut invalidations = vec![Invalidation::Organization(caller.organization().to_string())];
    if let Some(owner) = caller.acting() {
        invalidations.push(Invalidation::Owner(owner.to_string()));
    }
    if let Actor::Key(actor) = &caller.actor {
        invalidations.push(Invalidation::Secret(actor.digest));
    }
    invalidations
}
