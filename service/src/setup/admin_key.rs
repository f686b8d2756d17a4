//! Replacing an admin's protected key from the command line, the only way to do it.

use model::email::Email;
use model::field::Rule;
use model::id::OrganizationId;
use model::key::{KeyName, KeyStatus};
use model::user::{User, UserStatus};

use super::bootstrap::Bootstrapped;
use super::organization::new_admin_key;
use crate::actor::{Actor, Caller, Origin};
use crate::error::{Error, Result};
use crate::state::{Service, retry};

impl Service {
    /// Ends a user's `admin-key`, if there is one, and makes a new one.
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
        let mut users = store::users::find_everywhere(&mut tx, &email.folded()).await?;
        users.retain(|user| organization.is_none_or(|id| *id == user.organization_id));
        let user = one_of(users)?;
        if user.status != UserStatus::Active || !store::users::lock_active(&mut tx, &user.user_id).await? {
            return Err(Error::Forbidden("The user is not active, so no key can be created for them."));
        }
        let caller =
            Caller { actor: Actor::Operator(user.organization_id.clone()), origin: Origin::default() };
        let name = KeyName::admin_key();
        store::keys::expire_named(&mut tx, &user.user_id, &name, self.clock.now()).await?;
        if let Some(old) = store::keys::find_named(&mut tx, &user.user_id, &name).await?
            && old.status(self.clock.now()) == KeyStatus::Active
        {
            self.revoke_in(&mut tx, &caller, old, "Replaced by the operator.".to_owned()).await?;
        }
        let created = self.insert_key(&mut tx, &caller, &user, new_admin_key()).await?;
        tx.commit().await?;
        Ok(Bootstrapped {
            organization_id: created.key.organization_id.clone(),
            internal_id: created.key.internal_id.clone(),
            user_id: user.user_id,
            user_email: user.email.into(),
            admin_key: created.secret,
        })
    }
}

/// The only user of a list, or what to do about there being none or several.
fn one_of(mut users: Vec<User>) -> Result<User> {
    let Some(user) = users.pop() else {
        return Err(Error::NotFound("There is no user with this e-mail."));
    };
    if users.is_empty() {
        return Ok(user);
    }
    users.push(user);
    let ids: Vec<_> = users.iter().map(|user| user.organization_id.as_str()).collect();
    let message = format!("This e-mail belongs to several organizations. Name one of: {}.", ids.join(", "));
    Err(Error::field("organization", Rule::Missing, &message))
}
