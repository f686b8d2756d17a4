//! Judging a caller again inside the transaction that writes.
//!
//! A request is authenticated when it arrives and may be finished long after: its body came slowly, or it waited for a
//! lock. Meanwhile its key may have been revoked, its session ended, its owner suspended. So each change begins with
//! [`Service::begin_for`], which reads the credential again in the transaction of the change and keeps it as it is until
//! the commit. Only that gives a [`FreshCaller`], and no audit record can be written without one.

use std::ops::Deref;

use model::user::User;
use store::changes::Subject;
use store::{Connection, Tx};

use crate::actor::{Actor, Caller, KeyActor, KeyRef, Member};
use crate::error::{Error, Result};
use crate::keys::{NO_CREDENTIAL, refusal};
use crate::organizations::NO_ORGANIZATION;
use crate::sessions::SIGNED_OUT;
use crate::state::Service;

/// A caller with the rights that they have inside the transaction under way.
#[derive(Debug, Clone)]
pub(crate) struct FreshCaller(Caller);

impl FreshCaller {
    /// A caller who proved who they are inside this transaction, or who is made by it: by a one-time link, a password, or
    /// as the operator of a new organization.
    pub(crate) fn proven(caller: Caller) -> Self {
        Self(caller)
    }

    /// The caller as they were inside the transaction, for what comes after it.
    pub(crate) fn into_caller(self) -> Caller {
        self.0
    }
}

impl Deref for FreshCaller {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Service {
    /// Begins a transaction that writes for a caller who `may` do so: asked first of what is known of the caller, so that
    /// a refusal costs no transaction, and again of what is true inside it.
    pub(crate) async fn begin_for(
        &self,
        caller: &Caller,
        may: impl Fn(&Caller) -> Result<()>,
    ) -> Result<(Tx, FreshCaller)> {
        self.begin_holding(caller, &[], may).await
    }

    /// The same for a change of a key. A key that changes itself holds the lock of its secret alone from the beginning:
    /// two transactions that share it could not both go on to change it.
    pub(crate) async fn begin_for_key(
        &self,
        caller: &Caller,
        key: &KeyRef,
        may: impl Fn(&Caller) -> Result<()>,
    ) -> Result<(Tx, FreshCaller)> {
        match &caller.actor {
            Actor::Key(actor) if may_mean(key, actor) => {
                self.begin_holding(caller, &[Subject::Secret(actor.digest)], may).await
            }
            _ => self.begin_holding(caller, &[], may).await,
        }
    }

    async fn begin_holding(
        &self,
        caller: &Caller,
        held: &[Subject],
        may: impl Fn(&Caller) -> Result<()>,
    ) -> Result<(Tx, FreshCaller)> {
        may(caller)?;
        let mut tx = self.store.begin().await?;
        store::acting::hold(&mut tx, held).await?;
        let mut shared = rights_of(caller);
        shared.retain(|subject| !held.contains(subject));
        store::acting::share(&mut tx, &shared).await?;
        let fresh = self.judge_again(&mut tx, caller).await?;
        may(&fresh)?;
        Ok((tx, fresh))
    }

    /// The caller as they are now.
    async fn judge_again(&self, tx: &mut Tx, caller: &Caller) -> Result<FreshCaller> {
        let actor = match &caller.actor {
            Actor::Key(actor) => Actor::Key(Box::new(self.key_as_it_is(tx, actor).await?)),
            Actor::Member(member) => Actor::Member(self.member_as_they_are(tx, member).await?),
            Actor::Operator(organization) => {
                let found = store::organizations::find(tx, organization).await?;
                Actor::Operator(found.ok_or(Error::NotFound(NO_ORGANIZATION))?.organization_id)
            }
        };
        Ok(FreshCaller(Caller { actor, origin: caller.origin.clone() }))
    }

    /// A key as it is now, by the very secret that was shown: an earlier one may have ended by itself.
    pub(crate) async fn key_as_it_is(&self, db: &mut impl Connection, actor: &KeyActor) -> Result<KeyActor> {
        let now = self.clock.now();
        let found = store::keys::find_by_hash(db, &actor.digest, now).await?;
        let working = found.filter(|found| refusal(found, now).is_none());
        working.map(|found| KeyActor::of(actor.digest, found)).ok_or(Error::Unauthorized(NO_CREDENTIAL))
    }

    async fn member_as_they_are(&self, tx: &mut Tx, member: &Member) -> Result<Member> {
        let signed_out = || Error::Unauthorized(SIGNED_OUT);
        let session = store::sessions::lock(tx, &member.session_id).await?.ok_or_else(signed_out)?;
        // A session that went on to another organization meanwhile does not act in this one.
        if self.has_ended(&session) || session.user_id != member.user_id {
            return Err(signed_out());
        }
        let user = store::users::find_active(tx, &session.user_id).await?.ok_or_else(signed_out)?;
        let User { user_id, email, role, organization_id, .. } = user;
        let (account_id, session_id) = (session.account_id, session.session_id);
        Ok(Member { account_id, session_id, user_id, email, role, organization_id })
    }
}

/// Whether a request may mean the key that makes it. A key of the same name may be somebody else's, which does no harm.
fn may_mean(key: &KeyRef, actor: &KeyActor) -> bool {
    match key {
        KeyRef::Id(id) => *id == actor.key.key_id,
        KeyRef::Named { name, .. } => name == actor.key.name.as_str(),
    }
}

/// What the rights of a caller follow from, beside their session.
fn rights_of(caller: &Caller) -> Vec<Subject> {
    let mut subjects = vec![Subject::Organization(caller.organization().to_string())];
    if let Some(owner) = caller.acting() {
        subjects.push(Subject::Owner(owner.to_string()));
    }
    if let Actor::Key(actor) = &caller.actor {
        subjects.push(Subject::Secret(actor.digest));
    }
    subjects
}
