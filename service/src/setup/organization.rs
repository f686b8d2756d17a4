//! Creates an organization with its admin and the protected key, for the first run and the operator's command.

use model::audit::AuditAction;
use model::email::Email;
use model::id::{AccountId, InternalId, OrganizationId};
use model::key::{CreatedKey, KeyFields, KeyName, Permission, Permissions};
use model::organization::{Organization, RateLimits};
use model::user::{NewUser, Role, User};
use serde_json::{Map, Value};
use store::Tx;

use crate::actor::{Actor, Caller, RequestContext};
use crate::audit::{AuditTarget, Changes};
use crate::error::Result;
use crate::keys::NewOwner;
use crate::reauthorize::AuthorizedCaller;
use crate::state::Service;

pub(super) struct NewOrganization {
    pub(super) organization: Organization,
    pub(super) admin: User,
    pub(super) admin_key: CreatedKey,
}

impl Service {
    /// Writes an organization with its first admin and the admin's protected key.
    pub(super) async fn insert_organization(
        &self,
        tx: &mut Tx,
        name: &str,
        admin: (&Email, &str),
        account: Option<&AccountId>,
        context: &RequestContext,
    ) -> Result<NewOrganization> {
        let (organization, caller) = self.write_organization(tx, name, None, Map::new(), context).await?;
        let new = NewUser {
            email: admin.0.clone(),
            user_name: admin.1.to_owned(),
            avatar_url: None,
            role: Role::Admin,
            metadata: Map::new(),
        };
        let admin = self.insert_user(tx, &caller, new, account).await?;
        let admin_key = self.insert_key(tx, &caller, &NewOwner::User(&admin), new_admin_key()).await?;
        Ok(NewOrganization { organization, admin, admin_key })
    }

    /// Writes an organization without members. Returns it with the operator as a caller in it.
    pub(crate) async fn write_organization(
        &self,
        tx: &mut Tx,
        name: &str,
        logo_url: Option<String>,
        metadata: Map<String, Value>,
        context: &RequestContext,
    ) -> Result<(Organization, AuthorizedCaller)> {
        let now = self.clock.now();
        let organization = Organization {
            organization_id: OrganizationId::from_random(&self.entropy.id()?),
            internal_id: InternalId::from_random(&self.entropy.id()?),
            name: name.to_owned(),
            logo_url,
            billing_email: None,
            metadata,
            rate_limits: RateLimits::default(),
            created_at: now,
            updated_at: now,
        };
        store::organizations::insert(tx, &organization).await?;
        let operator = Actor::Operator(organization.organization_id.clone());
        let caller = AuthorizedCaller::proven(Caller { actor: operator, context: context.clone() });
        let target = AuditTarget::Organization(&organization.organization_id);
        let changes = Changes::default().added("organization_name", name);
        self.record(tx, &caller, AuditAction::OrganizationCreated, target, changes).await?;
        Ok((organization, caller))
    }
}

/// The fields of the protected key.
pub(super) fn new_admin_key() -> KeyFields {
    KeyFields {
        description: "Manages the organization. Replaced only by the operator.".to_owned(),
        permissions: Permissions::from(vec![Permission::Admin]),
        ..KeyFields::named(KeyName::admin_key())
    }
}
