//! Replaces the protected `admin-key` of a user. Only the operator can do that, on the command line or over REST.

use model::email::Email;
use model::field::Rule;
use model::id::OrganizationId;
use model::key::{CreatedKey, KeyName, KeyOwner};
use model::user::{User, UserStatus};
use store::Tx;

use super::bootstrap::Bootstrapped;
use super::organization::new_admin_key;
use crate::actor::{Caller, Owner};
use crate::error::{Error, Result};
use crate::keys::NewOwner;
use crate::not_found::NO_USER;
use crate::policy;
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

impl Service {
    /// Revokes a user's `admin-key`, if there is one, and creates a new one.
    pub async fn replace_admin_key(
        &self,
        email: &Email,
        organization: Option<&OrganizationId>,
    ) -> Result<Bootstrapped> {
        retry!(self.try_replace_admin_key(email, organization).await)
    }

    async fn try_replace_admin_key(
        &self,
        email: &Email,
        organization: Option<&OrganizationId>,
    ) -> Result<Bootstrapped> {
        let mut tx = self.store.begin().await?;
        let mut users = store::users::find_everywhere(&mut tx, email.as_str()).await?;
        users.retain(|user| organization.is_none_or(|id| *id == user.organization_id));
        let user = one_of(users)?;
        let caller = AuthorizedCaller::operator(user.organization_id.clone());
        let created = self.replace_in(&mut tx, &caller, &user).await?;
        tx.commit().await?;
        Ok(Bootstrapped {
            organization_id: created.key.organization_id.clone(),
            internal_id: created.key.internal_id.clone(),
            user_id: user.user_id,
            user_email: user.email.into(),
            admin_key: created.secret,
            link: None,
        })
    }

    /// Like [`Self::replace_admin_key`], for the operator over REST, whose request names the organization.
    pub async fn bootstrap_key(&self, caller: &Caller, user: &Owner) -> Result<CreatedKey> {
        retry!(self.try_bootstrap_key(caller, user).await)
    }

    async fn try_bootstrap_key(&self, caller: &Caller, user: &Owner) -> Result<CreatedKey> {
        let (mut tx, caller) = self.begin_for(caller, policy::operator_only).await?;
        let caller = &caller;
        let user = self.find_user(&mut tx, caller, user).await?.ok_or(Error::NotFound(NO_USER))?;
        let created = self.replace_in(&mut tx, caller, &user).await?;
        tx.commit().await?;
        Ok(created)
    }

    async fn replace_in(&self, tx: &mut Tx, caller: &AuthorizedCaller, user: &User) -> Result<CreatedKey> {
        if user.status != UserStatus::Active || !store::users::lock_active(tx, &user.user_id).await? {
            return Err(Error::Forbidden("The user is not active, so no key can be created for them."));
        }
        let (owner, name) = (KeyOwner::User(user.user_id.clone()), KeyName::admin_key());
        if let Some(old) = store::keys::find_named(tx, &owner, &name, self.clock.now()).await? {
            self.revoke_in(tx, caller, old, "Replaced by the operator.".to_owned()).await?;
        }
        self.free_name(tx, &owner, &name, None).await?;
        self.insert_key(tx, caller, &NewOwner::User(user), new_admin_key()).await
    }
}

/// Returns the only user of a list, or an error that says what to do if there are none or several.
fn one_of(mut users: Vec<User>) -> Result<User> {
    let Some(user) = users.pop() else {
        return Err(Error::NotFound("There is no user with this e-mail address."));
    };
    if users.is_empty() {
        return Ok(user);
    }
    users.push(user);
    let ids: Vec<_> = users.iter().map(|user| user.organization_id.as_str()).collect();
    let message =
        format!("This e-mail address is used in several organizations. Choose one of: {}.", ids.join(", "));
    Err(Error::field("organization", Rule::Missing, &message))
}
