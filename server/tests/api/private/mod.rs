mod add_users;
mod auth;
mod bootstrap_key;
mod create;
mod get;
mod nodes;
mod remove;
mod update;

use crate::support::{Actor, Client, OPERATOR_TOKEN, TestServer, encode};

pub const NODES: &str = "/v1/private/nodes";
pub const PRIVATE: &str = "/v1/private/organizations";

pub fn operator(server: &TestServer) -> Client {
    server.with_key(Some(OPERATOR_TOKEN))
}

pub fn organization_at(id: &str) -> String {
    format!("{PRIVATE}/{id}")
}

pub fn bootstrap_at(id: &str, email: &str) -> String {
    format!("{PRIVATE}/{id}/users/{}/bootstrap-key", encode(email))
}

/// Checks that no caller but the operator may use an address, and that refused requests change nothing.
pub async fn assert_for_the_operator_only(server: &TestServer, method: &str, path: &str) {
    for actor in Actor::ALL.into_iter().filter(|actor| *actor != Actor::Operator) {
        let client = server.client(actor).await;
        let before = server.state().await;
        // The body is invalid, but the credential is checked first.
        client.send(method, path, &[], "{".into()).await.refused(401, "UnauthorizedError");
        assert_eq!(server.state().await, before, "{actor:?}");
    }
}
