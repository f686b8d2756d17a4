//! Server functions for the organization itself.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::organization::Organization;

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::signed_in;

/// The organization in which the caller is signed in.
#[server(name = GetOrganization, prefix = "/console/api", endpoint = "organization/get", input = Json)]
pub async fn get_organization() -> FnResult<Organization> {
    let (service, caller) = signed_in().await?;
    Ok(service.get_organization(&caller).await?)
}

/// Renames the organization.
#[server(name = UpdateOrganization, prefix = "/console/api", endpoint = "organization/update")]
pub async fn update_organization(organization_name: String) -> FnResult<Organization> {
    let (service, caller) = signed_in().await?;
    let draft = model::organization::OrganizationPatchDraft {
        organization_name: Some(organization_name),
        ..Default::default()
    };
    Ok(service.update_organization(&caller, draft.check()?).await?)
}
