//! The REST API: which address and method leads where, and what a caller needs for it.

mod answer;
mod auth;
mod call;
mod dispatch;
mod failure;
mod json;
mod keys;
mod organizations;
mod path;
pub mod problem;
mod query;
mod users;

pub use dispatch::{Endpoint, Route, routes};

macro_rules! routes {
    ($($path:literal { $($method:ident $action:ident => $handler:path,)* })*) => {
        /// Every route of the REST API. Paths are matched as they were sent; their parameters stand in braces.
        pub const ROUTES: &[Route] = &[$(Route {
            path: $path,
            endpoints: &[$(Endpoint {
                method: stringify!($method),
                action: service::Action::$action,
                handler: |call| Box::pin($handler(call)),
            }),*],
        }),*];
    };
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
}
