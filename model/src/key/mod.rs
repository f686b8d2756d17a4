//! API keys: their record, their secret, and the operations on them.

mod access;
mod draft;
mod grace_period;
mod list;
mod name;
mod owner;
mod patch;
mod permission;
mod record;
mod scope;
mod secret;
mod status;
mod version;

pub use access::{Access, AccessKeyDraft, AccessKeyPatchDraft, NO_SERVICE_ACCOUNT, NewAccessKey};
pub use draft::{KeyDraft, NewKey, RATE_LIMIT_MAX, check_expiry, check_rate_limit};
pub use grace_period::{GRACE_SECONDS_MAX, GracePeriod, RevokeDraft, RotateDraft, Rotation};
pub use list::{
    Count, KeyCursor, KeyFilter, KeyPage, KeyQuery, KeyRow, KeySort, KeyTotals, KeyView, Place, SortColumn,
    UserKeyPage, UserKeyQuery,
};
pub use name::{
    ADMIN_KEY, DESCRIPTION_LENGTH_MAX, KeyName, NAME_LENGTH_MAX, READS_LIKE_ADMIN_KEY, check_description,
};
pub use owner::{FoundOwner, KeyOwner};
pub use patch::{Change, KeyPatch, KeyPatchDraft};
pub use permission::{Permission, Permissions};
pub use record::{CreatedKey, Disabling, Key, KeyDetails, LastUse, Revocation};
pub use scope::{
    Operation, RESOURCE_ID_LENGTH_MAX, ResourceScope, ResourceType, SCOPES_MAX, ScopeDraft, check_scopes,
    matches_pattern,
};
pub use secret::{
    BASE62, CHECKSUM_LENGTH, DEFAULT_PREFIX, KeyPrefix, NotAKey, PlainKey, RANDOM_LENGTH, SHOWN_LENGTH,
};
pub use status::{KeyStatus, SOON_SECONDS, ShownStatus, UNUSED_SECONDS};
pub use version::{KeyVersion, Precondition};
