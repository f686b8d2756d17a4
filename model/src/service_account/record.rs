//! Service accounts, their status and lists of them.

use super::ServiceAccountPermissions;
use crate::id::{OrganizationId, ServiceAccountId};
use crate::key::KeyOwner;
use crate::metadata::Metadata;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

string_enum! {
    /// Whether the service account can be used. `disabled` is final.
    AccountStatus {
        /// The account's keys work.
        Active = "active",
        /// The account's keys were revoked.
        Disabled = "disabled",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccount {
    /// Never changes.
    pub service_account_id: ServiceAccountId,
    pub organization_id: OrganizationId,
    /// Unique among the organization's active accounts.
    pub name: String,
    /// May be empty.
    pub description: String,
    /// The account's permissions. No key of the account can do more.
    pub permissions: ServiceAccountPermissions,
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    pub created_by: Option<KeyOwner>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When the account was disabled, which is final.
    pub disabled_at: Option<Timestamp>,
}

impl ServiceAccount {
    /// Whether the account's keys work.
    pub fn status(&self) -> AccountStatus {
        if self.disabled_at.is_some() { AccountStatus::Disabled } else { AccountStatus::Active }
    }
}

/// The conditions that narrow a list of accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ServiceAccountFilter {
    pub status: Option<AccountStatus>,
    /// Text at the beginning of a word of the name.
    pub search: String,
}

/// One page of accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountPage {
    /// Oldest first.
    pub accounts: Vec<ServiceAccount>,
    /// The number of accounts that match the filter.
    pub total: u64,
}
