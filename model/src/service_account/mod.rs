//! Service accounts: programs of an organization, which own keys as members do.

mod account;
mod draft;
mod overview;
mod permissions;

pub use account::{AccountStatus, ServiceAccount, ServiceAccountFilter, ServiceAccountPage};
pub use draft::{ACCOUNT_NAME_LENGTH_MAX, NewServiceAccount, ServiceAccountDraft, check_account_name};
pub use overview::{AccountUse, ServiceAccountDetails, ServiceAccountRow, ServiceAccountRows};
pub use permissions::{ACCOUNT_CEILING, ACCOUNT_PERMISSIONS_MAX, AccountPermissions, AccountRight};
