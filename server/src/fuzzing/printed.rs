//! Writes checked types as the bodies from which they can be read.

use model::gateway::{GatewayRule, NewGateway, RuleResource};
use model::key::{Access, KeyFields, KeyPatch, NewAccessKey};
use model::service_account::NewServiceAccount;
use model::user::{NewUser, UserPatch};
use model::verify::{Resource, VerifyRequest};
use serde_json::{Map, Value, json};

use crate::api::fuzzed::Checked;

/// The body from which this value is read, if the value alone determines one.
pub(super) fn printed(checked: &Checked) -> Option<Value> {
    Some(without_nulls(match checked {
        Checked::Key(new) => key(new),
        Checked::AccessKey(new) => access_key(new)?,
        Checked::User(new) => user(new),
        Checked::Users(id, users) => {
            json!({"organization_identifier": id, "users": users.iter().map(user).collect::<Vec<_>>()})
        }
        Checked::Gateway(new) => gateway(new),
        Checked::ServiceAccount(new) => service_account(new),
        Checked::VerifyRequest(asked) => verify_request(asked),
        Checked::VerifyRequests(asked) => {
            json!({"requests": asked.iter().map(verify_request).collect::<Vec<_>>()})
        }
        Checked::AuditSettings(enabled) => json!({"read_auditing_enabled": enabled}),
        Checked::KeyPatch(_)
        | Checked::Rotation(_)
        | Checked::UserPatch(_)
        | Checked::Organization(_)
        | Checked::OrganizationPatch(_)
        | Checked::GatewayPatch(_) => return None,
    }))
}

/// The texts of the value, each with the most characters that it can have.
pub(super) fn texts(checked: &Checked) -> Vec<(&str, usize)> {
    match checked {
        Checked::Key(new) | Checked::AccessKey(NewAccessKey { fields: new, .. }) => texts_of_key(new),
        Checked::KeyPatch(patch) => texts_of_key_patch(patch),
        Checked::User(new) => texts_of_user(new),
        Checked::Users(_, users) => users.iter().flat_map(texts_of_user).collect(),
        Checked::Organization(new) => {
            let users = new.users.iter().flat_map(texts_of_user);
            users.chain([(new.name.as_str(), 100)]).collect()
        }
        Checked::OrganizationPatch(patch) => patch.name.iter().map(|name| (name.as_str(), 100)).collect(),
        Checked::UserPatch(UserPatch { user_name, .. }) => {
            user_name.iter().map(|name| (name.as_str(), 100)).collect()
        }
        Checked::Gateway(new) => {
            let rules = new.rules.iter().map(|rule| (rule.path.as_str(), 500));
            rules.chain([(new.name.as_str(), 100), (new.key_header.as_str(), 64)]).collect()
        }
        Checked::GatewayPatch(patch) => patch.name.iter().map(|name| (name.as_str(), 100)).collect(),
        Checked::ServiceAccount(new) => {
            let description = new.description.iter().map(|text| (text.as_str(), 500));
            description.chain([(new.name.as_str(), 100)]).collect()
        }
        Checked::VerifyRequest(asked) => texts_of_verify_request(asked),
        Checked::VerifyRequests(asked) => asked.iter().flat_map(texts_of_verify_request).collect(),
        Checked::Rotation(_) | Checked::AuditSettings(_) => Vec::new(),
    }
}

fn texts_of_key(fields: &KeyFields) -> Vec<(&str, usize)> {
    let KeyFields {
        name,
        description,
        permissions: _,
        scopes,
        rate_limit_override: _,
        expires_at: _,
        environment: _,
        metadata: _without_a_limit_for_each_text,
    } = fields;
    let scopes = scopes.iter().map(|scope| (scope.resource_id.as_str(), 100));
    scopes.chain([(name.as_str(), 100), (description.as_str(), 500)]).collect()
}

fn texts_of_key_patch(patch: &KeyPatch) -> Vec<(&str, usize)> {
    let KeyPatch {
        name,
        description,
        permissions: _,
        access: _,
        scopes,
        rate_limit_override: _,
        expires_at: _,
        metadata: _without_a_limit_for_each_text,
        revoke: _,
    } = patch;
    let scopes = scopes.iter().flatten().map(|scope| (scope.resource_id.as_str(), 100));
    let name = name.iter().map(|name| (name.as_str(), 100));
    scopes.chain(name).chain(description.iter().map(|text| (text.as_str(), 500))).collect()
}

fn texts_of_user(user: &NewUser) -> Vec<(&str, usize)> {
    let avatar = user.avatar_url.iter().map(|url| (url.as_str(), 2048));
    avatar.chain([(user.email.as_str(), 254), (user.user_name.as_str(), 100)]).collect()
}

fn texts_of_verify_request<'a>(verify_request: &'a VerifyRequest<'_>) -> Vec<(&'a str, usize)> {
    let resource = verify_request.resource.iter().map(|resource| (resource.resource_id.as_str(), 100));
    resource.chain(verify_request.agent.iter().map(|agent| (agent.as_str(), 256))).collect()
}

fn key(new: &KeyFields) -> Value {
    let KeyFields {
        name,
        description,
        permissions,
        scopes,
        rate_limit_override,
        expires_at,
        environment: _never_read_here,
        metadata: _never_read_here_either,
    } = new;
    json!({
        "name": name, "description": description, "permissions": permissions, "scopes": scopes,
        "rate_limit_override": rate_limit_override, "expires_at": expires_at,
    })
}

fn access_key(new: &NewAccessKey) -> Option<Value> {
    let NewAccessKey { fields, service_account_id } = new;
    let KeyFields {
        name,
        description,
        permissions,
        scopes: _,
        rate_limit_override: _,
        expires_at,
        environment,
        metadata,
    } = fields;
    let gives = |access: &&Access| access.permissions() == *permissions;
    let scope = Access::ALL.iter().find(gives)?;
    Some(json!({
        "name": name, "description": description, "scope": scope, "expiresAt": expires_at,
        "environment": environment, "metadata": metadata, "serviceAccountId": service_account_id,
    }))
}

fn user(new: &NewUser) -> Value {
    let NewUser { email, user_name, avatar_url, role, metadata } = new;
    json!({
        "email": email, "user_name": user_name, "avatar_url": avatar_url, "role": role, "metadata": metadata,
    })
}

fn service_account(new: &NewServiceAccount) -> Value {
    let NewServiceAccount { name, description, permissions, metadata } = new;
    json!({"name": name, "description": description, "permissions": permissions, "metadata": metadata})
}

fn gateway(new: &NewGateway) -> Value {
    let NewGateway { name, key_header, rules, otherwise, headers, hide_key } = new;
    let rule = |rule: &GatewayRule| {
        let GatewayRule { method, path, access, permission, resource } = rule;
        let resource = resource.as_ref().map(|RuleResource { resource_type, id, operation }| {
            without_nulls(json!({"type": resource_type, "id": id, "operation": operation}))
        });
        without_nulls(json!({
            "method": method, "path": path, "access": access, "permission": permission, "resource": resource,
        }))
    };
    json!({
        "name": name, "key_header": key_header, "rules": rules.iter().map(rule).collect::<Vec<_>>(),
        "otherwise": otherwise, "headers": headers, "hide_key": hide_key,
    })
}

fn verify_request(asked: &VerifyRequest<'_>) -> Value {
    let VerifyRequest { secret, permissions, resource, address, agent, cost } = asked;
    let resource = resource.as_ref().map(|Resource { resource_type, resource_id, operation }| {
        json!({"type": resource_type, "id": resource_id, "operation": operation})
    });
    without_nulls(json!({
        "key": &**secret, "permissions": permissions, "resource": resource, "ip": address, "user_agent": agent,
        "cost": cost,
    }))
}

/// Leaves out members that are absent, because `null` does not mean absence for all of them.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
        }
        other => other,
    }
}
