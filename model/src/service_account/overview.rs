//! Service accounts together with the number and use of their keys.

use super::ServiceAccount;
use crate::key::Count;
use crate::time::Timestamp;

/// The keys of an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AccountUse {
    /// The number of active keys, including disabled ones.
    pub keys: Count,
    /// When any secret of any of these keys was last used. `None` if none was used, or if there are more keys than were
    /// counted.
    pub last_used_at: Option<Timestamp>,
}

/// An account in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountRow {
    pub account: ServiceAccount,
    pub usage: AccountUse,
}

/// One page of accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountRows {
    /// Oldest first.
    pub rows: Vec<ServiceAccountRow>,
    /// The number of accounts that match the filter.
    pub total: u64,
    /// The number of accounts in the organization, whatever the filter.
    pub all: u64,
}

/// An account with everything that its page shows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountDetails {
    pub account: ServiceAccount,
    pub usage: AccountUse,
    /// The e-mail address or service account name of the creator. `None` if the operator created the account.
    pub creator: Option<String>,
}
