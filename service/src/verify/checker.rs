//! Who asks for verdicts: a key of the organization with the right to.

use std::sync::Arc;

use model::Timestamp;
use model::id::OrganizationId;
use model::key::{Operation, Permission, ResourceType, matches_pattern};
use model::verify::{Question, VerifyCode, judge};

use super::check::digest_of;
use super::directory::{Organization, View};
use crate::clock::Moment;
use crate::error::{Error, Result};
use crate::keys::NO_CREDENTIAL;
use crate::state::Service;

/// Somebody who may verify the keys of an organization.
#[derive(Debug, Clone)]
pub struct Checker(Arc<Organization>);

impl Checker {
    /// The organization, the only one whose keys the checker hears about.
    pub fn organization(&self) -> &OrganizationId {
        &self.0.id
    }
}

impl Service {
    /// The checker behind a secret. Its own rate limit does not hold here: verifications count for the keys that are
    /// verified, each once.
    pub async fn checker(&self, secret: &str) -> Result<Checker> {
        if let Some(checker) = self.checker_now(secret, self.moment()) {
            return checker;
        }
        let digest = digest_of(secret).ok_or(Error::Unauthorized(NO_CREDENTIAL))?;
        let facts = self.ask(digest).await?.ok_or(Error::Unauthorized(NO_CREDENTIAL))?;
        admit(&facts.view(), self.clock.now())
    }

    /// The same without waiting for anything, at the present moment; nothing if the database must be asked.
    pub fn checker_now(&self, secret: &str, at: Moment) -> Option<Result<Checker>> {
        let refused = || Err(Error::Unauthorized(NO_CREDENTIAL));
        let Some(digest) = digest_of(secret) else { return Some(refused()) };
        if !self.directory.is_current(at.millis) {
            return None;
        }
        self.directory.find(&digest, |view| view.map_or_else(refused, |view| admit(&view, at.now)))
    }
}

const NOT_ALLOWED: &str =
    "Verifying keys needs the permission admin or, for a service account, apikey:verify.";

fn admit(view: &View<'_>, now: Timestamp) -> Result<Checker> {
    let code = judge(&view.standing(), &Question::default(), now);
    if view.is_over(now) || code != VerifyCode::Valid {
        return Err(Error::Unauthorized(NO_CREDENTIAL));
    }
    if !may_verify(view) {
        return Err(Error::Forbidden(NOT_ALLOWED));
    }
    if let Some(listed) = &view.listed {
        // What is counted is the verification of the other key.
        listed.add_uses(0, now);
    }
    Ok(Checker(Arc::clone(&view.owner.organization)))
}

/// A member's key needs admin, a service account's the word for it; and scopes, where there are any, must reach the
/// organization itself.
fn may_verify(view: &View<'_>) -> bool {
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
