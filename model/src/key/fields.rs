//! What clients set about a key, apart from what the server finds out.

use serde_json::{Value, json};

use crate::metadata::Metadata;
use crate::time::Timestamp;

use super::{Environment, KeyName, KeyPatch, Permissions, ResourceScope};
#[cfg(any(test, feature = "testing"))]
use super::{Operation, Permission, ResourceType};

/// The valid settings of a key. [`KeyDraft::check`](super::KeyDraft::check) makes those of a new key from input.
///
/// `docs/contributing.md` lists the places that a new field needs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyFields {
    /// Unique among the owner's active keys.
    pub name: KeyName,
    /// May be empty.
    pub description: String,
    pub permissions: Permissions,
    /// Empty means no restriction.
    pub scopes: Vec<ResourceScope>,
    /// Requests per 60 seconds. The server's default limit when absent.
    pub rate_limit_override: Option<u32>,
    /// The key never expires when absent.
    pub expires_at: Option<Timestamp>,
    /// Never changes.
    #[serde(default, skip_serializing_if = "Environment::is_live")]
    pub environment: Environment,
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

impl KeyFields {
    /// The fields of a key that only has a name: it may read everything and never expires.
    pub fn named(name: KeyName) -> Self {
        Self {
            name,
            description: String::new(),
            permissions: Permissions::READ,
            scopes: Vec::new(),
            rate_limit_override: None,
            expires_at: None,
            environment: Environment::LIVE,
            metadata: Metadata::default(),
        }
    }

    /// Fields that all differ from those of [`Self::named`], so that a test notices if one of them is not stored.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn filled(name: KeyName) -> Self {
        Self {
            name,
            description: "line one\nline two".to_owned(),
            permissions: Permissions::from(vec![Permission::Read, Permission::Delete]),
            scopes: vec![ResourceScope {
                resource_type: ResourceType::Bucket,
                resource_id: "prod-*".to_owned(),
                operations: Some(vec![Operation::ReadData]),
            }],
            rate_limit_override: Some(u32::MAX),
            expires_at: Some(Timestamp::from_seconds(100)),
            environment: Environment::parse("test").unwrap_or_default(),
            metadata: serde_json::from_value(json!({"team": "search"})).unwrap_or_default(),
        }
    }

    /// The fields after a change. Fields that are absent from the patch stay as they are.
    #[must_use]
    pub fn patched(&self, patch: KeyPatch) -> Self {
        let KeyPatch {
            name,
            description,
            permissions,
            access,
            scopes,
            rate_limit_override,
            expires_at,
            metadata,
            revoke: _,
        } = patch;
        let permissions = permissions.or(access.map(|access| access.applied_to(self.permissions)));
        Self {
            name: name.unwrap_or_else(|| self.name.clone()),
            description: description.unwrap_or_else(|| self.description.clone()),
            permissions: permissions.unwrap_or(self.permissions),
            scopes: scopes.unwrap_or_else(|| self.scopes.clone()),
            rate_limit_override: rate_limit_override.apply(self.rate_limit_override),
            expires_at: expires_at.apply(self.expires_at),
            environment: self.environment,
            metadata: metadata.unwrap_or_else(|| self.metadata.clone()),
        }
    }

    /// Each field with its name and value in audit records.
    pub fn to_audit(&self) -> Vec<(&'static str, Value)> {
        let Self {
            name,
            description,
            permissions,
            scopes,
            rate_limit_override,
            expires_at,
            environment,
            metadata,
        } = self;
        vec![
            ("name", json!(name)),
            ("description", json!(description)),
            ("permissions", json!(permissions)),
            ("scopes", json!(scopes)),
            ("rate_limit_override", json!(rate_limit_override)),
            ("expires_at", json!(expires_at)),
            ("environment", json!(environment)),
            ("metadata", json!(metadata)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_filled_field_has_the_value_of_a_key_that_only_has_a_name() {
        let name = |name: &str| KeyName::parse(name).unwrap();
        let (named, filled) =
            (KeyFields::named(name("a")).to_audit(), KeyFields::filled(name("b")).to_audit());
        for ((field, named), (_, filled)) in named.into_iter().zip(filled) {
            assert_ne!(named, filled, "{field}");
        }
    }
}
