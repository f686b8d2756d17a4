//! A person's own sessions: seeing and ending them.

use model::id::SessionId;
use model::session::SessionInfo;

use crate::actor::Caller;
use crate::error::{Error, Result};
use crate::state::Service;

impl Service {
    /// The caller's sessions that have not ended, the one last seen first.
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

    /// Ends one of the caller's sessions.
    pub async fn end_session(&self, caller: &Caller, session: &SessionId) -> Result<()> {
        let member = self.member(caller)?;
        let mut tx = self.store.begin().await?;
        if !store::sessions::delete(&mut tx, &member.account_id, session).await? {
            return Err(Error::NotFound("There is no such session."));
        }
        Ok(tx.commit().await?)
    }

    /// Ends all of the caller's sessions but this one.
    pub async fn end_other_sessions(&self, caller: &Caller) -> Result<()> {
        let member = self.member(caller)?;
        let mut tx = self.store.begin().await?;
        store::sessions::delete_others(&mut tx, &member.account_id, Some(&member.session_id)).await?;
        Ok(tx.commit().await?)
    }
}
