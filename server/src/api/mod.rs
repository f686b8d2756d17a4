//! The REST API: which handler serves each path and method, and which credential it requires.

mod api_keys;
mod audit;
mod enforcement;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzed;
mod gateways;
pub(crate) mod http;
mod keys;
mod me;
pub mod openapi;
mod organizations;
mod private;
mod service_accounts;
mod usage;
mod users;
mod verify;

pub(crate) use gateways::GatewayModel;
pub use http::dispatch::{Endpoint, Route};
pub(crate) use verify::{VerifyResponse, log_refusal};

use axum::Router;

use crate::state::AppState;
use http::dispatch::{self, AuthRequirement, KeyPlace};

/// The routes of `/v1` and everything below it.
pub fn routes() -> Router<AppState> {
    dispatch::router(ROUTES)
}

macro_rules! routes {
    ($($path:literal { $($method:ident $action:ident => $handler:path,)* })*) => {
        /// Every route of the REST API. Paths are matched as they were sent. Their parameters are in braces.
        pub const ROUTES: &[Route] = &[$(Route {
            path: $path,
            endpoints: &[$(Endpoint {
                method: stringify!($method),
                auth: routes!(@ $action $handler),
            }),*],
        }),*];
    };
    (@ Checker $handler:path) => { AuthRequirement::Checker(KeyPlace::Bearer, |call| Box::pin($handler(call))) };
    (@ OauthChecker $handler:path) => { AuthRequirement::Checker(KeyPlace::OauthClient, |call| Box::pin($handler(call))) };
    (@ Operator $handler:path) => { AuthRequirement::Operator(|call| Box::pin($handler(call))) };
    (@ $action:ident $handler:path) => { AuthRequirement::Key(service::Action::$action, |call| Box::pin($handler(call))) };
}

routes! {
    "/v1/organizations" {
        GET ReadOrganization => organizations::get,
        PATCH ChangeOrganization => organizations::update,
    }
    "/v1/organizations/users" {
        GET ReadUsers => users::list,
        POST ChangeUsers => users::create,
    }
    "/v1/organizations/users/{user_email}" {
        GET ReadUsers => users::get,
        PATCH ChangeUsers => users::update,
        DELETE ChangeUsers => users::remove,
    }
    "/v1/organizations/users/{user_email}/api-keys" {
        GET ListKeys => keys::list,
        POST ChangeKeys => keys::create,
    }
    "/v1/organizations/users/{user_email}/api-keys/{key_name}" {
        PATCH ChangeKeys => keys::update,
        DELETE ChangeKeys => keys::revoke,
    }
    "/v1/organizations/users/{user_email}/api-keys/{key_name}/rotate" {
        POST ChangeKeys => keys::rotate,
    }
    "/v1/organizations/audit/logs" {
        GET ReadAudit => audit::list,
    }
    "/v1/organizations/audit/logs/{audit_id}" {
        GET ReadAudit => audit::get,
    }
    "/v1/organizations/audit/settings" {
        GET ReadAudit => audit::settings,
        PATCH ChangeOrganization => audit::update_settings,
    }
    "/v1/organizations/usage" {
        GET ReadUsage => usage::organization,
    }
    "/v1/organizations/api-keys/{key_id}/usage" {
        GET ListKeys => usage::key,
    }
    "/v1/organizations/api-keys/{key_id}/usage/endpoints" {
        GET ListKeys => usage::endpoints,
    }
    "/v1/me" {
        GET ReadSelf => me::me,
    }
    "/v1/keys/verify" {
        POST Checker => verify::one,
    }
    "/v1/keys/verify/batch" {
        POST Checker => verify::batch,
    }
    "/v1/introspect" {
        POST OauthChecker => verify::introspect,
    }
    "/v1/gateways" {
        GET ReadGateways => gateways::list,
        POST CreateGateways => gateways::create,
    }
    "/v1/gateways/{gateway_id}" {
        GET ReadGateways => gateways::get,
        PATCH UpdateGateways => gateways::update,
        DELETE DeleteGateways => gateways::remove,
    }
    "/v1/gateways/{gateway_id}/snippet" {
        GET ReadGateways => gateways::snippet,
    }
    "/v1/private/nodes" {
        GET Operator => private::nodes,
    }
    "/v1/private/organizations" {
        POST Operator => private::create,
    }
    "/v1/private/organizations/add-user" {
        POST Operator => private::add_users,
    }
    "/v1/private/organizations/{organization_id}" {
        GET Operator => private::get,
        PATCH Operator => private::update,
        DELETE Operator => private::remove,
    }
    "/v1/private/organizations/{organization_id}/users/{user_email}/bootstrap-key" {
        POST Operator => private::bootstrap_key,
    }
    "/v1/api-keys" {
        GET ReadKeys => api_keys::list,
        POST CreateKeys => api_keys::create,
    }
    "/v1/api-keys/{id}" {
        GET ReadKeys => api_keys::get,
        PATCH UpdateKeys => api_keys::update,
        DELETE RevokeKeys => api_keys::revoke,
    }
    "/v1/api-keys/{id}/rotate" {
        POST UpdateKeys => api_keys::rotate,
    }
    "/v1/service-accounts" {
        GET ReadServiceAccounts => service_accounts::list,
        POST CreateServiceAccounts => service_accounts::create,
    }
    "/v1/service-accounts/{id}" {
        GET ReadServiceAccounts => service_accounts::get,
        PATCH UpdateServiceAccounts => service_accounts::update,
        DELETE DisableServiceAccounts => service_accounts::disable,
    }
}
