//! Gateways as forms and request bodies describe them, before and after checking.

use crate::field::{FieldError, FieldErrors, Rule};
use crate::id::{GatewayId, OrganizationId};
use crate::key::KeyOwner;
use crate::text::check_name;
use crate::time::Timestamp;

use super::headers::HandedHeaders;
use super::key_header::KeyHeader;
use super::record::{GATEWAY_NAME_LENGTH_MAX, Gateway, Otherwise};
use super::rule::GatewayRule;
use super::rule_draft::{RuleDraft, check_rules};

/// Unchecked input: a new gateway or a change to one.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct GatewayDraft {
    /// Required for a new gateway.
    pub name: Option<String>,
    /// `Authorization` when absent.
    pub key_header: Option<String>,
    /// Empty when absent.
    pub rules: Option<Vec<RuleDraft>>,
    /// A word of [`Otherwise`]. When absent, `key` without rules and `closed` with rules: a list of allowed requests
    /// implies that all others are not allowed.
    pub otherwise: Option<String>,
    /// Names of headers. All headers when absent.
    pub headers: Option<Vec<String>>,
    /// `true` when absent.
    pub hide_key: Option<bool>,
}

/// A checked draft of a new gateway. Only [`GatewayDraft::check`] creates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGateway {
    pub name: String,
    /// The header that carries the key.
    pub key_header: KeyHeader,
    /// The first rule that matches decides.
    pub rules: Vec<GatewayRule>,
    /// What applies to a request that no rule matches.
    pub otherwise: Otherwise,
    /// The headers that the upstream receives.
    pub headers: HandedHeaders,
    /// Whether the key is removed before the request reaches the upstream.
    pub hide_key: bool,
}

/// A checked change. Absent fields stay as they are. Only [`GatewayDraft::check_patch`] creates it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GatewayPatch {
    pub name: Option<String>,
    pub key_header: Option<KeyHeader>,
    pub rules: Option<Vec<GatewayRule>>,
    /// What applies to a request that no rule matches.
    pub otherwise: Option<Otherwise>,
    /// The headers that the upstream receives.
    pub headers: Option<HandedHeaders>,
    /// Whether the key is removed before the request reaches the upstream.
    pub hide_key: Option<bool>,
}

impl GatewayDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self) -> Result<NewGateway, FieldErrors> {
        let (patch, mut errors) = self.check_fields();
        if self.name.is_none() {
            errors.push("name", Rule::Missing, "Give the gateway a name.");
        }
        let GatewayPatch { name, key_header, rules, otherwise, headers, hide_key } = patch;
        let rules = rules.unwrap_or_default();
        let usual = if rules.is_empty() { Otherwise::Key } else { Otherwise::Closed };
        errors.or(name.map(|name| NewGateway {
            name,
            key_header: key_header.unwrap_or_default(),
            rules,
            otherwise: otherwise.unwrap_or(usual),
            headers: headers.unwrap_or_default(),
            hide_key: hide_key.unwrap_or(true),
        }))
    }

    /// Checks all fields of a change and reports all errors together.
    pub fn check_patch(&self) -> Result<GatewayPatch, FieldErrors> {
        let (patch, errors) = self.check_fields();
        errors.or(Some(patch))
    }

    fn check_fields(&self) -> (GatewayPatch, FieldErrors) {
        let Self { name, key_header, rules, otherwise, headers, hide_key } = self;
        let mut errors = FieldErrors::default();
        let name = name.as_ref().and_then(|text| errors.take("name", check_gateway_name(text)));
        let key_header =
            key_header.as_ref().and_then(|text| errors.take("key_header", KeyHeader::choose(text)));
        let rules = rules.as_ref().map(|drafts| check_rules(drafts, &mut errors));
        let otherwise = otherwise.as_ref().and_then(|word| errors.take("otherwise", Otherwise::check(word)));
        let headers = headers.as_ref().map(|names| HandedHeaders::check(names, "headers", &mut errors));
        (GatewayPatch { name, key_header, rules, otherwise, headers, hide_key: *hide_key }, errors)
    }
}

/// Checks a gateway's name and returns it.
pub fn check_gateway_name(text: &str) -> Result<String, FieldError> {
    check_name(text, GATEWAY_NAME_LENGTH_MAX).map(|()| text.to_owned())
}

impl NewGateway {
    pub fn into_gateway(
        self,
        gateway_id: GatewayId,
        organization_id: OrganizationId,
        created_by: Option<KeyOwner>,
        now: Timestamp,
    ) -> Gateway {
        let Self { name, key_header, rules, otherwise, headers, hide_key } = self;
        Gateway {
            gateway_id,
            organization_id,
            name,
            key_header,
            rules,
            otherwise,
            headers,
            hide_key,
            created_by,
            created_at: now,
            updated_at: now,
        }
    }
}

impl GatewayPatch {
    /// The changed gateway. `updated_at` is not changed.
    #[must_use]
    pub fn applied_to(self, before: &Gateway) -> Gateway {
        let Self { name, key_header, rules, otherwise, headers, hide_key } = self;
        let mut after = before.clone();
        after.name = name.unwrap_or(after.name);
        after.key_header = key_header.unwrap_or(after.key_header);
        after.rules = rules.unwrap_or(after.rules);
        after.otherwise = otherwise.unwrap_or(after.otherwise);
        after.headers = headers.unwrap_or(after.headers);
        after.hide_key = hide_key.unwrap_or(after.hide_key);
        after
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::{HandedHeader, RULES_MAX};

    fn rule(path: &str) -> RuleDraft {
        RuleDraft { path: Some(path.into()), ..RuleDraft::default() }
    }

    #[test]
    fn only_the_name_is_required() {
        let draft = GatewayDraft { name: Some("api".into()), ..GatewayDraft::default() };
        let new = draft.check().unwrap();
        assert_eq!(
            (new.key_header.as_str(), new.otherwise, new.hide_key),
            ("Authorization", Otherwise::Key, true)
        );
        assert!(HandedHeader::ALL.iter().all(|header| new.headers.has(*header)));
    }

    #[test]
    fn with_rules_everything_else_is_closed() {
        let draft = |otherwise: Option<&str>| GatewayDraft {
            name: Some("api".into()),
            rules: Some(vec![rule("/v1/**")]),
            otherwise: otherwise.map(str::to_owned),
            ..GatewayDraft::default()
        };
        assert_eq!(draft(None).check().unwrap().otherwise, Otherwise::Closed);
        assert_eq!(draft(Some("key")).check().unwrap().otherwise, Otherwise::Key);
    }

    #[test]
    fn all_validation_errors_are_reported_together() {
        let draft = GatewayDraft {
            name: Some(" ".into()),
            key_header: Some("Cookie".into()),
            rules: Some(vec![rule("/"), rule("v1")]),
            otherwise: Some("maybe".into()),
            headers: Some(vec!["X-Key-Id".into(), "Host".into()]),
            hide_key: None,
        };
        for errors in [draft.check().unwrap_err(), draft.check_patch().unwrap_err()] {
            let places: Vec<_> = errors.iter().map(|e| (e.field(), e.location.len())).collect();
            assert_eq!(
                places,
                [("name", 1), ("key_header", 1), ("rules", 3), ("otherwise", 1), ("headers", 2)]
            );
        }
        let errors = GatewayDraft::default().check().unwrap_err();
        assert_eq!(errors.message_for("name"), Some("Give the gateway a name."));
        let many = GatewayDraft { rules: Some(vec![rule("/"); RULES_MAX + 1]), ..GatewayDraft::default() };
        assert!(many.check_patch().is_err());
    }

    #[test]
    fn an_empty_change_changes_nothing() {
        let new = GatewayDraft { name: Some("api".into()), ..GatewayDraft::default() }.check().unwrap();
        let at = Timestamp::from_seconds(0);
        let gateway =
            new.into_gateway(GatewayId::from_random("a"), OrganizationId::from_random("b"), None, at);
        assert_eq!(GatewayDraft::default().check_patch().unwrap().applied_to(&gateway), gateway);
    }
}
