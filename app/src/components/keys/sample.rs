//! A key for tests.

use model::Timestamp;
use model::id::{InternalId, KeyId, OrganizationId, UserId};
use model::key::{Key, KeyName, Permissions};

/// The moment that is `seconds` after the creation of the sample key.
pub fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_795_336_200 + seconds)
}

/// An active key that never expires and was never used.
pub fn key() -> Key {
    Key {
        key_id: KeyId::from_random("a1"),
        organization_id: OrganizationId::from_random("a1"),
        internal_id: InternalId::from_random("a1"),
        owner: UserId::from_random("a1").into(),
        key_hash: String::new(),
        shown_prefix: "sk_live_01".into(),
        name: KeyName::parse("ci").unwrap(),
        description: String::new(),
        permissions: Permissions::READ,
        scopes: Vec::new(),
        rate_limit_override: None,
        expires_at: None,
        created_at: moment(0),
        created_by: None,
        rotated_at: None,
        last_use: None,
        disabled: None,
        revoked: None,
        ended_at: None,
        version: 1,
    }
}
