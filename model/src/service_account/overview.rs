//! Service accounts with what depends on them, as their admins look at them.

use super::ServiceAccount;
use crate::key::Count;
use crate::time::Timestamp;

/// What depends on an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AccountUse {
    /// Its keys that work or can work again.
    pub keys: Count,
    /// When one of these was last used, by any of its secrets. Not known of more keys than are counted.
    pub last_used_at: Option<Timestamp>,
}

/// An account in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountRow {
    /// The account.
    pub account: ServiceAccount,
    /// What depends on it.
    pub usage: AccountUse,
}

/// Some accounts of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountRows {
    /// The accounts, oldest first.
    pub rows: Vec<ServiceAccountRow>,
    /// How many fit in all.
    pub total: u64,
    /// How many the organization has, whatever was asked for.
    pub all: u64,
}

/// One account with everything that its page says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceAccountDetails {
    /// The account.
    pub account: ServiceAccount,
    /// What depends on it.
    pub usage: AccountUse,
    /// Who made it: an e-mail, or a service account's name. Nothing for the operator.
    pub creator: Option<String>,
}
