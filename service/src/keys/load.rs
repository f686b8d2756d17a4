//! Finds the member and the key that a request names, as far as the caller may access them.

use model::key::{Key, KeyOwner};
use model::user::User;
use store::Connection;

use crate::actor::{Caller, KeyRef, Owner};
use crate::error::{Error, Result};
use crate::not_found::{NO_KEY, NO_USER};
use crate::policy::{self, Action, PolicyTarget, Visibility};
use crate::state::Service;

impl Service {
    /// Finds the member whose keys a request is about.
    pub(crate) async fn load_owner(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        action: Action,
        owner: &Owner,
        key_name: Option<&str>,
    ) -> Result<User> {
        policy::refuse_others(caller, owner)?;
        let found = self.find_user(db, caller, owner).await?;
        if policy::visibility(caller) == Visibility::Scoped {
            let target = PolicyTarget { owner: found.as_ref(), key: None, key_name };
            policy::check_scopes(caller, action, owner, target)?;
        }
        let found = found.ok_or(Error::NotFound(NO_USER))?;
        if policy::visibility(caller) == Visibility::Own && caller.user_id() != Some(&found.user_id) {
            return Err(Error::NotFound(NO_USER));
        }
        Ok(found)
    }

    /// Finds a member of the caller's organization.
    pub(crate) async fn find_user(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        owner: &Owner,
    ) -> Result<Option<User>> {
        let organization = caller.organization();
        Ok(match owner {
            Owner::Email(email) => store::users::find_by_email(db, organization, email).await?,
            Owner::Id(id) => store::users::find(db, organization, id).await?,
            Owner::ServiceAccount(_) => None,
            Owner::Caller => match caller.user_id() {
                Some(id) => store::users::find(db, organization, id).await?,
                None => None,
            },
        })
    }

    /// Finds a key: by name only if it is active, by id in any state.
    pub(crate) async fn load_key(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        action: Action,
        key: &KeyRef,
    ) -> Result<Key> {
        match key {
            KeyRef::Named { owner, name } => self.load_named(db, caller, action, owner, name, key).await,
            KeyRef::Id(id) => {
                let found = store::keys::find(db, caller.organization(), id).await?;
                if policy::visibility(caller) == Visibility::Scoped {
                    match &found {
                        Some(key) => {
                            let owner = self.member_of(db, caller, &key.owner).await?;
                            let name = Some(key.fields.name.as_str());
                            let target =
                                PolicyTarget { owner: owner.as_ref(), key: Some(key), key_name: name };
                            policy::check_scopes(caller, action, &key.owner.clone().into(), target)?;
                        }
                        // A missing key is refused like one outside the scopes, unless a scope covers the whole
                        // organization.
                        None => policy::check_organization(caller, action)?,
                    }
                }
                let found = found.ok_or(Error::NotFound(NO_KEY))?;
                let is_others = policy::visibility(caller) == Visibility::Own && !caller.owns(&found);
                if is_others { Err(Error::NotFound(NO_KEY)) } else { Ok(found) }
            }
        }
    }

    /// Finds the member who owns a key of the caller's organization. Returns `None` if a service account owns it.
    pub(crate) async fn member_of(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        owner: &KeyOwner,
    ) -> Result<Option<User>> {
        let Some(id) = owner.user_id() else { return Ok(None) };
        Ok(store::users::find(db, caller.organization(), id).await?)
    }

    async fn load_named(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        action: Action,
        owner: &Owner,
        name: &str,
        key: &KeyRef,
    ) -> Result<Key> {
        policy::refuse_others(caller, owner)?;
        let user = self.find_user(db, caller, owner).await?;
        let found = match (&user, key.name()) {
            (Some(user), Some(name)) => {
                let owner = user.user_id.clone().into();
                store::keys::find_named(db, &owner, &name, self.clock.now()).await?
            }
            _ => None,
        };
        if policy::visibility(caller) == Visibility::Scoped {
            let target = PolicyTarget { owner: user.as_ref(), key: found.as_ref(), key_name: Some(name) };
            policy::check_scopes(caller, action, owner, target)?;
        }
        let user = user.ok_or(Error::NotFound(NO_USER))?;
        if policy::visibility(caller) == Visibility::Own && caller.user_id() != Some(&user.user_id) {
            return Err(Error::NotFound(NO_USER));
        }
        found.ok_or(Error::NotFound(NO_KEY))
    }

    /// Checks that a service account has all the rights that an existing key has. Otherwise an account with few
    /// permissions could keep a key with more permissions in service. Other callers are checked only for the
    /// permissions that they grant.
    pub(crate) async fn permit_keeping(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        key: &Key,
    ) -> Result<()> {
        if caller.service_account_permissions().is_none() {
            return Ok(());
        }
        policy::may_grant(caller, key.fields.permissions, &key.fields.scopes)?;
        self.check_permissions(db, caller, key).await
    }

    /// Checks that the caller may receive a secret of a key. The secret must not give the caller more than their own
    /// credential does.
    pub(crate) async fn may_receive_secret(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        key: &Key,
    ) -> Result<()> {
        policy::may_grant(caller, key.fields.permissions, &key.fields.scopes)?;
        policy::refuse_personal(caller, key)?;
        self.check_permissions(db, caller, key).await
    }

    /// Checks that the caller holds the permissions of the service account that owns the key, if one owns it.
    pub(crate) async fn check_permissions(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        key: &Key,
    ) -> Result<()> {
        let Some(id) = key.owner.service_account_id() else { return Ok(()) };
        let account = store::service_accounts::find(db, &key.organization_id, id).await?;
        policy::may_grant_permissions(caller, &account.ok_or(Error::NotFound(NO_KEY))?.permissions)
    }
}
