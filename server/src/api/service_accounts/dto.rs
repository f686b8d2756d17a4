//! The JSON form of a service account. Members without a value are left out.

use model::Timestamp;
use model::id::{OrganizationId, ServiceAccountId};
use model::key::KeyOwner;
use model::metadata::Metadata;
use model::service_account::{AccountStatus, ServiceAccount};
use serde::Serialize;
use utoipa::ToSchema;

/// A service account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceAccountData<'a> {
    id: &'a ServiceAccountId,
    #[schema(examples("deployer"))]
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(examples("ships the site"))]
    description: &'a str,
    /// What it may do.
    #[schema(examples("apikey:read"))]
    permissions: &'a [String],
    /// The data that your programs have stored.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    #[schema(value_type = Option<Metadata>)]
    metadata: &'a Metadata,
    /// Whether the service account can be used. `disabled` is final.
    status: AccountStatus,
    organization_id: &'a OrganizationId,
    /// The id of the creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<&'a KeyOwner>,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// When the service account was disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<Timestamp>,
}

impl<'a> From<&'a ServiceAccount> for ServiceAccountData<'a> {
    fn from(account: &'a ServiceAccount) -> Self {
        let ServiceAccount {
            service_account_id,
            organization_id,
            name,
            description,
            permissions,
            metadata,
            created_by,
            created_at,
            updated_at,
            disabled_at,
        } = account;
        Self {
            id: service_account_id,
            name,
            description,
            permissions: permissions.words(),
            metadata,
            status: account.status(),
            organization_id,
            created_by: created_by.as_ref(),
            created_at: *created_at,
            updated_at: *updated_at,
            disabled_at: *disabled_at,
        }
    }
}
