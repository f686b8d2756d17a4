//! Reads one member.

use model::audit::AuditAction;
use model::user::User;
use store::Connection;

use crate::actor::{Caller, Owner};
use crate::audit::AuditTarget;
use crate::error::{Error, Result};
use crate::not_found::NO_USER;
use crate::policy::{self, Action, PolicyTarget};
use crate::state::Service;

impl Service {
    pub async fn get_user(&self, caller: &Caller, user: &Owner) -> Result<User> {
        policy::permit(caller, Action::ReadUsers)?;
        let mut db = self.store.read().await?;
        let found = self.load_user(&mut db, caller, Action::ReadUsers, user).await?;
        drop(db);
        self.record_read(caller, AuditAction::UserAccessed, AuditTarget::User(&found.user_id)).await?;
        Ok(found)
    }

    /// Finds a member that the scopes of the caller's key cover.
    pub(crate) async fn load_user(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        action: Action,
        user: &Owner,
    ) -> Result<User> {
        let found = self.find_user(db, caller, user).await?;
        let target = PolicyTarget { owner: found.as_ref(), key: None, key_name: None };
        policy::check_scopes(caller, action, user, target)?;
        found.ok_or(Error::NotFound(NO_USER))
    }
}
