//! Puts the changes of an audit record into words.

use std::collections::BTreeSet;

use model::Timestamp;
use model::audit::{AuditAction, AuditEvent};
use serde_json::Value;

use crate::components::keys::spaced::spaced;
use crate::metadata_rows::MetadataRow;

/// One changed field, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLine {
    pub label: String,
    /// The value before; `None` if there was none.
    pub before: Option<String>,
    /// The value now; `None` if there is none.
    pub after: Option<String>,
}

/// The changed fields of an event. For a creation, fields with empty values are left out.
pub fn change_lines(event: &AuditEvent) -> Vec<ChangeLine> {
    let is_creation = matches!(
        event.action.known(),
        Some(AuditAction::ApiKeyCreated | AuditAction::ServiceAccountCreated | AuditAction::GatewayCreated)
    );
    let lines = event.changes.iter().flat_map(|(member, change)| {
        let (before, after) = (change.get("before"), change.get("after"));
        let after = if before.is_none() && after.is_none() { Some(change) } else { after };
        if member == "metadata" {
            return metadata_lines(before, after);
        }
        if is_creation && after.is_none_or(is_nothing) {
            return Vec::new();
        }
        let before = before.filter(|value| !is_creation || !is_nothing(value));
        let words = |value: &Value| value_text(member, value);
        vec![ChangeLine { label: label(member), before: before.map(words), after: after.map(words) }]
    });
    lines.collect()
}

/// A line for each member of metadata that differs. Names and values are those of the organization, so they are shown
/// as they are.
fn metadata_lines(before: Option<&Value>, after: Option<&Value>) -> Vec<ChangeLine> {
    let members = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (members(before), members(after));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let text = |value: Option<&Value>| {
        value.map(|value| match value {
            Value::String(text) if text.is_empty() => "empty".to_owned(),
            value => MetadataRow::of("", value).value,
        })
    };
    let line = |name: &String| ChangeLine {
        label: format!("Metadata “{name}”"),
        before: text(before.get(name)),
        after: text(after.get(name)),
    };
    changed.map(line).collect()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn label(member: &str) -> String {
    match member {
        "rate_limit_override" => "Rate limit".to_owned(),
        "expires_at" => "Expires".to_owned(),
        "shown_prefix" | "key_prefix" => "Secret".to_owned(),
        "user_id" => "Owner".to_owned(),
        "grace_until" | "valid_until" | "grace_valid_until" => "Old secret valid until".to_owned(),
        member => spaced(member),
    }
}

/// Formats a value for people. Each field has its own word for an absent or empty value.
fn value_text(member: &str, value: &Value) -> String {
    match value {
        Value::Null => absent(member).to_owned(),
        Value::String(text) if text.is_empty() => absent(member).to_owned(),
        Value::String(text) if matches!(member, "shown_prefix" | "key_prefix") => {
            format!("{}…", text.trim_end_matches('.'))
        }
        Value::String(text) if member.ends_with("_at") || member.ends_with("_until") => {
            Timestamp::parse(text).map_or_else(|_| text.clone(), Timestamp::to_text)
        }
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) if member == "rate_limit_override" => format!("{number} per minute"),
        Value::Number(number) if member.ends_with("_seconds") => {
            seconds_text(number.as_i64().unwrap_or_default())
        }
        Value::Number(number) => number.to_string(),
        Value::Array(list) if list.is_empty() => absent(member).to_owned(),
        Value::Array(list) => list.iter().map(|value| value_text("", value)).collect::<Vec<_>>().join(", "),
        Value::Object(map) => object_text(map),
    }
}

fn absent(member: &str) -> &'static str {
    match member {
        "expires_at" => "never",
        "rate_limit_override" => "default",
        "scopes" => "everywhere",
        "description" => "empty",
        _ => "none",
    }
}

/// Formats an object: a scope such as `Namespace prod-* (Read data)`, a rule of a gateway such as `GET /v1/** (read)`,
/// and any other object as a list of its fields.
fn object_text(map: &serde_json::Map<String, Value>) -> String {
    let text = |name: &str| map.get(name).and_then(Value::as_str);
    if let (Some(kind), Some(id)) = (text("resource_type"), text("resource_id")) {
        let operations = map.get("operations").and_then(Value::as_array).filter(|list| !list.is_empty());
        let operations = operations.map(|list| {
            let words: Vec<_> = list.iter().filter_map(Value::as_str).map(spaced).collect();
            format!(" ({})", words.join(", "))
        });
        return format!("{} {id}{}", spaced(kind), operations.unwrap_or_default());
    }
    if let (Some(path), Some(access)) = (text("path"), text("access")) {
        let method = text("method").map(|method| format!("{method} ")).unwrap_or_default();
        let resource = map.get("resource").and_then(Value::as_object);
        let resource = resource.map(|resource| {
            let part = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
            format!(", {} {}", part("type"), part("id"))
        });
        let needs = text("permission").unwrap_or(access);
        return format!("{method}{path} ({needs}{})", resource.unwrap_or_default());
    }
    let members: Vec<_> =
        map.iter().map(|(name, value)| format!("{}: {}", label(name), value_text(name, value))).collect();
    members.join(", ")
}

fn seconds_text(seconds: i64) -> String {
    match seconds {
        0 => "none".to_owned(),
        86_400.. if seconds % 86_400 == 0 => plural(seconds / 86_400, "day"),
        3600.. if seconds % 3600 == 0 => plural(seconds / 3600, "hour"),
        60.. if seconds % 60 == 0 => plural(seconds / 60, "minute"),
        _ => plural(seconds, "second"),
    }
}

fn plural(count: i64, unit: &str) -> String {
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_formatted_for_people() {
        for (member, value, text) in [
            ("expires_at", json!(null), "never"),
            ("expires_at", json!("2026-11-22T08:30:00Z"), "22 Nov 2026, 08:30 UTC"),
            ("expires_at", json!("not a date"), "not a date"),
            ("rate_limit_override", json!(null), "default"),
            ("rate_limit_override", json!(60), "60 per minute"),
            ("permissions", json!(["read", "write"]), "read, write"),
            ("scopes", json!([]), "everywhere"),
            ("description", json!(""), "empty"),
            ("name", json!("<script>alert(1)</script>"), "<script>alert(1)</script>"),
            ("shown_prefix", json!("sk_live_01"), "sk_live_01…"),
            (
                "rules",
                json!([
                    {"method": "GET", "path": "/v1/{b}", "access": "key", "permission": "read", "resource": {"type": "bucket", "id": "{b}"}},
                    {"method": null, "path": "/x", "access": "closed", "permission": null, "resource": null},
                ]),
                "GET /v1/{b} (read, bucket {b}), /x (closed)",
            ),
            ("grace_period_seconds", json!(3600), "1 hour"),
            ("grace_period_seconds", json!(172_800), "2 days"),
            ("disabled", json!(true), "yes"),
            ("environment", json!("test"), "test"),
            (
                "scopes",
                json!([{"resource_type": "namespace", "resource_id": "prod-*", "operations": ["read_data"]}]),
                "Namespace prod-* (Read data)",
            ),
        ] {
            assert_eq!(value_text(member, &value), text, "{member} {value}");
        }
    }

    #[test]
    fn each_changed_member_of_metadata_has_a_line() {
        let line = |name: &str, before: Option<&str>, after: Option<&str>| ChangeLine {
            label: format!("Metadata “{name}”"),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        let before = json!({"team": "a", "size": 5, "same": true, "note": ""});
        let after = json!({"team": "b", "same": true, "note": "x\ny", "ends_at": "2026-11-22T08:30:00Z"});
        assert_eq!(
            metadata_lines(Some(&before), Some(&after)),
            [
                line("ends_at", None, Some("2026-11-22T08:30:00Z")),
                line("note", Some("empty"), Some("\"x\\ny\"")),
                line("size", Some("5"), None),
                line("team", Some("a"), Some("b")),
            ]
        );
        let like_a_rule = json!({"path": "/x", "access": "closed"});
        let lines = metadata_lines(None, Some(&like_a_rule));
        assert_eq!(lines, [line("access", None, Some("closed")), line("path", None, Some("/x"))]);
        assert_eq!(metadata_lines(None, Some(&json!({}))), []);
    }
}
