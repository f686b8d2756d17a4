//! The paths of the console's pages and of its live requests. The route table in `app.rs` has those of pages once more,
//! because its macro accepts only literals; a test compares the two. The server builds its routes for live requests
//! from the constants.

use model::id::{GatewayId, KeyId, ServiceAccountId};

use model::percent::encode;

/// Leads on to the list of keys.
pub const HOME: &str = "/";
pub const SETUP: &str = "/setup";
pub const LOGIN: &str = "/login";
/// The page on which a person accepts an invitation.
pub const INVITATION: &str = "/invitation";
/// The page on which a person chooses a new password.
pub const RESET: &str = "/reset";
pub const KEYS: &str = "/keys";
pub const MEMBERS: &str = "/members";
pub const SERVICE_ACCOUNTS: &str = "/service-accounts";
pub const GATEWAYS: &str = "/gateways";
/// The page that explains how to connect a service.
pub const CONNECT: &str = "/connect";
/// The settings of the organization.
pub const SETTINGS: &str = "/settings";
/// The account of the signed-in user.
pub const ACCOUNT: &str = "/account";
/// The live requests about gateways, below which each gateway has its own.
pub const LIVE_GATEWAYS: &str = "/console/live/gateways";
/// The live request for the latest use of any key, and below it those for the last use of one key.
pub const LIVE_KEYS: &str = "/console/live/keys";

/// The page of a key.
pub fn key(id: &KeyId) -> String {
    format!("{KEYS}/{id}")
}

/// The page of a service account.
pub fn service_account(id: &ServiceAccountId) -> String {
    format!("{SERVICE_ACCOUNTS}/{id}")
}

/// The page of a gateway.
pub fn gateway(id: &GatewayId) -> String {
    format!("{GATEWAYS}/{id}")
}

/// The live request for the activity of a gateway.
pub fn live_gateway(id: &GatewayId) -> String {
    format!("{LIVE_GATEWAYS}/{id}")
}

/// The live request for the last use of a key.
pub fn live_key(id: &KeyId) -> String {
    format!("{LIVE_KEYS}/{id}")
}

/// The path of a one-time link.
pub fn with_token(path: &str, token: &str) -> String {
    format!("{path}?token={token}")
}

/// A path with a query of these parameters, which are encoded already.
pub fn with_query(path: &str, parameters: &[String]) -> String {
    if parameters.is_empty() { path.to_owned() } else { format!("{path}?{}", parameters.join("&")) }
}

/// A path with a query of these names and values.
pub fn with_pairs(path: &str, pairs: &[(impl AsRef<str>, String)]) -> String {
    let pair = |(name, value): &(_, String)| format!("{}={}", encode(AsRef::as_ref(name)), encode(value));
    let pairs: Vec<_> = pairs.iter().map(pair).collect();
    with_query(path, &pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_requests_name_what_they_are_about() {
        let (key, gateway) = (KeyId::parse("key_x").unwrap(), GatewayId::parse("gw_x").unwrap());
        assert_eq!(live_key(&key), "/console/live/keys/key_x");
        assert_eq!(live_gateway(&gateway), "/console/live/gateways/gw_x");
    }

    #[test]
    fn the_paths_are_those_of_the_route_table() {
        let table = include_str!("app.rs");
        let routed: Vec<_> = table
            .split("path!(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|path| !path.is_empty())
            .collect();
        let (key, service_account, gateway) = (
            key(&KeyId::parse("key_x").unwrap()).replace("key_x", ":key_id"),
            service_account(&ServiceAccountId::parse("sa_x").unwrap()).replace("sa_x", ":service_account_id"),
            gateway(&GatewayId::parse("gw_x").unwrap()).replace("gw_x", ":gateway_id"),
        );
        let paths = [
            SETUP,
            LOGIN,
            INVITATION,
            RESET,
            HOME,
            KEYS,
            &key,
            MEMBERS,
            SERVICE_ACCOUNTS,
            &service_account,
            GATEWAYS,
            &gateway,
            CONNECT,
            SETTINGS,
            ACCOUNT,
        ];
        assert_eq!(routed, paths);
    }
}
