//! Finding the member and the key that a request speaks of, no further than the caller reaches.

use model::key::{Key, KeyOwner};
use model::text::fold;
use model::user::User;
use store::Connection;

use crate::actor::{Caller, KeyRef, Owner};
use crate::error::{Error, Result};
use crate::policy::{self, Action, Reach, Target};
use crate::state::Service;

/// The one sentence for a member who is missing, foreign, or not for the caller to know.
pub(crate) const NO_USER: &str = "There is no such user.";
/// The one sentence for a key that is missing, foreign, ended, or not for the caller to know.
pub(crate) const NO_KEY: &str = "There is no such API key.";

impl Service {
    /// The member whose keys are meant.
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
        if policy::reach(caller) == Reach::Scoped {
            let target = Target { owner: found.as_ref(), key: None, key_name };
            policy::check_scopes(caller, action, owner, target)?;
        }
        let found = found.ok_or(Error::NotFound(NO_USER))?;
        if policy::reach(caller) == Reach::Own && caller.user_id() != Some(&found.user_id) {
            return Err(Error::NotFound(NO_USER));
        }
        Ok(found)
    }

    /// A member of the caller's organization.
    pub(crate) async fn find_user(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        owner: &Owner,
    ) -> Result<Option<User>> {
        let organization = caller.organization();
        Ok(match owner {
            Owner::Email(email) => store::users::find_by_email(db, organization, &fold(email)).await?,
            Owner::Id(id) => store::users::find(db, organization, id).await?,
            Owner::ServiceAccount(_) => None,
            Owner::Caller => match caller.user_id() {
                Some(id) => store::users::find(db, organization, id).await?,
                None => None,
            },
        })
    }

    /// The key that is meant: by name the active one only, by id any.
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
                if policy::reach(caller) == Reach::Scoped {
                    match &found {
                        Some(key) => {
                            let owner = self.member_of(db, caller, &key.owner).await?;
                            let name = Some(key.name.as_str());
                            let target = Target { owner: owner.as_ref(), key: Some(key), key_name: name };
                            policy::check_scopes(caller, action, &key.owner.clone().into(), target)?;
                        }
                        // As out of reach as all that only the whole organization's scope reaches.
                        None => policy::check_organization(caller, action)?,
                    }
                }
                let found = found.ok_or(Error::NotFound(NO_KEY))?;
                let is_others = policy::reach(caller) == Reach::Own && !caller.owns(&found);
                if is_others { Err(Error::NotFound(NO_KEY)) } else { Ok(found) }
            }
        }
    }

    /// The member who owns a key of the caller's organization; nobody when that is a service account.
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
        if policy::reach(caller) == Reach::Scoped {
            let target = Target { owner: user.as_ref(), key: found.as_ref(), key_name: Some(name) };
            policy::check_scopes(caller, action, owner, target)?;
        }
        let user = user.ok_or(Error::NotFound(NO_USER))?;
        if policy::reach(caller) == Reach::Own && caller.user_id() != Some(&user.user_id) {
            return Err(Error::NotFound(NO_USER));
        }
        found.ok_or(Error::NotFound(NO_KEY))
    }

    /// Whether a service account may keep a key alive as it is: it touches none that is worth more than its own, or a
    /// narrow account would keep a wide key in service. Others are asked only for what they give.
    pub(crate) async fn may_keep(&self, db: &mut impl Connection, caller: &Caller, key: &Key) -> Result<()> {
        if caller.account_permissions().is_none() {
            return Ok(());
        }
        policy::may_grant(caller, key.permissions, &key.scopes)?;
        self.may_hold_words(db, caller, key).await
    }

    /// Whether the caller may be given a secret of a key: it comes into their hands, so it must not be worth more than their
    /// own credential.
    pub(crate) async fn may_receive_secret(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        key: &Key,
    ) -> Result<()> {
        policy::may_grant(caller, key.permissions, &key.scopes)?;
        policy::refuse_personal(caller, key)?;
        self.may_hold_words(db, caller, key).await
    }

    /// Whether the caller holds the words that a key carries, if its owner is a service account.
    pub(crate) async fn may_hold_words(
        &self,
        db: &mut impl Connection,
        caller: &Caller,
        key: &Key,
    ) -> Result<()> {
        let Some(id) = key.owner.service_account_id() else { return Ok(()) };
        let account = store::service_accounts::find(db, &key.organization_id, id).await?;
        policy::may_grant_words(caller, &account.ok_or(Error::NotFound(NO_KEY))?.permissions)
    }
}
