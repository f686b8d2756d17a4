//! Looking at the organization.

use model::organization::Organization;

use crate::actor::Caller;
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::state::Service;

impl Service {
    /// The caller's organization.
    pub async fn get_organization(&self, caller: &Caller) -> Result<Organization> {
        policy::permit(caller, Action::ReadOrganization)?;
        let mut db = self.store.read().await?;
        let found = store::organizations::find(&mut db, caller.organization()).await?;
        found.ok_or(Error::NotFound("There is no such organization."))
    }
}
