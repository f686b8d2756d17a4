mod create;
mod get;
mod list;
mod remove;
mod update;

use serde_json::{Value, json};

use crate::support::{Actor, TestServer};

/// Checks that unauthenticated clients and callers without the necessary rights may not send this request, and that
/// refused requests change nothing.
async fn assert_for_admins_only(method: &str, path: &str, body: Value) {
    let server = TestServer::start().await;
    for (actors, status, kind) in
        [(Actor::UNAUTHENTICATED, 401, "UnauthorizedError"), (Actor::POWERLESS, 403, "ForbiddenError")]
    {
        for actor in actors {
            let client = server.client(actor).await;
            let before = server.state().await;
            let body = if body == json!(null) { String::new() } else { body.to_string() };
            client.send(method, path, &[], body.into()).await.refused(status, kind);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}
