//! Values for the tests of all crates.

use crate::id::{InternalId, KeyId, OrganizationId, UserId};
use crate::key::{Key, KeyFields, KeyName};
use crate::time::Timestamp;

/// An active key that may read everything, never expires and was never used.
///
/// # Panics
///
/// Never: the name is valid.
#[expect(clippy::expect_used, reason = "the name is valid")]
pub fn key() -> Key {
    Key {
        key_id: KeyId::from_random("a1"),
        organization_id: OrganizationId::from_random("a1"),
        internal_id: InternalId::from_random("a1"),
        owner: UserId::from_random("a1").into(),
        key_hash: String::new(),
        shown_prefix: "sk_live_01".into(),
        fields: KeyFields::named(KeyName::parse("ci").expect("a valid name")),
        created_at: Timestamp::from_seconds(0),
        created_by: None,
        rotated_at: None,
        last_use: None,
        disabled: None,
        revoked: None,
        ended_at: None,
        version: 1,
    }
}
