//! API keys: their record, their secret, and the operations on them.

mod access;
mod access_draft;
mod change;
mod draft;
mod environment;
mod fields;
mod grace_period;
mod last_use;
mod list;
mod name;
mod owner;
mod patch;
mod permission;
mod record;
mod scope;
mod secret;
mod shown_status;
mod status;
mod version;

pub use access::Access;
pub use access_draft::{AccessKeyDraft, AccessKeyPatchDraft, NO_SERVICE_ACCOUNT, NewAccessKey};
pub use change::Change;
pub use draft::{KeyDraft, RATE_LIMIT_MAX, check_expiry, check_rate_limit};
pub use environment::{ENVIRONMENT_LENGTH_MAX, Environment};
pub use fields::KeyFields;
pub use grace_period::{GRACE_SECONDS_MAX, GracePeriod, RevokeDraft, RotateDraft, Rotation};
pub use last_use::LastUse;
pub use list::{
    Count, KeyCursor, KeyFilter, KeyPage, KeyQuery, KeyRow, KeySort, KeyTotals, KeyView, Place, SortColumn,
    UserKeyPage, UserKeyQuery,
};
pub use name::{
    ADMIN_KEY, DESCRIPTION_LENGTH_MAX, KeyName, NAME_LENGTH_MAX, READS_LIKE_ADMIN_KEY, check_description,
};
pub use owner::{FoundOwner, KeyOwner, SERVICE_ACCOUNT_CEILING};
pub use patch::{KeyPatch, KeyPatchDraft};
pub use permission::{Permission, Permissions};
pub use record::{CreatedKey, Disabling, Key, KeyDetails, Revocation};
pub use scope::{
    Operation, RESOURCE_ID_LENGTH_MAX, ResourceScope, ResourceType, SCOPES_MAX, ScopeDraft, check_scopes,
    matches_pattern,
};
pub use secret::{
    BASE62, CHECKSUM_LENGTH, DEFAULT_PREFIX, KeyPrefix, NotAKey, PlainKey, RANDOM_LENGTH, SHOWN_LENGTH,
};
pub use shown_status::ShownStatus;
pub use status::{KeyStatus, SOON_SECONDS, UNUSED_SECONDS};
pub use version::{KeyVersion, Precondition};
