//! Lists the members of all organizations on the command line.

use model::audit::AuditAction;
use model::id::OrganizationId;
use model::page::PAGE_SIZE_MAX;
use model::user::User;
use store::users::Membership;

use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::not_found::NO_ORGANIZATION;
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

impl Service {
    /// Returns the members of one organization or of all, by organization and oldest first: the next 1,000 after the
    /// last member of the previous part. For callers with access to the database, never for a request.
    pub async fn list_users_locally(
        &self,
        organization: Option<&OrganizationId>,
        after: Option<&User>,
    ) -> Result<Vec<Membership>> {
        let mut db = self.store.read().await?;
        if let Some(id) = organization
            && store::organizations::find(&mut db, id).await?.is_none()
        {
            return Err(Error::NotFound(NO_ORGANIZATION));
        }
        let page = store::users::list_memberships(&mut db, organization, after, PAGE_SIZE_MAX).await?;
        let mut begun: Vec<_> = page.iter().map(|found| found.user.organization_id.clone()).collect();
        begun.dedup();
        begun.retain(|id| after.is_none_or(|user| user.organization_id != *id));
        let audited = store::organizations::auditing_reads(&mut db, &begun).await?;
        drop(db);
        if !audited.is_empty() {
            retry!(self.try_record_listed(&audited).await)?;
        }
        Ok(page)
    }

    async fn try_record_listed(&self, organizations: &[OrganizationId]) -> Result<()> {
        let mut tx = self.store.begin().await?;
        for id in organizations {
            let caller = AuthorizedCaller::operator(id.clone());
            let (action, target) = (AuditAction::UserAccessed, AuditTarget::Organization(id));
            self.record(&mut tx, &caller, action, target, Changes::default()).await?;
        }
        Ok(tx.commit().await?)
    }
}
