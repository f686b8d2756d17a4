//! Lists members.

use model::audit::AuditAction;
use model::page::PAGE_SIZE_MAX;
use model::user::{UserFilter, UserPage};

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// Returns a page of members, oldest first. A page has at most 1,000, even if `limit` is greater.
    pub async fn list_users(
        &self,
        caller: &Caller,
        filter: &UserFilter,
        skip: u64,
        limit: u32,
    ) -> Result<UserPage> {
        policy::permit(caller, Action::ReadUsers)?;
        policy::list_whole(caller, Action::ReadUsers)?;
        let mut db = self.store.read().await?;
        let limit = limit.clamp(1, PAGE_SIZE_MAX);
        let page = store::users::list(&mut db, caller.organization(), filter, skip, limit).await?;
        drop(db);
        let target = AuditTarget::Organization(caller.organization());
        self.record_read(caller, AuditAction::UserAccessed, target).await?;
        Ok(page)
    }
}
