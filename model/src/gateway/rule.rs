//! Gateway rules: what a request needs by its method and path.

use std::fmt;

use crate::field::{FieldError, Rule};
use crate::key::{Operation, Permission, ResourceType};
use crate::string_enum::string_enum;

use super::pattern::PathPattern;

/// Longest method, in bytes.
const METHOD_BYTES_MAX: usize = 20;

string_enum! {
    /// Which requests pass if a rule matches.
    RuleAccess {
        /// Requests with a key that meets the requirements of the rule.
        Key = "key",
        /// All requests, even without a key: health checks, preflight requests, public documents.
        Open = "open",
        /// No request.
        Closed = "closed",
    }
}

/// A method name in upper case.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RuleMethod(String);

impl RuleMethod {
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        if Self::is_method(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldError::new(Rule::ValueError, "Use a method in capital letters, such as GET."))
        }
    }

    /// Whether a text is a method that every server reads alike. Lower case is refused because some servers treat `get`
    /// as `GET`.
    pub fn is_method(text: &str) -> bool {
        (1..=METHOD_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-' || byte == b'_')
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the rule applies to a request's method. `GET` covers `HEAD`, which is a `GET` without the response body.
    pub fn covers(&self, method: &str) -> bool {
        self.0 == method || (self.0 == "GET" && method == "HEAD")
    }
}

impl fmt::Debug for RuleMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RuleMethod {
    type Error = FieldError;
    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::parse(&text)
    }
}

impl From<RuleMethod> for String {
    fn from(method: RuleMethod) -> Self {
        method.0
    }
}

/// Which resource a request accesses.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", from = "String")]
pub enum ResourceSource {
    /// Always this resource.
    Literal(String),
    /// The resource whose id is the value of this named path segment. Written in braces.
    Segment(String),
}

impl From<String> for ResourceSource {
    fn from(text: String) -> Self {
        match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Self::Segment(name.to_owned()),
            None => Self::Literal(text),
        }
    }
}

impl From<ResourceSource> for String {
    fn from(source: ResourceSource) -> Self {
        match source {
            ResourceSource::Literal(id) => id,
            ResourceSource::Segment(name) => format!("{{{name}}}"),
        }
    }
}

/// The resource that a rule requires.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RuleResource {
    #[serde(rename = "type")]
    pub resource_type: ResourceType,
    pub id: ResourceSource,
    /// The operation on the resource. When absent, the operations in the scopes of a key are ignored.
    #[serde(default)]
    pub operation: Option<Operation>,
}

/// A rule. The first rule whose method and path match the request decides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GatewayRule {
    /// Any method when absent.
    #[serde(default)]
    pub method: Option<RuleMethod>,
    pub path: PathPattern,
    pub access: RuleAccess,
    /// The permission that the key must have.
    #[serde(default)]
    pub permission: Option<Permission>,
    /// The resource that the scopes of the key must cover.
    #[serde(default)]
    pub resource: Option<RuleResource>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn get_covers_head_and_methods_are_upper_case() {
        let get = RuleMethod::parse("GET").unwrap();
        assert!(get.covers("GET") && get.covers("HEAD") && !get.covers("POST") && !get.covers("get"));
        assert!(!RuleMethod::parse("HEAD").unwrap().covers("GET"));
        for text in ["", "get", "G T", "GET\n", "ANY*", &"A".repeat(21)] {
            assert!(RuleMethod::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_rule_is_stored_as_it_was_given() {
        let json = r#"{"method":"GET","path":"/v1/{b}/**","access":"key","permission":"read","resource":{"type":"bucket","id":"{b}","operation":null}}"#;
        let rule: GatewayRule = serde_json::from_str(json).unwrap();
        assert_eq!(rule.resource.as_ref().map(|r| &r.id), Some(&ResourceSource::Segment("b".into())));
        assert_eq!(serde_json::to_string(&rule).unwrap(), json);
    }
}
