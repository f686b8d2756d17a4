//! Service accounts: owners of keys that are not people.

mod draft;
mod overview;
mod permissions;
mod record;

pub use draft::{ACCOUNT_NAME_LENGTH_MAX, NewServiceAccount, ServiceAccountDraft, check_account_name};
pub use overview::{AccountUse, ServiceAccountDetails, ServiceAccountRow, ServiceAccountRows};
pub use permissions::{AccountRight, SERVICE_ACCOUNT_PERMISSIONS_MAX, ServiceAccountPermissions};
pub use record::{AccountStatus, ServiceAccount, ServiceAccountFilter, ServiceAccountPage};
