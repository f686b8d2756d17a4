//! Verify requests: the unchecked draft and the checked request.

use std::fmt;
use std::net::IpAddr;
use std::ops::Deref;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::object_only::ObjectOnly;
use crate::field::{FieldError, FieldErrors, Rule};
use crate::key::{Operation, Permissions, RESOURCE_ID_LENGTH_MAX, ResourceType};
use crate::leaked_secret::holds_secret;
use crate::text::{check_line, check_visible};

/// The highest cost of one verification.
pub const COST_MAX: i64 = 1_000_000;
/// Longest stored user agent, in characters. Longer ones are cut off.
const AGENT_LENGTH_MAX: usize = 256;

/// An unchecked verify request.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct VerifyDraft {
    /// The presented secret.
    pub key: Option<String>,
    /// Permission words. The key must have all of them.
    pub permissions: Option<Vec<String>>,
    /// The resource that the key is used for.
    pub resource: Option<ResourceDraft>,
    /// The address of the client that presented the key.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    /// How many requests the verification counts as. 1 when absent.
    pub cost: Option<i64>,
}

/// An unchecked resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct ResourceDraft {
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    pub id: Option<String>,
    pub operation: Option<String>,
}

/// A valid verify request. Created by [`VerifyDraft::check`], or by a gateway from its rules.
#[derive(Clone, Default)]
pub struct VerifyRequest<'a> {
    pub secret: PresentedSecret<'a>,
    /// The permissions that the key must have.
    pub permissions: Permissions,
    /// The resource that the key is used for.
    pub resource: Option<Resource>,
    /// The address of the client that presented the key, in canonical form.
    pub address: Option<IpAddr>,
    pub agent: Option<String>,
    /// How many requests the verification counts as. 0 checks the key without counting.
    pub cost: u32,
}

/// A presented secret. It may be any text.
#[derive(Clone)]
pub enum PresentedSecret<'a> {
    /// In the memory of the request.
    Borrowed(&'a str),
    /// In its own memory, which is wiped when dropped.
    Owned(Zeroizing<String>),
}

/// A resource that a key is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    pub resource_type: ResourceType,
    pub resource_id: String,
    /// The operation on the resource. When absent, the operations in the scopes of the key are ignored.
    pub operation: Option<Operation>,
}

impl<'de> Deserialize<'de> for VerifyDraft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(ObjectOnly(deserializer))
    }
}

impl<'de> Deserialize<'de> for ResourceDraft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(ObjectOnly(deserializer))
    }
}

impl VerifyDraft {
    /// Checks all fields and reports all errors together. Any text is accepted as a secret. Text that cannot be a key
    /// gets the same verdict as an unknown key.
    pub fn check(self) -> Result<VerifyRequest<'static>, FieldErrors> {
        let mut errors = FieldErrors::default();
        let missing = || Err(FieldError::new(Rule::Missing, "Give the key to verify."));
        let secret = errors.take(
            "key",
            self.key.map_or_else(missing, |key| Ok(PresentedSecret::Owned(without_blanks(key)))),
        );
        let permissions = self.permissions.as_deref().unwrap_or_default();
        let permissions = Permissions::check(permissions, "permissions", &mut errors);
        let resource = self.resource.and_then(|draft| match draft.check() {
            Ok(resource) => Some(resource),
            Err(broken) => {
                errors.append_at(&["resource".into()], broken);
                None
            }
        });
        let address = self.ip.and_then(|text| errors.take("ip", check_address(&text)));
        let agent = self.user_agent.and_then(shown_agent);
        let cost = errors.take("cost", check_cost(self.cost.unwrap_or(1)));
        let verify_request = secret.zip(cost).map(|(secret, cost)| VerifyRequest {
            secret,
            permissions,
            resource,
            address,
            agent,
            cost,
        });
        errors.or(verify_request)
    }
}

impl ResourceDraft {
    fn check(&self) -> Result<Resource, FieldErrors> {
        let mut errors = FieldErrors::default();
        let resource_type = match &self.resource_type {
            Some(word) => errors.take("type", ResourceType::check(word)),
            None => errors.take("type", Err(FieldError::new(Rule::Missing, "Choose a resource type."))),
        };
        let resource_id = match &self.id {
            Some(id) => errors.take("id", check_line(id, 1, RESOURCE_ID_LENGTH_MAX)).map(|()| id.clone()),
            None => errors.take("id", Err(FieldError::new(Rule::Missing, "Give the id of the resource."))),
        };
        let operation =
            self.operation.as_ref().and_then(|word| errors.take("operation", Operation::check(word)));
        let resource = resource_type.zip(resource_id).map(|(resource_type, resource_id)| Resource {
            resource_type,
            resource_id,
            operation,
        });
        errors.or(resource)
    }
}

/// Cuts off the blanks and line ends around a key that somebody pasted.
fn without_blanks(key: String) -> Zeroizing<String> {
    let key = Zeroizing::new(key);
    match key.trim_ascii() {
        trimmed if trimmed.len() == key.len() => key,
        trimmed => Zeroizing::new(trimmed.to_owned()),
    }
}

fn check_address(text: &str) -> Result<IpAddr, FieldError> {
    let address: Result<IpAddr, _> = text.parse();
    address
        .map(|address| address.to_canonical())
        .map_err(|_| FieldError::new(Rule::ValueError, "Use an IPv4 or IPv6 address."))
}

fn check_cost(cost: i64) -> Result<u32, FieldError> {
    match u32::try_from(cost) {
        Ok(checked) if cost <= COST_MAX => Ok(checked),
        Err(_) if cost < 0 => Err(FieldError::new(Rule::GreaterThanEqual, "Use 0 or more.")),
        Ok(_) | Err(_) => Err(FieldError::new(Rule::LessThanEqual, format!("Use at most {COST_MAX}."))),
    }
}

/// The user agent as it is stored. `None` if it contains a leaked secret, or characters that hide in a text or
/// rearrange it, because it would be stored and shown unchanged.
fn shown_agent(agent: String) -> Option<String> {
    let is_fit = !holds_secret(&agent) && check_visible(&agent).is_ok();
    let is_short = agent.len() <= AGENT_LENGTH_MAX;
    match is_fit {
        true if is_short => Some(agent),
        true => Some(agent.chars().take(AGENT_LENGTH_MAX).collect()),
        false => None,
    }
}

impl Deref for PresentedSecret<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(secret) => secret,
            Self::Owned(secret) => secret,
        }
    }
}

impl Default for PresentedSecret<'_> {
    fn default() -> Self {
        Self::Borrowed("")
    }
}

impl fmt::Debug for VerifyRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { secret: _, permissions, resource, address, agent, cost } = self;
        f.debug_struct("VerifyRequest")
            .field("permissions", permissions)
            .field("resource", resource)
            .field("address", address)
            .field("agent", agent)
            .field("cost", cost)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> VerifyDraft {
        VerifyDraft { key: Some("anything".into()), ..VerifyDraft::default() }
    }

    #[test]
    fn only_the_key_is_required() {
        let verify_request = draft().check().unwrap();
        assert_eq!((&*verify_request.secret, verify_request.cost), ("anything", 1));
        assert_eq!(verify_request.permissions, Permissions::default());
        assert!(verify_request.resource.is_none() && verify_request.address.is_none());
    }

    #[test]
    fn blanks_around_a_pasted_key_are_cut() {
        for (given, read) in
            [("k", "k"), (" k\r\n", "k"), ("\tk l ", "k l"), (" \n", ""), ("\u{a0}k", "\u{a0}k")]
        {
            let draft = VerifyDraft { key: Some(given.into()), ..VerifyDraft::default() };
            assert_eq!(&*draft.check().unwrap().secret, read, "{given:?}");
        }
    }

    #[test]
    fn a_list_is_neither_a_verification_nor_a_resource() {
        let is_read = |json: &str| serde_json::from_str::<VerifyDraft>(json).is_ok();
        assert!(is_read(r#"{"key": "k", "resource": {"type": "bucket", "id": "b"}}"#));
        for json in [
            r#"["k"]"#,
            r#"["k", null, null, null, null, null]"#,
            r#"{"key": "k", "resource": ["bucket", "b", null]}"#,
            r#"{"key": "k", "resource": []}"#,
        ] {
            assert!(!is_read(json), "{json}");
        }
    }

    #[test]
    fn every_validation_error_has_its_location() {
        let broken = VerifyDraft {
            key: None,
            permissions: Some(vec!["read".into(), "fly".into()]),
            resource: Some(ResourceDraft { operation: Some("fly".into()), ..ResourceDraft::default() }),
            ip: Some("here".into()),
            user_agent: None,
            cost: Some(-1),
        };
        let errors = broken.check().unwrap_err();
        let places: Vec<_> = errors.iter().map(|e| (e.location.len(), e.rule)).collect();
        assert_eq!(
            places,
            [
                (1, Rule::Missing),
                (2, Rule::Enum),
                (2, Rule::Missing),
                (2, Rule::Missing),
                (2, Rule::Enum),
                (1, Rule::ValueError),
                (1, Rule::GreaterThanEqual)
            ]
        );
    }

    #[test]
    fn an_address_is_stored_in_one_spelling() {
        for (text, kept) in
            [("::ffff:10.0.0.1", "10.0.0.1"), ("2001:DB8::0:1", "2001:db8::1"), ("10.0.0.1", "10.0.0.1")]
        {
            let draft = VerifyDraft { ip: Some(text.into()), ..draft() };
            let address = draft.check().unwrap().address;
            assert_eq!(address.map(|address| address.to_string()).as_deref(), Some(kept));
        }
    }

    #[test]
    fn a_user_agent_with_a_key_or_hidden_characters_is_not_stored() {
        let key = crate::key::PlainKey::from_random(&crate::key::KeyPrefix::default(), &"a".repeat(32));
        for (agent, is_kept) in [
            ("curl/8", true),
            (key.reveal(), false),
            ("a\nb", false),
            ("curl\u{202E}8/lruc", false),
            ("cu\u{200B}rl", false),
            ("curl\u{2028}", false),
        ] {
            let draft = VerifyDraft { user_agent: Some(agent.into()), ..draft() };
            assert_eq!(draft.check().unwrap().agent.is_some(), is_kept);
        }
    }

    #[test]
    fn a_verification_is_printed_without_the_secret() {
        assert!(!format!("{:?}", draft().check().unwrap()).contains("anything"));
    }
}
