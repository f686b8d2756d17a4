//! The REST API's table.

use std::collections::BTreeSet;

use model::gateway::GatewayDraft;
use serde_json::{Value, json};
use server::api::ROUTES;

use crate::support::{Actor, Client, MEMBER, TestServer, encode, keys_of};

/// A route, a request that its rightful caller may make, and the status of each actor's answer.
struct Row {
    method: &'static str,
    path: &'static str,
    body: Value,
    statuses: [u16; Actor::ALL.len()],
}

fn row(method: &'static str, path: &'static str, body: Value, statuses: [u16; Actor::ALL.len()]) -> Row {
    Row { method, path, body, statuses }
}

const ORGANIZATION: &str = "/v1/organizations";
const USERS: &str = "/v1/organizations/users";
const USER: &str = "/v1/organizations/users/{user_email}";
const KEYS: &str = "/v1/organizations/users/{user_email}/api-keys";
const KEY: &str = "/v1/organizations/users/{user_email}/api-keys/{key_name}";
const ROTATE: &str = "/v1/organizations/users/{user_email}/api-keys/{key_name}/rotate";

const LOGS: &str = "/v1/organizations/audit/logs";
const LOG: &str = "/v1/organizations/audit/logs/{audit_id}";
const SETTINGS: &str = "/v1/organizations/audit/settings";
const USAGE: &str = "/v1/organizations/usage";
const KEY_USAGE: &str = "/v1/organizations/api-keys/{key_id}/usage";
const ENDPOINTS: &str = "/v1/organizations/api-keys/{key_id}/usage/endpoints";
const ME: &str = "/v1/me";
const VERIFY: &str = "/v1/keys/verify";
const VERIFY_BATCH: &str = "/v1/keys/verify/batch";
const INTROSPECT: &str = "/v1/introspect";
const PRIVATE: &str = "/v1/private/organizations";
const ADD_USER: &str = "/v1/private/organizations/add-user";
const PRIVATE_ONE: &str = "/v1/private/organizations/{organization_id}";
const BOOTSTRAP: &str = "/v1/private/organizations/{organization_id}/users/{user_email}/bootstrap-key";
const API_KEYS: &str = "/v1/api-keys";
const API_KEY: &str = "/v1/api-keys/{id}";
const ROTATE_API_KEY: &str = "/v1/api-keys/{id}/rotate";
const ROBOTS: &str = "/v1/service-accounts";
const GATEWAYS: &str = "/v1/gateways";
const GATEWAY: &str = "/v1/gateways/{gateway_id}";
const SNIPPET: &str = "/v1/gateways/{gateway_id}/snippet";
const ROBOT: &str = "/v1/service-accounts/{id}";

/// The user of every request is the member, the key is `ci`, which is theirs, and the service account one without keys.
/// Another organization's admin reaches its own organization, in which there is none of these. The audit record is one of
/// the member's organization.
#[rustfmt::skip]
fn table() -> Vec<Row> {
    let none = || json!(null);
    let new_user = json!({"email": "new@acme.example", "user_name": "New"});
    let reads = json!({"read_auditing_enabled": true});
    let new_organization = json!({"organization_name": "New", "users": [new_user]});
    let new_users = json!({"organization_identifier": "{organization_id}", "users": [new_user]});
    let new_robot = json!({"name": "new", "permissions": ["apikey:read"]});
    vec![
        //                                               nobody   viewer   lesser   foreign  expired  operator lesser robot
        //                                                   unknown  member   admin    revoked  scoped   robot
        row("GET",    ORGANIZATION, none(),                 [401, 401, 200, 200, 200, 200, 200, 401, 401, 200, 401, 403, 403]),
        row("PATCH",  ORGANIZATION, json!({"logo_url": null}), [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 403, 403]),
        row("GET",    USERS,        none(),                 [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 403, 403]),
        row("POST",   USERS,        new_user,               [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 403, 403]),
        row("GET",    USER,         none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("PATCH",  USER,         json!({"role": "viewer"}), [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("DELETE", USER,         none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        // A key without admin lists the keys of its own owner, here those of the member. A service account is nobody here.
        row("GET",    KEYS,         none(),                 [401, 401, 403, 200, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("POST",   KEYS,         json!({"name": "new"}), [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("PATCH",  KEY,          json!({"name": "new"}), [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("DELETE", KEY,          none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("POST",   ROTATE,       none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("GET",    LOGS,         none(),                 [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 403, 403]),
        row("GET",    LOG,          none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("GET",    SETTINGS,     none(),                 [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 403, 403]),
        row("PATCH",  SETTINGS,     reads,                  [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 403, 403]),
        row("GET",    USAGE,        none(),                 [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 403, 403]),
        // As with lists, a key without admin sees those of its own owner, here the member.
        row("GET",    KEY_USAGE,    none(),                 [401, 401, 404, 200, 404, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("GET",    ENDPOINTS,    none(),                 [401, 401, 404, 200, 404, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("GET",    ME,           none(),                 [401, 401, 200, 200, 200, 200, 200, 401, 401, 200, 401, 200, 200]),
        // What is answered is about the own organization's keys alone.
        row("POST",   VERIFY,       json!({"key": "x"}),  [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 200, 200]),
        row("POST",   VERIFY_BATCH, json!({"requests": []}), [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 200, 200]),
        // Not a form.
        row("POST",   INTROSPECT,   none(),                 [401, 401, 403, 403, 403, 422, 422, 401, 401, 403, 401, 422, 422]),
        // The list is the own organization's, of a key without admin the own owner's.
        row("GET",    API_KEYS,     none(),                 [401, 401, 200, 200, 200, 200, 200, 401, 401, 403, 401, 200, 200]),
        // A service account is nobody who could own a personal key.
        row("POST",   API_KEYS,     json!({"name": "new"}), [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 400, 403]),
        row("POST",   API_KEYS,     json!({"name": "new", "serviceAccountId": "{robot}"}),
                                                            [401, 401, 403, 403, 403, 200, 400, 401, 401, 403, 401, 200, 403]),
        row("GET",    API_KEY,      none(),                 [401, 401, 404, 200, 404, 200, 404, 401, 401, 403, 401, 200, 200]),
        row("PATCH",  API_KEY,      json!({"name": "new"}), [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 403]),
        row("DELETE", API_KEY,      none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 403]),
        // The new secret would make a program of the member.
        row("POST",   ROTATE_API_KEY, none(),               [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 403, 403]),
        row("GET",    ROBOTS,       none(),                 [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 200, 200]),
        row("POST",   ROBOTS,       new_robot.clone(),      [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 200, 403]),
        row("GET",    ROBOT,        none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 200]),
        row("PATCH",  ROBOT,        new_robot,              [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 403]),
        row("DELETE", ROBOT,        none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 403]),
        row("GET",    GATEWAYS,     none(),                 [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 200, 200]),
        row("POST",   GATEWAYS,     json!({"name": "new"}), [401, 401, 403, 403, 403, 200, 200, 401, 401, 403, 401, 200, 403]),
        row("GET",    GATEWAY,      none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 200]),
        row("PATCH",  GATEWAY,      json!({"name": "new"}), [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 403]),
        row("DELETE", GATEWAY,      none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 403]),
        row("GET",    SNIPPET,      none(),                 [401, 401, 403, 403, 403, 200, 404, 401, 401, 403, 401, 200, 200]),
        // Nobody's key is the operator's token.
        row("POST",   PRIVATE,      new_organization,       [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 200, 401, 401]),
        row("POST",   ADD_USER,     new_users,              [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 200, 401, 401]),
        row("GET",    PRIVATE_ONE,  none(),                 [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 200, 401, 401]),
        row("PATCH",  PRIVATE_ONE,  json!({"logo_url": null}), [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 200, 401, 401]),
        row("DELETE", PRIVATE_ONE,  none(),                 [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 200, 401, 401]),
        row("POST",   BOOTSTRAP,    none(),                 [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 200, 401, 401]),
    ]
}

#[test]
fn every_route_has_its_row() {
    let routes =
        ROUTES.iter().flat_map(|route| route.endpoints.iter().map(|endpoint| (endpoint.method, route.path)));
    let rows = table();
    let rows = rows.iter().map(|row| (row.method, row.path));
    assert_eq!(routes.collect::<BTreeSet<_>>(), rows.collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn every_caller_gets_the_answer_of_the_table() {
    for row in table() {
        check(row).await;
    }
}

/// Those who may not come one after the other, and change nothing. Each who may finds everything as it was made.
async fn check(row: Row) {
    let Row { method, path, body, statuses } = row;
    let may_change = [Actor::Admin, Actor::Robot, Actor::Operator];
    let (rightful, others): (Vec<_>, Vec<_>) = Actor::ALL
        .into_iter()
        .zip(statuses)
        .partition(|(actor, status)| *status == 200 && may_change.contains(actor));
    let case = Case::start(method, path, &body).await;
    for (actor, status) in others {
        let client = case.server.client(actor).await;
        let before = case.server.own_state().await;
        case.send(&client, actor, status).await;
        assert_eq!(case.server.own_state().await, before, "{method} {path} by {actor:?}");
    }
    for (actor, status) in rightful {
        let case = Case::start(method, path, &body).await;
        let client = case.server.client(actor).await;
        case.send(&client, actor, status).await;
    }
}

/// A request, filled in for a server of its own.
struct Case {
    server: TestServer,
    method: &'static str,
    path: String,
    body: String,
}

impl Case {
    async fn start(method: &'static str, path: &str, body: &Value) -> Self {
        let server = TestServer::start().await;
        let key = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
        let robot = server.bed.robot(&server.org, "robot", &[]).await.service_account_id;
        let gateway = server.bed.gateway(&server.org, GatewayDraft::default()).await;
        let record = server.bed.audit(&server.org.caller).await.remove(0);
        let id = if path.starts_with(ROBOTS) { robot.as_str() } else { key["key_id"].as_str().unwrap() };
        let fill = |text: &str| {
            text.replace("{user_email}", &encode(MEMBER))
                .replace("{key_name}", "ci")
                .replace("{key_id}", key["key_id"].as_str().unwrap())
                .replace("{audit_id}", record.audit_id.as_str())
                .replace("{organization_id}", server.org.organization_id.as_str())
                .replace("{gateway_id}", gateway.gateway_id.as_str())
                .replace("{robot}", robot.as_str())
                .replace("{id}", id)
        };
        let query = if path == SNIPPET { "?proxy=nginx&server=http://127.0.0.1:3000" } else { "" };
        let path = fill(path) + query;
        let body = if body.is_null() { String::new() } else { fill(&body.to_string()) };
        Self { server, method, path, body }
    }

    async fn send(&self, client: &Client, actor: Actor, status: u16) {
        let Self { server: _, method, path, body } = self;
        let reply = client.send(method, path, &[], body.clone().into()).await;
        assert_eq!(reply.status, status, "{method} {path} by {actor:?}: {}", reply.text());
    }
}
