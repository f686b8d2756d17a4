//! Authenticates the key that asks for a verification, and checks its right to do so.

use std::sync::Arc;

use model::Timestamp;
use model::id::OrganizationId;
use model::key::{Operation, Permission, ResourceType, matches_pattern};

use super::check::digest_of;
use super::secrets::Secrets;
use crate::clock::Moment;
use crate::error::{Error, Result};
use crate::key_cache::Organization;
use crate::keys::NO_CREDENTIAL;
use crate::mirrors::KeyView;
use crate::state::Service;
use crate::verdict::is_valid;

/// A caller who may verify the keys of an organization.
#[derive(Debug, Clone)]
pub struct Checker(Arc<Organization>);

impl Checker {
    /// The only organization whose keys the checker may verify.
    pub fn organization(&self) -> &OrganizationId {
        &self.0.id
    }
}

impl Service {
    /// Authenticates a checker. The rate limit of the checker's own key does not apply, because each verification
    /// counts for the key that is verified.
    pub async fn checker(&self, secret: &str) -> Result<Checker> {
        if let Some(checker) = self.checker_now(secret, self.moment()) {
            return checker;
        }
        let digest = digest_of(secret).ok_or(Error::Unauthorized(NO_CREDENTIAL))?;
        let facts = self.ask::<Secrets>(digest).await?.ok_or(Error::Unauthorized(NO_CREDENTIAL))?;
        admit(&facts.view(), self.clock.now())
    }

    /// Like [`Self::checker`] at the moment `at`, but without waiting. Returns `None` if the database must be asked.
    pub fn checker_now(&self, secret: &str, at: Moment) -> Option<Result<Checker>> {
        let refused = || Err(Error::Unauthorized(NO_CREDENTIAL));
        let Some(digest) = digest_of(secret) else { return Some(refused()) };
        if !self.mirrors.key_cache.mirror().is_current(at.millis) {
            return None;
        }
        self.mirrors.key_cache.find(&digest, |view| view.map_or_else(refused, |view| admit(&view, at.now)))
    }
}

const NOT_ALLOWED: &str =
    "Verifying keys needs the permission admin or, for a service account, apikey:verify.";

fn admit(view: &KeyView<'_>, now: Timestamp) -> Result<Checker> {
    if !is_valid(&view.state(), now) {
        return Err(Error::Unauthorized(NO_CREDENTIAL));
    }
    if !may_verify(view) {
        return Err(Error::Forbidden(NOT_ALLOWED));
    }
    if let Some(listed) = &view.listed {
        // Only the time of use is recorded. The verification itself counts for the other key.
        listed.add_uses(0, now);
    }
    Ok(Checker(Arc::clone(&view.owner.organization)))
}

/// Whether the key may verify others. A member's key needs admin. A service account's key needs the account permission
/// `apikey:verify`. A scoped key also needs a scope that covers the organization itself.
fn may_verify(view: &KeyView<'_>) -> bool {
    let strongest = view.permissions.bounded(view.owner.ceiling).strongest();
    let is_permitted = match view.owner.id.service_account_id() {
        Some(_) => view.owner.may_verify && strongest >= Some(Permission::Read),
        None => strongest == Some(Permission::Admin),
    };
    let Some(scopes) = view.scopes else { return is_permitted };
    is_permitted
        && scopes.iter().any(|scope| {
            let operations = scope.operations.as_deref();
            scope.resource_type == ResourceType::Organization
                && matches_pattern(&scope.resource_id, view.owner.organization.id.as_str())
                && operations.is_none_or(|operations| {
                    operations.contains(&Operation::ReadData)
                        || operations.contains(&Operation::ManagePermissions)
                })
        })
}
