//! The data that the Connect page loads.

use model::gateway::{GatewayActivity, GatewayRow};
use model::id::GatewayId;

use crate::components::gateways::ActivitySource;
use crate::fns::FnResult;
use crate::fns::gateways::list_gateways;
use crate::fns::keys::key_settings;

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct PageData {
    pub server_url: String,
    /// Whether the page is for a proxy, and not for code.
    pub for_proxy: bool,
    /// Loaded only for admins, and only if `for_proxy` is true.
    pub gateways: Option<Vec<GatewayRow>>,
    /// The activity of the chosen gateway, or of the keys if the page is for code.
    pub seen: GatewayActivity,
}

pub(super) async fn load(is_admin: bool, for_proxy: bool, gateway: Option<GatewayId>) -> FnResult<PageData> {
    let server_url = key_settings().await?.server_url;
    let gateways = if is_admin && for_proxy { Some(list_gateways().await?) } else { None };
    let chosen = gateways.as_deref().and_then(|rows| chosen(rows, gateway.as_ref()));
    let watched = if for_proxy {
        chosen.map(|row| ActivitySource::Gateway(row.gateway.gateway_id.clone()))
    } else {
        Some(ActivitySource::Keys)
    };
    let seen = match watched {
        Some(watched) => watched.load().await?,
        None => GatewayActivity::default(),
    };
    Ok(PageData { server_url, for_proxy, gateways, seen })
}

/// The gateway with the id `wanted`, or the first one if there is no such gateway.
pub(super) fn chosen<'a>(rows: &'a [GatewayRow], wanted: Option<&GatewayId>) -> Option<&'a GatewayRow> {
    rows.iter().find(|row| Some(&row.gateway.gateway_id) == wanted).or(rows.first())
}
