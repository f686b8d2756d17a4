//! Typed ids with prefixes. Code that passes an id of the wrong type does not compile.

use std::fmt;
use std::sync::Arc;

/// Longest suffix accepted from outside, in bytes. Generated suffixes have 20 characters.
const ID_BYTES_MAX: usize = 64;

/// The text is not an id of the expected type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident = $prefix:literal;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// Clones share one allocation.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The prefix of every id of this type.
            pub const PREFIX: &'static str = $prefix;

            /// Creates an id from random letters and digits.
            pub fn from_random(letters_and_digits: &str) -> Self {
                Self(format!("{}{letters_and_digits}", $prefix).into())
            }

            /// Reads an id: the prefix followed by letters and digits only.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                match text.strip_prefix($prefix) {
                    Some(rest) if is_suffix(rest) => Ok(Self(text.into())),
                    _ => Err(NotAnId),
                }
            }

            /// Creates an id from text that was checked before.
            pub fn known(text: &str) -> Self {
                Self(text.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::openapi::id($prefix, concat!($($doc),*))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Self::parse(text)
            }
        }
    )*};
}

ids! {
    /// An organization.
    OrganizationId = "org_";
    /// The internal id of an organization. It gives access to nothing.
    InternalId = "int_";
    /// The id of a user. A person in two organizations has two.
    UserId = "usr_";
    /// The id of a service account, which is an owner of keys that is not a person.
    ServiceAccountId = "sa_";
    /// A person who can sign in to the console.
    AccountId = "acc_";
    /// The id of a key. It never changes, not even by a rotation.
    KeyId = "key_";
    /// The id of a gateway. It cannot be guessed, because a proxy needs nothing else to use the gateway.
    GatewayId = "gw_";
    /// The id of an audit record.
    AuditId = "aud_";
    /// A session of the console, as shown to its owner. The cookie contains a different, secret value.
    SessionId = "ses_";
    /// A server that runs, from its start to its end.
    NodeId = "node_";
    /// One request, in headers, logs and audit records.
    RequestId = "req_";
}

fn is_suffix(text: &str) -> bool {
    !text.is_empty() && text.len() <= ID_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_prefix_and_letters_and_digits() {
        assert_eq!(KeyId::parse("key_ab12").map(String::from), Ok("key_ab12".to_owned()));
        for text in ["", "key_", "usr_ab12", "key_ab-12", "key_ab 12", "key_é", " key_ab12"] {
            assert_eq!(KeyId::parse(text), Err(NotAnId), "{text}");
        }
        assert!(KeyId::parse(&format!("key_{}", "a".repeat(65))).is_err());
    }
}
