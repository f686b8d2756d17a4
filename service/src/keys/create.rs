//! Making a key.

use model::audit::AuditAction;
use model::id::KeyId;
use model::key::{CreatedKey, Key, KeyName, KeyStatus, NewKey};
use model::user::{User, UserStatus};
use serde_json::json;
use store::Tx;

use super::secret::NewSecret;
use crate::actor::{Caller, Owner};
use crate::audit::{Changes, Subject};
use crate::error::{Error, Result};
use crate::once::{Answered, Claim, Claimed, Once};
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Makes a key for a member and gives its secret, this once.
    pub async fn create_key(&self, caller: &Caller, owner: &Owner, new: NewKey) -> Result<CreatedKey> {
        policy::permit(caller, Action::ChangeKeys)?;
        retry!(self.try_create_key(caller, owner, new.clone(), None).await)
    }

    /// The same for a client that may repeat its request: it gets the same key and secret again.
    pub async fn create_key_once(
        &self,
        caller: &Caller,
        owner: &Owner,
        new: NewKey,
        once: &Once,
    ) -> Result<Answered<CreatedKey>> {
        policy::permit(caller, Action::ChangeKeys)?;
        match self.claim(caller, once).await? {
            Claimed::Answered(answered) => Ok(answered),
            Claimed::Ours(claim) => {
                let made = retry!(self.try_create_key(caller, owner, new.clone(), Some(&claim)).await);
                claim.end(made).await
            }
        }
    }

    async fn try_create_key(
        &self,
        caller: &Caller,
        owner: &Owner,
        new: NewKey,
        claim: Option<&Claim>,
    ) -> Result<CreatedKey> {
        let mut tx = self.store.begin().await?;
        let name = new.name.as_str().to_owned();
        let owner = self.load_owner(&mut tx, caller, Action::ChangeKeys, owner, Some(&name)).await?;
        policy::may_grant(caller, new.permissions, &new.scopes)?;
        self.check_owner(&mut tx, &owner).await?;
        if new.name.is_admin_key() {
            return Err(self.refuse_admin_key(&mut tx, &owner).await?);
        }
        self.check_quota(&mut tx, caller).await?;
        store::keys::expire_named(&mut tx, &owner.user_id, &new.name, self.clock.now()).await?;
        let created = self.insert_key(&mut tx, caller, &owner, new).await?;
        self.keep(&mut tx, claim, &created).await?;
        tx.commit().await?;
        Ok(created)
    }

    /// Writes a new key and its audit record.
    pub(crate) async fn insert_key(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        owner: &User,
        new: NewKey,
    ) -> Result<CreatedKey> {
        let organization = store::organizations::find(tx, &owner.organization_id)
            .await?
            .ok_or(Error::NotFound(super::load::NO_USER))?;
        let NewSecret { secret, hash, shown_prefix } = self.new_secret()?;
        let NewKey { name, description, permissions, scopes, rate_limit_override, expires_at } = new;
        let key = Key {
            key_id: KeyId::from_random(&self.entropy.id()?),
            organization_id: organization.organization_id,
            internal_id: organization.internal_id,
            user_id: owner.user_id.clone(),
            key_hash: hash,
            shown_prefix,
            name,
            description,
            permissions,
            scopes,
            rate_limit_override,
            expires_at,
            created_at: self.clock.now(),
            created_by: caller.user_id().cloned().or_else(|| Some(owner.user_id.clone())),
            rotated_at: None,
            last_use: None,
            disabled: None,
            revoked: None,
            version: 1,
        };
        store::keys::insert(tx, &key).await?;
        let changes = Changes::default()
            .added("name", key.name.as_str())
            .added("owner", owner.email.as_str())
            .added("permissions", json!(key.permissions))
            .added("scopes", json!(key.scopes))
            .added("rate_limit_override", json!(key.rate_limit_override))
            .added("expires_at", json!(key.expires_at));
        self.record(tx, caller, AuditAction::ApiKeyCreated, Subject::Key(&key.key_id), changes).await?;
        Ok(CreatedKey { key, secret })
    }

    /// A member who is not active gets no key. The row is locked, so that a suspension waits for us or we for it: it
    /// must not overlook a key that is just being made.
    async fn check_owner(&self, tx: &mut Tx, owner: &User) -> Result<()> {
        let is_active =
            owner.status == UserStatus::Active && store::users::lock_active(tx, &owner.user_id).await?;
        if is_active {
            Ok(())
        } else {
            Err(Error::Forbidden("The user is not active, so no key can be created for them."))
        }
    }

    async fn check_quota(&self, tx: &mut Tx, caller: &Caller) -> Result<()> {
        let limit = self.settings.keys_per_organization_max;
        let current = store::keys::count_live(tx, caller.organization()).await?;
        if current < limit { Ok(()) } else { Err(Error::Quota { resource: "api_keys", current, limit }) }
    }

    /// What a request for a key named `admin-key` is told: taken, or reserved for the operator.
    pub(crate) async fn refuse_admin_key(&self, tx: &mut Tx, owner: &User) -> Result<Error> {
        let existing = store::keys::find_named(tx, &owner.user_id, &KeyName::admin_key()).await?;
        let is_taken = existing.is_some_and(|key| key.status(self.clock.now()) == KeyStatus::Active);
        Ok(if is_taken {
            Error::AlreadyExists("An active key of this name exists already.")
        } else {
            Error::Forbidden(
                "The name admin-key is reserved. The operator makes it with the command keystead admin-key.",
            )
        })
    }
}
