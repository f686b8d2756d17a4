//! Creates keys.

use model::audit::AuditAction;
use model::field::Rule;
use model::id::{KeyId, OrganizationId, ServiceAccountId};
use model::key::{CreatedKey, Key, KeyFields, KeyName, KeyOwner, NO_SERVICE_ACCOUNT, READS_LIKE_ADMIN_KEY};
use model::service_account::ServiceAccount;
use model::user::{User, UserStatus};
use store::Tx;

use super::secret::NewSecret;
use crate::actor::{Caller, Owner};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::idempotency::{Acquired, IdempotencyLease, Idempotent, IdempotentRequest};
use crate::not_found::NO_USER;
use crate::policy::{self, Action, PolicyTarget, Visibility};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

/// The owner of a key that is being created.
pub(crate) enum NewOwner<'a> {
    User(&'a User),
    ServiceAccount(&'a ServiceAccount),
}

impl NewOwner<'_> {
    fn id(&self) -> KeyOwner {
        match self {
            Self::User(user) => user.user_id.clone().into(),
            Self::ServiceAccount(account) => account.service_account_id.clone().into(),
        }
    }

    fn organization(&self) -> &OrganizationId {
        match self {
            Self::User(user) => &user.organization_id,
            Self::ServiceAccount(account) => &account.organization_id,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::User(user) => user.email.as_str(),
            Self::ServiceAccount(account) => &account.name,
        }
    }
}

impl Service {
    /// Creates a key for a member or a service account. The secret is returned only here.
    pub async fn create_key(&self, caller: &Caller, owner: &Owner, fields: KeyFields) -> Result<CreatedKey> {
        retry!(self.try_create_key(caller, owner, fields.clone(), None).await)
    }

    /// Like [`Self::create_key`], for a client that may repeat its request: it gets the same key and secret again.
    pub async fn create_key_idempotent(
        &self,
        caller: &Caller,
        owner: &Owner,
        fields: KeyFields,
        request: &IdempotentRequest,
    ) -> Result<Idempotent<CreatedKey>> {
        match self.acquire_lease(caller, Action::CreateKeys, request).await? {
            Acquired::Answered(answered) => Ok(answered),
            Acquired::Ours(lease) => {
                let made = retry!(self.try_create_key(caller, owner, fields.clone(), Some(&lease)).await);
                lease.finish(made).await
            }
        }
    }

    async fn try_create_key(
        &self,
        caller: &Caller,
        owner: &Owner,
        fields: KeyFields,
        lease: Option<&IdempotencyLease>,
    ) -> Result<CreatedKey> {
        let (mut tx, caller) =
            self.begin_for(caller, |caller| policy::permit(caller, Action::CreateKeys)).await?;
        let caller = &caller;
        let created = match owner {
            Owner::ServiceAccount(id) => {
                let account = self.load_service_account(&mut tx, caller, id, &fields).await?;
                self.create_in(&mut tx, caller, &NewOwner::ServiceAccount(&account), fields).await?
            }
            Owner::Caller if caller.service_account_permissions().is_some() => {
                // A service account is not a user and cannot own a personal key.
                return Err(Error::field("serviceAccountId", Rule::Missing, "Name a service account."));
            }
            Owner::Caller | Owner::Email(_) | Owner::Id(_) => {
                let name = fields.name.as_str().to_owned();
                let user = self.load_owner(&mut tx, caller, Action::CreateKeys, owner, Some(&name)).await?;
                policy::may_grant(caller, fields.permissions, &fields.scopes)?;
                self.check_owner(&mut tx, &user).await?;
                self.create_in(&mut tx, caller, &NewOwner::User(&user), fields).await?
            }
        };
        self.store_response(&mut tx, lease, &created).await?;
        tx.commit().await?;
        Ok(created)
    }

    /// Loads the service account that is to own a new key, and checks that the caller may give it one. The key will
    /// have the permissions of its account, so the caller must hold them. The row is locked first, so that no
    /// concurrent transaction changes these permissions or disables the account before this one ends.
    async fn load_service_account(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        id: &ServiceAccountId,
        fields: &KeyFields,
    ) -> Result<ServiceAccount> {
        policy::permit_service_accounts(caller)?;
        if policy::visibility(caller) == Visibility::Scoped {
            let target = PolicyTarget { key_name: Some(fields.name.as_str()), ..PolicyTarget::default() };
            policy::check_scopes(caller, Action::CreateKeys, &Owner::ServiceAccount(id.clone()), target)?;
        }
        policy::may_grant(caller, fields.permissions, &fields.scopes)?;
        let unknown = || Error::field("serviceAccountId", Rule::ValueError, NO_SERVICE_ACCOUNT);
        if !store::service_accounts::lock_active(tx, caller.organization(), id).await? {
            return Err(unknown());
        }
        let found = store::service_accounts::find(tx, caller.organization(), id).await?;
        let account = found.ok_or_else(unknown)?;
        policy::may_grant_permissions(caller, &account.permissions)?;
        Ok(account)
    }

    /// Creates a key for an owner whose row is locked and who may have it.
    async fn create_in(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        owner: &NewOwner<'_>,
        fields: KeyFields,
    ) -> Result<CreatedKey> {
        if fields.name.is_admin_key() {
            return Err(self.refuse_admin_key(tx, &owner.id()).await?);
        }
        refuse_look_alike(&fields.name)?;
        self.check_quota(tx, caller).await?;
        self.free_name(tx, &owner.id(), &fields.name, None).await?;
        self.insert_key(tx, caller, owner, fields).await
    }

    pub(crate) async fn insert_key(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        owner: &NewOwner<'_>,
        fields: KeyFields,
    ) -> Result<CreatedKey> {
        let organization =
            store::organizations::find(tx, owner.organization()).await?.ok_or(Error::NotFound(NO_USER))?;
        let NewSecret { secret, hash, shown_prefix } = self.new_secret(fields.environment)?;
        let key = Key {
            key_id: KeyId::from_random(&self.entropy.id()?),
            organization_id: organization.organization_id,
            internal_id: organization.internal_id,
            owner: owner.id(),
            key_hash: hash,
            shown_prefix,
            fields,
            created_at: self.clock.now(),
            created_by: caller.acting().or_else(|| Some(owner.id())),
            rotated_at: None,
            last_use: None,
            disabled: None,
            revoked: None,
            ended_at: None,
            version: 1,
        };
        store::keys::insert(tx, &key).await?;
        let changes = Changes::default().added("owner", owner.name()).all_added(key.fields.to_audit());
        self.record(tx, caller, AuditAction::ApiKeyCreated, AuditTarget::Key(&key.key_id), changes).await?;
        Ok(CreatedKey { key, secret })
    }

    /// Checks that the owner is active, because other members get no keys. The row is locked, so that a concurrent
    /// suspension waits for this transaction and does not miss the new key.
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
        let mut current = store::keys::count_live(tx, caller.organization(), self.clock.now()).await?;
        if current >= limit {
            // Keys that ended with their owners do not count. Counting them takes another query, so they are subtracted
            // only if the limit seems to be reached.
            current -= store::keys::count_ended(tx, caller.organization()).await?.min(current);
        }
        if current < limit { Ok(()) } else { Err(Error::Quota { resource: "api_keys", current, limit }) }
    }

    /// Returns the error for a request to create a key named `admin-key`: the name is taken, or reserved for the
    /// operator.
    pub(crate) async fn refuse_admin_key(&self, tx: &mut Tx, owner: &KeyOwner) -> Result<Error> {
        let existing = store::keys::find_named(tx, owner, &KeyName::admin_key(), self.clock.now()).await?;
        Ok(if existing.is_some() {
            Error::AlreadyExists("An active key with this name already exists.")
        } else {
            Error::Forbidden(
                "The name admin-key is reserved. The operator creates this key with the command keystead admin-key.",
            )
        })
    }
}

/// Refuses a name that people could mistake for `admin-key` in a list. It is applied to new names, not to those that
/// keys already have.
pub(super) fn refuse_look_alike(name: &KeyName) -> Result<()> {
    if name.looks_like_admin_key() {
        return Err(Error::field("name", Rule::ValueError, READS_LIKE_ADMIN_KEY));
    }
    Ok(())
}
