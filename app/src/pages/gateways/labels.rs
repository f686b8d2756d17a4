//! Texts that describe the rules of a gateway.

use model::gateway::{Gateway, GatewayRule, Otherwise, RuleAccess};
use model::key::Permission;

use crate::components::keys::spaced;
use crate::ui::Choice;

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];

/// The choices for the method of a rule: any method, the usual ones, and `own` if it is none of them.
pub fn method_choices(own: &str) -> Vec<Choice> {
    let other = (!own.is_empty() && !METHODS.contains(&own)).then_some(own);
    let named = METHODS.into_iter().chain(other).map(|method| Choice::new(method, method));
    std::iter::once(Choice::new("", "Any")).chain(named).collect()
}

/// The choices for who may pass a rule.
pub fn needs_choices() -> Vec<Choice> {
    let mut choices = vec![Choice::new(RuleAccess::Key.as_str(), "Any valid key")];
    let permitted = Permission::ALL.iter().map(|one| Choice::new(one.as_str(), format!("A key with {one}")));
    choices.extend(permitted);
    choices.push(Choice::new(RuleAccess::Open.as_str(), "Everyone, without a key"));
    choices.push(Choice::new(RuleAccess::Closed.as_str(), "Nobody"));
    choices
}

/// Describes who may pass a rule.
pub fn needs_text(rule: &GatewayRule) -> String {
    match (rule.access, rule.permission) {
        (RuleAccess::Open, _) => "Everyone, without a key".to_owned(),
        (RuleAccess::Closed, _) => "Nobody".to_owned(),
        (RuleAccess::Key, Some(permission)) => format!("A key with {permission}"),
        (RuleAccess::Key, None) => "Any valid key".to_owned(),
    }
}

/// Describes the resource of a rule, such as `Bucket {bucket}, read data`.
pub fn resource_text(rule: &GatewayRule) -> Option<String> {
    let resource = rule.resource.as_ref()?;
    let id: String = resource.id.clone().into();
    let kind = spaced(resource.resource_type.as_str());
    let operation = resource.operation.map(|operation| operation.as_str().replace('_', " "));
    Some(operation.map_or_else(|| format!("{kind} {id}"), |operation| format!("{kind} {id}, {operation}")))
}

/// Describes who may pass if no rule matches.
pub const fn otherwise_text(otherwise: Otherwise) -> &'static str {
    match otherwise {
        Otherwise::Key => "Any valid key",
        Otherwise::Closed => "Nobody",
    }
}

/// Sums up the rules of a gateway, such as `2 rules, otherwise nobody`.
pub fn summary(gateway: &Gateway) -> String {
    let otherwise = otherwise_text(gateway.otherwise);
    match gateway.rules.len() {
        0 => otherwise.to_owned(),
        1 => format!("1 rule, otherwise {}", otherwise.to_lowercase()),
        count => format!("{count} rules, otherwise {}", otherwise.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fns::gateways::{GatewayFields, RuleFields};
    use model::Timestamp;
    use model::id::{GatewayId, OrganizationId};

    fn gateway(rules: Vec<RuleFields>) -> Gateway {
        let fields = GatewayFields { name: "api".into(), rules, ..GatewayFields::default() };
        let ids = (GatewayId::from_random("a"), OrganizationId::from_random("o"));
        fields.to_draft().check().unwrap().into_gateway(ids.0, ids.1, None, Timestamp::from_seconds(0))
    }

    fn row(needs: &str) -> RuleFields {
        RuleFields { path: "/v1/{b}".into(), needs: needs.into(), ..RuleFields::default() }
    }

    #[test]
    fn rules_are_described_for_people() {
        let bucket = RuleFields {
            kind: "storage_connection".into(),
            id: "{b}".into(),
            operation: "read_data".into(),
            ..row("key")
        };
        let gateway = gateway(vec![row("open"), row("closed"), row("write"), bucket]);
        let words: Vec<_> = gateway.rules.iter().map(needs_text).collect();
        assert_eq!(words, ["Everyone, without a key", "Nobody", "A key with write", "Any valid key"]);
        let resources: Vec<_> = gateway.rules.iter().filter_map(resource_text).collect();
        assert_eq!(resources, ["Storage connection {b}, read data"]);
        assert_eq!(summary(&gateway), "4 rules, otherwise nobody");
    }

    #[test]
    fn every_choice_of_who_passes_has_the_label_of_its_rule() {
        for choice in needs_choices() {
            let gateway = gateway(vec![row(&choice.value)]);
            assert_eq!(needs_text(&gateway.rules[0]), choice.label);
        }
        assert_eq!(summary(&gateway(Vec::new())), "Any valid key");
    }

    #[test]
    fn an_unusual_method_is_kept_as_a_choice() {
        let has = |own: &str, method: &str| method_choices(own).iter().any(|choice| choice.value == method);
        assert!(has("", "GET") && has("PURGE", "PURGE") && !has("GET", "PURGE"));
    }
}
