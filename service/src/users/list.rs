//! The list of members.

use model::audit::AuditAction;
use model::page::PAGE_SIZE_MAX;
use model::user::{UserFilter, UserPage};

use crate::actor::Caller;
use crate::audit::Subject;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// Some members, oldest first: at most 1000 at once, whatever is asked for.
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
        let subject = Subject::Organization(caller.organization());
        self.record_read(caller, AuditAction::UserAccessed, subject).await?;
        Ok(page)
    }
}
