//! Rules as forms and request bodies describe them, and their checks.

use super::pattern::PathPattern;
use super::rule::{GatewayRule, ResourceSource, RuleAccess, RuleMethod, RuleResource};
use crate::field::{FieldError, FieldErrors, Rule, Step};
use crate::key::{Operation, Permission, RESOURCE_ID_LENGTH_MAX, ResourceType};
use crate::text::check_line;

/// The maximum number of rules of one gateway.
pub const RULES_MAX: usize = 100;

/// An unchecked rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleDraft {
    /// Any method when absent.
    pub method: Option<String>,
    /// Required.
    pub path: Option<String>,
    /// A word of [`RuleAccess`]. `key` when absent.
    pub access: Option<String>,
    /// A word of [`Permission`].
    pub permission: Option<String>,
    pub resource: Option<RuleResourceDraft>,
}

/// The unchecked resource of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleResourceDraft {
    /// A word of [`ResourceType`].
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// An id, or the name of a path segment in braces.
    pub id: Option<String>,
    /// A word of [`Operation`].
    pub operation: Option<String>,
}

impl RuleDraft {
    /// Checks the rule by itself. Error locations are relative to the rule.
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
            let message = "A rule that does not require a key cannot have a permission or a resource.";
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
            None => errors
                .take("id", missing("Give an id, or the name of a segment in braces, such as {bucket}.")),
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

/// Reads an id or the name of a path segment. If the path is valid, it must have that segment.
fn check_source(text: &str, path: Option<&PathPattern>) -> Result<ResourceSource, FieldError> {
    check_line(text, 1, RESOURCE_ID_LENGTH_MAX)?;
    let source = ResourceSource::from(text.to_owned());
    match &source {
        ResourceSource::Segment(name) if path.is_some_and(|path| !path.names(name)) => Err(FieldError::new(
            Rule::ValueError,
            "Use the name of a segment that is in the path, in braces.",
        )),
        ResourceSource::Literal(_) | ResourceSource::Segment(_) => Ok(source),
    }
}

/// Checks all rules. Errors are located by the index of the rule.
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
    fn every_validation_error_has_its_location() {
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
}
