//! A service account, and lists of them.

use super::AccountPermissions;
use crate::id::{OrganizationId, ServiceAccountId};
use crate::key::KeyOwner;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// Whether an account's keys work. The second is final.
    AccountStatus {
        /// They do.
        Active = "active",
        /// They do not, and were revoked.
        Disabled = "disabled",
    }
}

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccount {
    /// Never changes.
    pub service_account_id: ServiceAccountId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Unique among the organization's active accounts.
    pub name: String,
    /// Perhaps empty.
    pub description: String,
    /// What it may do. No key of it goes beyond this.
    pub permissions: AccountPermissions,
    /// Who made it.
    pub created_by: Option<KeyOwner>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was ended, for good.
    pub disabled_at: Option<Timestamp>,
}

impl ServiceAccount {
    /// Whether its keys work.
    pub fn status(&self) -> AccountStatus {
        if self.disabled_at.is_some() { AccountStatus::Disabled } else { AccountStatus::Active }
    }
}

/// What narrows a list of accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ServiceAccountFilter {
    /// Those of one status.
    pub status: Option<AccountStatus>,
    /// Text at the start of a word of a name.
    pub search: String,
}

/// Some accounts of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountPage {
    /// The accounts, oldest first.
    pub accounts: Vec<ServiceAccount>,
    /// How many there are in all.
    pub total: u64,
}
