//! The identity headers, which describe the key to the upstream.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::field::{FieldError, FieldErrors, Rule};
use crate::key::ResourceScope;
use crate::string_enum::string_enum;
use crate::verify::VerifiedKey;

/// The longest list of scopes that is sent, in bytes. Proxies limit all headers of a response to a few kilobytes.
pub const SCOPES_BYTES_MAX: usize = 1024;
/// The value that replaces a longer list of scopes. It is not a valid scope, so an upstream that looks for one finds
/// none.
const SCOPES_TOO_LONG: &str = "too-long";
/// The value for a key that is not scoped.
const SCOPES_EVERYWHERE: &str = "*";

string_enum! {
    /// An identity header.
    HandedHeader {
        /// The id of the key.
        KeyId = "X-Key-Id",
        /// The name of the key.
        KeyName = "X-Key-Name",
        /// The id of the key's owner.
        KeyOwner = "X-Key-Owner",
        /// The e-mail address of the owner or, for a service account, its name.
        KeyOwnerName = "X-Key-Owner-Name",
        /// The id of the organization.
        OrganizationId = "X-Organization-Id",
        /// The permissions of the key, limited to the ceiling of its owner.
        KeyPermissions = "X-Key-Permissions",
        /// The scopes of the key.
        KeyScopes = "X-Key-Scopes",
        /// When the key expires. Empty if it never expires.
        KeyExpiresAt = "X-Key-Expires-At",
        /// The environment of the key.
        KeyEnvironment = "X-Key-Environment",
    }
}

impl HandedHeader {
    /// The header's value, in visible ASCII. Lists are separated by commas. Text that people chose is percent-encoded,
    /// except for letters, digits and `-_.~@`.
    pub fn value<'a>(self, key: &'a VerifiedKey<'_>) -> Cow<'a, str> {
        match self {
            Self::KeyId => Cow::Borrowed(&*key.key_id),
            Self::KeyName => encode(&key.name),
            Self::KeyOwner => Cow::Borrowed(key.owner.as_str()),
            Self::KeyOwnerName => encode(&key.owner_name),
            Self::OrganizationId => Cow::Borrowed(key.organization_id.as_str()),
            Self::KeyPermissions => permissions(key),
            Self::KeyScopes => scopes(&key.scopes),
            Self::KeyEnvironment => Cow::Owned(key.environment.to_string()),
            Self::KeyExpiresAt => key.expires_at.map_or(Cow::Borrowed(""), |at| Cow::Owned(at.to_rfc3339())),
        }
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

fn permissions(key: &VerifiedKey<'_>) -> Cow<'static, str> {
    let mut members = key.permissions.iter();
    match (members.next(), members.next()) {
        (None, _) => Cow::Borrowed(""),
        (Some(only), None) => Cow::Borrowed(only.as_str()),
        _ => Cow::Owned(key.permissions.words().join(",")),
    }
}

/// `type:id` or `type:id:operation+operation`, separated by commas.
fn scopes(scopes: &[ResourceScope]) -> Cow<'static, str> {
    if scopes.is_empty() {
        return Cow::Borrowed(SCOPES_EVERYWHERE);
    }
    let mut text = String::new();
    for (index, scope) in scopes.iter().enumerate() {
        let ResourceScope { resource_type, resource_id, operations } = scope;
        let gap = if index == 0 { "" } else { "," };
        // The `*` of a pattern stays readable.
        let id = resource_id.split('*').map(encode).collect::<Vec<_>>().join("*");
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{gap}{resource_type}:{id}");
        if let Some(operations) = operations {
            let words: Vec<_> = operations.iter().map(|operation| operation.as_str()).collect();
            let _ = write!(text, ":{}", words.join("+"));
        }
        if text.len() > SCOPES_BYTES_MAX {
            return Cow::Borrowed(SCOPES_TOO_LONG);
        }
    }
    Cow::Owned(text)
}

/// Percent-encodes a text that people chose, so that it can neither end the header nor start another one.
fn encode(text: &str) -> Cow<'_, str> {
    const ENCODED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'@');
    utf8_percent_encode(text, ENCODED).into()
}

/// A set of headers, as a bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Vec<HandedHeader>", into = "Vec<HandedHeader>")]
pub struct HandedHeaders(u16);

impl HandedHeaders {
    pub fn has(self, header: HandedHeader) -> bool {
        self.0 & header.bit() != 0
    }

    /// The set with or without a header.
    #[must_use]
    pub fn with(self, header: HandedHeader, is_in: bool) -> Self {
        if is_in { Self(self.0 | header.bit()) } else { Self(self.0 & !header.bit()) }
    }

    /// The headers of the set, in the order of [`HandedHeader::ALL`].
    pub fn iter(self) -> impl Iterator<Item = HandedHeader> {
        HandedHeader::ALL.iter().copied().filter(move |header| self.has(*header))
    }

    /// Reads names without regard to letter case. An unknown name is an error at its index.
    pub fn check(names: &[String], field: &str, errors: &mut FieldErrors) -> Self {
        let mut set = Self(0);
        for (index, name) in names.iter().enumerate() {
            let has_name = |header: &&HandedHeader| header.as_str().eq_ignore_ascii_case(name);
            if let Some(header) = HandedHeader::ALL.iter().find(has_name) {
                set.0 |= header.bit();
            } else {
                let known = HandedHeader::ALL.iter().map(|header| header.as_str()).collect::<Vec<_>>();
                let error = FieldError::new(Rule::Enum, format!("Use one of: {}.", known.join(", ")));
                errors.push_at(vec![field.into(), index.into()], error);
            }
        }
        set
    }
}

impl Default for HandedHeaders {
    /// All headers.
    fn default() -> Self {
        HandedHeader::ALL.to_vec().into()
    }
}

impl From<Vec<HandedHeader>> for HandedHeaders {
    fn from(headers: Vec<HandedHeader>) -> Self {
        Self(headers.into_iter().fold(0, |bits, header| bits | header.bit()))
    }
}

impl From<HandedHeaders> for Vec<HandedHeader> {
    fn from(headers: HandedHeaders) -> Self {
        headers.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{OrganizationId, UserId};
    use crate::key::{Environment, Operation, Permission, ResourceType};
    use crate::time::Timestamp;

    fn scope(id: &str, operations: Option<Vec<Operation>>) -> ResourceScope {
        ResourceScope { resource_type: ResourceType::Bucket, resource_id: id.to_owned(), operations }
    }

    fn key(name: &str, scopes: Vec<ResourceScope>) -> VerifiedKey<'_> {
        VerifiedKey {
            key_id: "key_k1".into(),
            name: name.into(),
            owner: Cow::Owned(UserId::from_random("u1").into()),
            owner_name: "ada+ci@acme.example".into(),
            organization_id: Cow::Owned(OrganizationId::from_random("o1")),
            permissions: vec![Permission::Write, Permission::Read].into(),
            scopes: scopes.into(),
            expires_at: Some(Timestamp::from_seconds(0)),
            environment: Environment::LIVE,
            metadata: None,
        }
    }

    #[test]
    fn identity_headers_contain_only_visible_ascii() {
        let scopes = vec![
            scope("prod-*", Some(vec![Operation::ReadData, Operation::WriteData])),
            scope("a,b:c", None),
        ];
        let key = key("ключ\r\nX-Key-Id: 1", scopes);
        let values: Vec<_> = HandedHeader::ALL.iter().map(|header| header.value(&key)).collect();
        assert_eq!(
            values,
            [
                "key_k1",
                "%D0%BA%D0%BB%D1%8E%D1%87%0D%0AX-Key-Id%3A%201",
                "usr_u1",
                "ada%2Bci@acme.example",
                "org_o1",
                "read,write",
                "bucket:prod-*:read_data+write_data,bucket:a%2Cb%3Ac",
                "1970-01-01T00:00:00Z",
                "live",
            ]
        );
        assert!(values.iter().all(|value| value.bytes().all(|byte| byte.is_ascii_graphic())));
    }

    #[test]
    fn a_key_without_scopes_differs_from_one_with_too_many() {
        assert_eq!(HandedHeader::KeyScopes.value(&key("a", Vec::new())), "*");
        let many = (0..100).map(|n| scope(&format!("bucket-{n}"), None)).collect();
        assert_eq!(HandedHeader::KeyScopes.value(&key("a", many)), "too-long");
    }

    #[test]
    fn header_names_are_read_in_any_letter_case_and_order() {
        let mut errors = FieldErrors::default();
        let set = HandedHeaders::check(&["x-key-name".into(), "X-Key-Id".into()], "headers", &mut errors);
        assert_eq!(set.iter().map(HandedHeader::as_str).collect::<Vec<_>>(), ["X-Key-Id", "X-Key-Name"]);
        assert!(errors.is_empty() && !set.has(HandedHeader::KeyScopes));
    }
}
