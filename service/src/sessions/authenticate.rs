//! Authenticates the sessions of the console.

use model::Timestamp;
use model::id::SessionId;
use model::time::CLOCK_SKEW_SECONDS;
use store::sessions::Session;

use crate::actor::{Actor, Caller, Member, RequestContext};
use crate::crypto::sha256;
use crate::error::{Error, Result};
use crate::state::{Service, retry};

/// The message for a missing or ended session.
pub(crate) const SIGNED_OUT: &str = "You are signed out. Sign in to continue.";
const NOT_A_PERSON: &str = "Only a person who is signed in can do this.";
/// Seconds between two updates of a session's `last_seen_at`, so that not every page view writes.
const TOUCH_INTERVAL_SECONDS: i64 = 60;

impl Service {
    /// Returns the person that a session's token belongs to, with their present role.
    pub async fn authenticate_session(&self, token: &str, context: RequestContext) -> Result<Caller> {
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        let session =
            store::sessions::find(&mut db, &sha256(token)).await?.ok_or(Error::Unauthorized(SIGNED_OUT))?;
        if self.has_ended(&session) {
            return Err(Error::Unauthorized(SIGNED_OUT));
        }
        let memberships = store::users::memberships(&mut db, &session.account_id).await?;
        drop(db);
        let user = memberships
            .into_iter()
            .map(|membership| membership.user)
            .find(|user| user.user_id == session.user_id)
            .ok_or(Error::Unauthorized(SIGNED_OUT))?;
        if now.seconds_since(session.last_seen_at) >= TOUCH_INTERVAL_SECONDS {
            retry!(self.try_touch_session(&session.session_id, now).await)?;
        }
        let member = Member {
            account_id: session.account_id,
            session_id: session.session_id,
            user_id: user.user_id,
            email: user.email,
            role: user.role,
            organization_id: user.organization_id,
        };
        Ok(Caller { actor: Actor::Member(member), context })
    }

    async fn try_touch_session(&self, id: &SessionId, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin().await?;
        store::sessions::touch(&mut tx, id, now).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a session has reached its end or was idle for too long. A session that begins in the future has ended as
    /// well: a clock that was ahead created it, so its end is too late.
    pub(crate) fn has_ended(&self, session: &Session) -> bool {
        let now = self.clock.now();
        let idle_end = session.last_seen_at.plus_seconds(self.settings.session_idle_seconds);
        let begins_later = session.created_at > now.plus_seconds(CLOCK_SKEW_SECONDS);
        begins_later || now >= session.ends_at || now >= idle_end
    }

    /// Returns the signed-in person. Keys and the operator have no session and no account.
    #[expect(clippy::unused_self, reason = "reads like its neighbours")]
    pub(crate) fn member<'a>(&self, caller: &'a Caller) -> Result<&'a Member> {
        match &caller.actor {
            Actor::Member(member) => Ok(member),
            Actor::Key(_) | Actor::Operator(_) => Err(Error::Forbidden(NOT_A_PERSON)),
        }
    }
}

/// Checks that the caller is a person who is signed in to the console.
pub(crate) fn is_member(caller: &Caller) -> Result<()> {
    if matches!(caller.actor, Actor::Member(_)) { Ok(()) } else { Err(Error::Forbidden(NOT_A_PERSON)) }
}
