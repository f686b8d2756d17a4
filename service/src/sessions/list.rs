//! Lists and ends a person's own sessions.

use model::audit::AuditAction;
use model::id::SessionId;
use model::session::SessionInfo;
use store::Tx;

use super::authenticate::is_member;
use crate::actor::Caller;
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

impl Service {
    /// Returns the caller's sessions that have not ended, the most recently used first.
    pub async fn list_sessions(&self, caller: &Caller) -> Result<Vec<SessionInfo>> {
        let member = self.member(caller)?;
        let sessions = store::sessions::list(&mut self.store.read().await?, &member.account_id).await?;
        Ok(sessions
            .into_iter()
            .filter(|session| !self.has_ended(session))
            .map(|session| SessionInfo {
                is_current: session.session_id == member.session_id,
                session_id: session.session_id,
                created_at: session.created_at,
                last_seen_at: session.last_seen_at,
                address: session.address,
                agent: session.agent,
            })
            .collect())
    }

    pub async fn end_session(&self, caller: &Caller, session: &SessionId) -> Result<()> {
        retry!(self.try_end_session(caller, session).await)
    }

    async fn try_end_session(&self, caller: &Caller, session: &SessionId) -> Result<()> {
        let (mut tx, caller) = self.begin_for(caller, is_member).await?;
        let member = self.member(&caller)?;
        if !store::sessions::delete(&mut tx, &member.account_id, session).await? {
            return Err(Error::NotFound("There is no such session."));
        }
        self.record_ended(&mut tx, &caller, 1).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all of the caller's sessions except the present one.
    pub async fn end_other_sessions(&self, caller: &Caller) -> Result<()> {
        retry!(self.try_end_other_sessions(caller).await)
    }

    async fn try_end_other_sessions(&self, caller: &Caller) -> Result<()> {
        let (mut tx, caller) = self.begin_for(caller, is_member).await?;
        let member = self.member(&caller)?;
        let ended =
            store::sessions::delete_others(&mut tx, &member.account_id, Some(&member.session_id)).await?;
        if ended > 0 {
            self.record_ended(&mut tx, &caller, ended).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn record_ended(&self, tx: &mut Tx, caller: &AuthorizedCaller, sessions: u64) -> Result<()> {
        let target = AuditTarget::User(&self.member(caller)?.user_id);
        let changes = Changes::default().field("sessions", sessions, 0);
        self.record(tx, caller, AuditAction::SessionEnded, target, changes).await
    }
}
