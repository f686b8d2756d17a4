//! Rules: what a request needs by its method and its path.

use std::fmt;

use crate::field::{FieldError, FieldErrors, Rule, Step};
use crate::key::{Operation, Permission, RESOURCE_ID_LENGTH_MAX, ResourceType};
use crate::text::check_line;
use crate::words::words;

use super::pattern::PathPattern;

/// Most rules of one gateway.
pub const RULES_MAX: usize = 100;
/// Longest method, in bytes.
const METHOD_BYTES_MAX: usize = 20;

words! {
    /// Who passes where a rule applies.
    RuleAccess {
        /// Whoever has a key that may do this.
        Key = "key",
        /// Everybody, without a key: health checks, preflight requests, public documents.
        Open = "open",
        /// Nobody.
        Closed = "closed",
    }
}

/// A method's name, in capital letters.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RuleMethod(String);

impl RuleMethod {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        if Self::is_method(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldError::new(Rule::ValueError, "Use a method in capital letters, such as GET."))
        }
    }

    /// Whether a text is a method that every server reads alike: some take `get` for `GET`.
    pub fn is_method(text: &str) -> bool {
        (1..=METHOD_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-' || byte == b'_')
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request's method is meant. `HEAD` is a `GET` whose answer is not sent whole.
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

/// Which resource a request is about.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", from = "String")]
pub enum ResourceSource {
    /// Always this one.
    Literal(String),
    /// The one that the segment of this name holds. Written in braces.
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

/// The resource that a rule names.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RuleResource {
    /// The kind.
    #[serde(rename = "type")]
    pub resource_type: ResourceType,
    /// Which.
    pub id: ResourceSource,
    /// What is done to it; nothing certain when absent.
    #[serde(default)]
    pub operation: Option<Operation>,
}

/// A rule. The first one whose method and path fit a request decides.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GatewayRule {
    /// The method; any when absent.
    #[serde(default)]
    pub method: Option<RuleMethod>,
    /// The path.
    pub path: PathPattern,
    /// Who passes.
    pub access: RuleAccess,
    /// What the key must be permitted.
    #[serde(default)]
    pub permission: Option<Permission>,
    /// What the key must reach.
    #[serde(default)]
    pub resource: Option<RuleResource>,
}

/// A rule as a form or a body gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleDraft {
    /// Any when absent.
    pub method: Option<String>,
    /// Required.
    pub path: Option<String>,
    /// The word of [`RuleAccess`]; `key` when absent.
    pub access: Option<String>,
    /// A permission's word.
    pub permission: Option<String>,
    /// The resource.
    pub resource: Option<RuleResourceDraft>,
}

/// A rule's resource as a form or a body gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleResourceDraft {
    /// The kind's word.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// An id, or the name of a segment in braces.
    pub id: Option<String>,
    /// An operation's word.
    pub operation: Option<String>,
}

impl RuleDraft {
    /// Checks the rule by itself; locations are below the rule.
    pub fn check(&self) -> Result<GatewayRule, FieldErrors> {
        let mut errors = FieldErrors::default();
        let method = self.method.as_ref().and_then(|text| errors.take("method", RuleMethod::parse(text)));
        let path = match &self.path {
            Some(text) => errors.take("path", PathPattern::parse(text)),
            None => errors.take("path", missing("Give a path, such as /v1/**.")),
        };
        let access = match &self.access {
            Some(word) => errors.take("access", RuleAccess::check(word)),
            None => Some(RuleAccess::Key),
        };
        let permission =
            self.permission.as_ref().and_then(|word| errors.take("permission", Permission::check(word)));
        let resource = self.resource.as_ref().and_then(|draft| match draft.check(path.as_ref()) {
            Ok(resource) => Some(resource),
            Err(broken) => {
                errors.append_at(&["resource".into()], broken);
                None
            }
        });
        let asks_nothing = self.permission.is_none() && self.resource.is_none();
        if matches!(access, Some(RuleAccess::Open | RuleAccess::Closed)) && !asks_nothing {
            let message = "A rule that asks for no key has no permission and no resource.";
            errors.push("access", Rule::ValueError, message);
        }
        let rule =
            path.zip(access).map(|(path, access)| GatewayRule { method, path, access, permission, resource });
        errors.or(rule)
    }
}

impl RuleResourceDraft {
    fn check(&self, path: Option<&PathPattern>) -> Result<RuleResource, FieldErrors> {
        let mut errors = FieldErrors::default();
        let resource_type = match &self.resource_type {
            Some(word) => errors.take("type", ResourceType::check(word)),
            None => errors.take("type", missing("Choose a resource type.")),
        };
        let id = match &self.id {
            Some(text) => errors.take("id", check_source(text, path)),
            None => errors.take("id", missing("Give an id, or the name of a segment, such as {bucket}.")),
        };
        let operation =
            self.operation.as_ref().and_then(|word| errors.take("operation", Operation::check(word)));
        errors.or(resource_type.zip(id).map(|(resource_type, id)| RuleResource {
            resource_type,
            id,
            operation,
        }))
    }
}

fn missing<T>(message: &str) -> Result<T, FieldError> {
    Err(FieldError::new(Rule::Missing, message))
}

/// An id, or the name of a segment, which the path must have if it can be read at all.
fn check_source(text: &str, path: Option<&PathPattern>) -> Result<ResourceSource, FieldError> {
    check_line(text, 1, RESOURCE_ID_LENGTH_MAX)?;
    let source = ResourceSource::from(text.to_owned());
    match &source {
        ResourceSource::Segment(name) if path.is_some_and(|path| !path.names(name)) => {
            Err(FieldError::new(Rule::ValueError, "Name a segment that the path has, in the same braces."))
        }
        ResourceSource::Literal(_) | ResourceSource::Segment(_) => Ok(source),
    }
}

/// Checks rules; every broken one is noted with its index.
pub(super) fn check_rules(drafts: &[RuleDraft], errors: &mut FieldErrors) -> Vec<GatewayRule> {
    if drafts.len() > RULES_MAX {
        errors.push("rules", Rule::ValueError, format!("Use at most {RULES_MAX} rules."));
        return Vec::new();
    }
    let mut rules = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        match draft.check() {
            Ok(rule) => rules.push(rule),
            Err(broken) => errors.append_at(&["rules".into(), Step::from(index)], broken),
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_a_get_and_a_small_letter_no_method() {
        let get = RuleMethod::parse("GET").unwrap();
        assert!(get.covers("GET") && get.covers("HEAD") && !get.covers("POST") && !get.covers("get"));
        assert!(!RuleMethod::parse("HEAD").unwrap().covers("GET"));
        for text in ["", "get", "G T", "GET\n", "ANY*", &"A".repeat(21)] {
            assert!(RuleMethod::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_broken_rule_has_its_place() {
        let draft = RuleDraft {
            method: Some("get".into()),
            path: Some("/v1/{bucket}".into()),
            access: Some("open".into()),
            permission: Some("fly".into()),
            resource: Some(RuleResourceDraft {
                resource_type: Some("planet".into()),
                id: Some("{buckt}".into()),
                operation: Some("fly".into()),
            }),
        };
        let errors = draft.check().unwrap_err();
        let places: Vec<_> = errors.iter().map(|e| (e.field(), e.location.len(), e.rule)).collect();
        assert_eq!(
            places,
            [
                ("method", 1, Rule::ValueError),
                ("permission", 1, Rule::Enum),
                ("resource", 2, Rule::Enum),
                ("resource", 2, Rule::ValueError),
                ("resource", 2, Rule::Enum),
                ("access", 1, Rule::ValueError),
            ]
        );
        assert_eq!(
            RuleDraft::default().check().unwrap_err().iter().next().map(FieldError::field),
            Some("path")
        );
    }

    #[test]
    fn a_rule_is_stored_as_it_was_given() {
        let json = r#"{"method":"GET","path":"/v1/{b}/**","access":"key","permission":"read","resource":{"type":"bucket","id":"{b}","operation":null}}"#;
        let rule: GatewayRule = serde_json::from_str(json).unwrap();
        assert_eq!(rule.resource.as_ref().map(|r| &r.id), Some(&ResourceSource::Segment("b".into())));
        assert_eq!(serde_json::to_string(&rule).unwrap(), json);
    }
}
