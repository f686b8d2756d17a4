//! The permissions of an organization's own API, such as `invoices.read`, beside the four that Keystead itself knows
//! ([`crate::key::Permission`]).

mod grant;
mod name;
mod query;
mod wanted;
mod word;

pub use grant::{GRANTS_OF_KEY_MAX, GRANTS_OF_ROLE_MAX, Grants};
pub use name::{PERMISSION_NAME_LENGTH_MAX, PermissionName};
pub use query::{PermissionQuery, QUERY_DEPTH_MAX, QUERY_LENGTH_MAX, QUERY_NAMES_MAX, UnmetPart};
pub use wanted::{WantedDraft, WantedPermissions};
pub use word::Wanted;
