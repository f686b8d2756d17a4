//! Server functions for gateways.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Timestamp;
use model::audit::AuditEvent;
use model::gateway::{
    Gateway, GatewayActivity, GatewayDetails, GatewayDraft, GatewayRow, GatewayRule, ObservedRequest,
    RuleAccess, RuleDraft, RuleResourceDraft,
};
use model::id::GatewayId;

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::signed_in;
#[cfg(feature = "ssr")]
use super::response::redirect_plain_form;
#[cfg(feature = "ssr")]
use crate::next::page_after_form;
#[cfg(feature = "ssr")]
use crate::paths;

/// A gateway as a form submits it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct GatewayFields {
    pub name: String,
    /// Empty for the default, `Authorization`.
    pub key_header: String,
    /// Rows that nobody filled in are ignored.
    pub rules: Vec<RuleFields>,
    /// The word for what happens to a request that no rule matches; empty for the default.
    pub otherwise: String,
    /// The identity headers that are ticked.
    pub headers: Vec<String>,
    /// Whether to hide the key from the API behind the proxy.
    pub hide_key: bool,
}

/// A rule as a row of the form submits it. Empty fields set no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct RuleFields {
    /// Empty for any method.
    pub method: String,
    pub path: String,
    /// What a request needs, in one word: `open`, `closed`, `key`, or a permission.
    pub needs: String,
    /// A resource type; empty for none.
    pub kind: String,
    /// A resource id.
    pub id: String,
    /// An operation; empty for none.
    pub operation: String,
}

impl GatewayFields {
    /// The fields for the form that changes an existing gateway.
    pub fn of(gateway: &Gateway) -> Self {
        Self {
            name: gateway.name.clone(),
            key_header: gateway.key_header.as_str().to_owned(),
            rules: gateway.rules.iter().map(RuleFields::of).collect(),
            otherwise: gateway.otherwise.to_string(),
            headers: gateway.headers.iter().map(|header| header.to_string()).collect(),
            hide_key: gateway.hide_key,
        }
    }

    /// The draft that the fields describe.
    pub fn to_draft(&self) -> GatewayDraft {
        let Self { name, key_header, rules, otherwise, headers, hide_key } = self;
        let rules = rules.iter().filter(|rule| !rule.is_blank()).map(RuleFields::to_draft).collect();
        let header = if key_header.trim().is_empty() { "Authorization" } else { key_header.trim() };
        GatewayDraft {
            name: Some(name.clone()),
            key_header: Some(header.to_owned()),
            rules: Some(rules),
            otherwise: non_blank(otherwise),
            headers: Some(headers.clone()),
            hide_key: Some(*hide_key),
        }
    }
}

impl RuleFields {
    fn of(rule: &GatewayRule) -> Self {
        let resource = rule.resource.as_ref();
        let needs = match (rule.access, rule.permission) {
            (RuleAccess::Key, Some(permission)) => permission.to_string(),
            (access, _) => access.to_string(),
        };
        Self {
            method: rule.method.as_ref().map(|method| method.as_str().to_owned()).unwrap_or_default(),
            path: rule.path.as_str().to_owned(),
            needs,
            kind: resource.map(|resource| resource.resource_type.to_string()).unwrap_or_default(),
            id: resource.map(|resource| resource.id.clone().into()).unwrap_or_default(),
            operation: resource
                .and_then(|resource| resource.operation)
                .map(|operation| operation.to_string())
                .unwrap_or_default(),
        }
    }

    /// Whether nobody has filled in the row. `needs` does not count, because it always has a value.
    pub fn is_blank(&self) -> bool {
        let Self { method, path, needs: _, kind, id, operation } = self;
        [method, path, kind, id, operation].iter().all(|text| text.trim().is_empty())
    }

    fn to_draft(&self) -> RuleDraft {
        let Self { method, path, needs, kind, id, operation } = self;
        let is_access = RuleAccess::from_word(needs).is_some() || needs.is_empty();
        let (access, permission) =
            if is_access { (non_blank(needs), None) } else { (None, non_blank(needs)) };
        let resource = RuleResourceDraft {
            resource_type: non_blank(kind),
            id: non_blank(id),
            operation: non_blank(operation),
        };
        RuleDraft {
            method: non_blank(method),
            path: non_blank(path),
            access,
            permission,
            resource: (resource != RuleResourceDraft::default()).then_some(resource),
        }
    }
}

/// The text of a field without surrounding blanks; `None` if it is empty.
fn non_blank(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// All gateways, sorted by name, each with the times of its activity.
#[server(name = ListGateways, prefix = "/console/api", endpoint = "gateways/list", input = Json)]
pub async fn list_gateways() -> FnResult<Vec<GatewayRow>> {
    let (service, caller) = signed_in().await?;
    Ok(service.gateway_rows(&caller).await?)
}

#[server(name = GetGateway, prefix = "/console/api", endpoint = "gateways/get", input = Json)]
pub async fn get_gateway(gateway_id: GatewayId) -> FnResult<GatewayDetails> {
    let (service, caller) = signed_in().await?;
    Ok(service.gateway_details(&caller, &gateway_id).await?)
}

/// The audit records of a gateway, newest first.
#[server(name = GatewayHistory, prefix = "/console/api", endpoint = "gateways/history", input = Json)]
pub async fn gateway_history(gateway_id: GatewayId) -> FnResult<Vec<AuditEvent>> {
    let (service, caller) = signed_in().await?;
    Ok(service.gateway_history(&caller, &gateway_id).await?)
}

/// The activity of a gateway.
#[server(name = SeenByGateway, prefix = "/console/api", endpoint = "gateways/seen", input = Json)]
pub async fn gateway_activity(gateway_id: GatewayId) -> FnResult<GatewayActivity> {
    let (service, caller) = signed_in().await?;
    Ok(service.gateway_activity(&caller, &gateway_id).await?)
}

/// The latest use of any active key that the caller may see.
#[server(name = LatestUse, prefix = "/console/api", endpoint = "connect/seen", input = Json)]
pub async fn latest_use() -> FnResult<Option<ObservedRequest>> {
    let (service, caller) = signed_in().await?;
    Ok(service.latest_use(&caller).await?)
}

/// Creates a gateway, and redirects to its page, which shows the configurations for proxies.
#[server(name = CreateGateway, prefix = "/console/api", endpoint = "gateways/create")]
pub async fn create_gateway(fields: GatewayFields) -> FnResult<Gateway> {
    let (service, caller) = signed_in().await?;
    let gateway = service.create_gateway(&caller, fields.to_draft().check()?).await?;
    redirect_plain_form(&paths::gateway(&gateway.gateway_id));
    Ok(gateway)
}

/// Changes a gateway. If `saw` is given, it must still be the time of the gateway's last change.
#[server(name = UpdateGateway, prefix = "/console/api", endpoint = "gateways/update")]
pub async fn update_gateway(
    gateway_id: GatewayId,
    fields: GatewayFields,
    saw: Option<Timestamp>,
    back: Option<String>,
) -> FnResult<Gateway> {
    let (service, caller) = signed_in().await?;
    let patch = fields.to_draft().check_patch()?;
    let row = service.update_gateway(&caller, &gateway_id, patch, saw).await?;
    redirect_plain_form(page_after_form(back.as_deref(), paths::GATEWAYS));
    Ok(row.gateway)
}

/// Removes a gateway for good.
#[server(name = RemoveGateway, prefix = "/console/api", endpoint = "gateways/remove")]
pub async fn remove_gateway(gateway_id: GatewayId) -> FnResult<Gateway> {
    let (service, caller) = signed_in().await?;
    let row = service.remove_gateway(&caller, &gateway_id).await?;
    redirect_plain_form(paths::GATEWAYS);
    Ok(row.gateway)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::gateway::Otherwise;
    use model::id::OrganizationId;

    fn row(method: &str, path: &str, needs: &str) -> RuleFields {
        RuleFields { method: method.into(), path: path.into(), needs: needs.into(), ..RuleFields::default() }
    }

    #[test]
    fn a_form_becomes_a_gateway_and_a_gateway_becomes_the_same_form() {
        let bucket = RuleFields {
            kind: "bucket".into(),
            id: "{b}".into(),
            operation: "read_data".into(),
            ..row("GET", "/v1/{b}/**", "read")
        };
        let fields = GatewayFields {
            name: "api".into(),
            key_header: "X-Api-Key".into(),
            rules: vec![
                row("", "/healthz", "open"),
                bucket,
                row("", "/v1/**", "key"),
                row("", "/x", "closed"),
            ],
            otherwise: "key".into(),
            headers: vec!["X-Key-Id".into()],
            hide_key: true,
        };
        let new = fields.to_draft().check().unwrap();
        let ids = (GatewayId::from_random("a"), OrganizationId::from_random("o"));
        let gateway = new.into_gateway(ids.0, ids.1, None, Timestamp::from_seconds(0));
        assert_eq!(GatewayFields::of(&gateway), fields);
    }

    #[test]
    fn rows_that_are_not_filled_in_are_ignored() {
        let rules = vec![row("", "", "key"), row("", "/a", "read"), row("", " ", "open")];
        let fields = GatewayFields { name: "api".into(), rules, ..GatewayFields::default() };
        let new = fields.to_draft().check().unwrap();
        assert_eq!((new.rules.len(), new.otherwise), (1, Otherwise::Closed));
        assert_eq!((new.key_header.as_str(), new.hide_key), ("Authorization", false));
        let rules = vec![row("GET", "", "key"), row("", "/a", "read")];
        let errors = GatewayFields { rules, ..fields }.to_draft().check().unwrap_err();
        assert_eq!(errors.message_for("rules"), Some("Give a path, such as /v1/**."));
    }
}
