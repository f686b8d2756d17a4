//! What is asked about a key: the unchecked draft and the checked question.

use std::fmt;
use std::net::IpAddr;
use std::ops::Deref;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::object_only::ObjectOnly;
use crate::field::{FieldError, FieldErrors, Rule};
use crate::key::{Operation, Permissions, RESOURCE_ID_LENGTH_MAX, ResourceType};
use crate::misplaced::holds_secret;
use crate::text::{check_line, check_visible};

/// The most that one verification can cost.
pub const COST_MAX: i64 = 1_000_000;
/// Longer agents are cut, in characters.
const AGENT_LENGTH_MAX: usize = 256;

/// A question as a body gives it.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct VerifyDraft {
    /// The secret that somebody showed.
    pub key: Option<String>,
    /// Permission words, all of which the key must have.
    pub permissions: Option<Vec<String>>,
    /// What it wants to reach.
    pub resource: Option<ResourceDraft>,
    /// From where it was shown.
    pub ip: Option<String>,
    /// With which agent.
    pub user_agent: Option<String>,
    /// How many requests it counts as; 1 when absent.
    pub cost: Option<i64>,
}

/// A resource as a body gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct ResourceDraft {
    /// The kind.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// Which.
    pub id: Option<String>,
    /// What is done to it.
    pub operation: Option<String>,
}

/// A question that can be answered. Made by [`VerifyDraft::check`], or by a gateway from its rules.
#[derive(Clone, Default)]
pub struct Question<'a> {
    /// The secret.
    pub secret: Shown<'a>,
    /// What the key must be permitted.
    pub permissions: Permissions,
    /// What it wants to reach.
    pub resource: Option<Resource>,
    /// From where it was shown, in its shortest form.
    pub address: Option<IpAddr>,
    /// With which agent.
    pub agent: Option<String>,
    /// How many requests it counts as; 0 looks without counting.
    pub cost: u32,
}

/// A secret as it was shown: perhaps anything.
#[derive(Clone)]
pub enum Shown<'a> {
    /// In the memory of the request.
    Lent(&'a str),
    /// In memory of its own, which is wiped when dropped.
    Own(Zeroizing<String>),
}

/// A resource that a key wants to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The kind.
    pub resource_type: ResourceType,
    /// Which.
    pub resource_id: String,
    /// What is done to it; nothing certain when absent.
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
    /// Checks every field and reports all broken rules together. Any text will do as a secret: what cannot be a key is
    /// answered as one that nobody has.
    pub fn check(self) -> Result<Question<'static>, FieldErrors> {
        let mut errors = FieldErrors::default();
        let missing = || Err(FieldError::new(Rule::Missing, "Give the key that was shown."));
        let secret =
            errors.take("key", self.key.map_or_else(missing, |key| Ok(Shown::Own(Zeroizing::new(key)))));
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
        let question = secret.zip(cost).map(|(secret, cost)| Question {
            secret,
            permissions,
            resource,
            address,
            agent,
            cost,
        });
        errors.or(question)
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

/// The agent as it is kept. Not when it may hold a key that was put into the wrong place, or characters that hide in a text or
/// rearrange it: it would be stored and shown as it is.
fn shown_agent(agent: String) -> Option<String> {
    let is_fit = !holds_secret(&agent) && check_visible(&agent).is_ok();
    let is_short = agent.len() <= AGENT_LENGTH_MAX;
    match is_fit {
        true if is_short => Some(agent),
        true => Some(agent.chars().take(AGENT_LENGTH_MAX).collect()),
        false => None,
    }
}

impl Deref for Shown<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Lent(secret) => secret,
            Self::Own(secret) => secret,
        }
    }
}

impl Default for Shown<'_> {
    fn default() -> Self {
        Self::Lent("")
    }
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { secret: _, permissions, resource, address, agent, cost } = self;
        f.debug_struct("Question")
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
    fn a_key_is_enough() {
        let question = draft().check().unwrap();
        assert_eq!((&*question.secret, question.cost), ("anything", 1));
        assert_eq!(question.permissions, Permissions::default());
        assert!(question.resource.is_none() && question.address.is_none());
    }

    #[test]
    fn a_list_is_no_question_and_no_resource() {
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
    fn every_broken_rule_has_its_place() {
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
    fn an_address_is_kept_in_one_spelling() {
        for (text, kept) in
            [("::ffff:10.0.0.1", "10.0.0.1"), ("2001:DB8::0:1", "2001:db8::1"), ("10.0.0.1", "10.0.0.1")]
        {
            let draft = VerifyDraft { ip: Some(text.into()), ..draft() };
            let address = draft.check().unwrap().address;
            assert_eq!(address.map(|address| address.to_string()).as_deref(), Some(kept));
        }
    }

    #[test]
    fn an_agent_that_holds_a_key_or_deceives_is_not_kept() {
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
    fn a_question_prints_without_the_secret() {
        assert!(!format!("{:?}", draft().check().unwrap()).contains("anything"));
    }
}
