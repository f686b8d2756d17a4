//! The REST API's table: every route with every kind of caller.

use serde_json::{Value, json};

use crate::support::Actor;

/// A route, a valid request to it, and the status of each actor's answer.
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub body: Value,
    statuses: Statuses,
}

/// The statuses of the answers, one for each of [`COLUMNS`].
type Statuses = [u16; COLUMNS.len()];

/// The actors of each column. Actors that the server cannot authenticate have no column, because their answer is always
/// 401.
pub const COLUMNS: [&[Actor]; 14] = [
    &[Actor::Viewer],
    &[Actor::Member],
    // Keys of an admin without the permission admin. A key may not do everything that its owner may do.
    &[Actor::LesserKey, Actor::WritingKey, Actor::ReadingKey],
    &[Actor::Admin],
    &[Actor::Foreign],
    &[Actor::ForeignMember],
    &[Actor::Scoped],
    &[Actor::ScopedToOrganization],
    &[Actor::ScopedToReading],
    &[Actor::ScopedToMember],
    &[Actor::ScopedToKey],
    &[Actor::ServiceAccount],
    &[Actor::ReadOnlyServiceAccount],
    &[Actor::PowerlessServiceAccount],
];

/// For routes that only the operator may use.
const NONE: Statuses = [401; COLUMNS.len()];

fn row(method: &'static str, path: &'static str, body: Value, statuses: Statuses) -> Row {
    Row { method, path, body, statuses }
}

impl Row {
    pub fn status(&self, actor: Actor) -> u16 {
        let column = COLUMNS.iter().position(|actors| actors.contains(&actor));
        match column {
            Some(column) => self.statuses[column],
            None if actor == Actor::Operator && self.statuses == NONE => 200,
            None => 401,
        }
    }

    /// Whether an actor may change something in the organization that the request is about.
    pub fn may_change(&self, actor: Actor) -> bool {
        let only_asks = self.method == "GET" || [VERIFY, VERIFY_BATCH, INTROSPECT].contains(&self.path);
        let is_foreign = matches!(actor, Actor::Foreign | Actor::ForeignMember);
        !only_asks && !is_foreign && self.status(actor) == 200
    }
}

pub const ORGANIZATION: &str = "/v1/organizations";
pub const USERS: &str = "/v1/organizations/users";
pub const USER: &str = "/v1/organizations/users/{user_email}";
pub const KEYS: &str = "/v1/organizations/users/{user_email}/api-keys";
pub const KEY: &str = "/v1/organizations/users/{user_email}/api-keys/{key_name}";
pub const ROTATE: &str = "/v1/organizations/users/{user_email}/api-keys/{key_name}/rotate";
pub const LOGS: &str = "/v1/organizations/audit/logs";
pub const LOG: &str = "/v1/organizations/audit/logs/{audit_id}";
pub const SETTINGS: &str = "/v1/organizations/audit/settings";
pub const USAGE: &str = "/v1/organizations/usage";
pub const KEY_USAGE: &str = "/v1/organizations/api-keys/{key_id}/usage";
pub const ENDPOINTS: &str = "/v1/organizations/api-keys/{key_id}/usage/endpoints";
pub const ME: &str = "/v1/me";
pub const VERIFY: &str = "/v1/keys/verify";
pub const VERIFY_BATCH: &str = "/v1/keys/verify/batch";
pub const INTROSPECT: &str = "/v1/introspect";
pub const API_KEYS: &str = "/v1/api-keys";
pub const API_KEY: &str = "/v1/api-keys/{id}";
pub const ROTATE_API_KEY: &str = "/v1/api-keys/{id}/rotate";
pub const SERVICE_ACCOUNTS: &str = "/v1/service-accounts";
pub const SERVICE_ACCOUNT: &str = "/v1/service-accounts/{id}";
pub const GATEWAYS: &str = "/v1/gateways";
pub const GATEWAY: &str = "/v1/gateways/{gateway_id}";
pub const SNIPPET: &str = "/v1/gateways/{gateway_id}/snippet";
pub const NODES: &str = "/v1/private/nodes";
pub const PRIVATE: &str = "/v1/private/organizations";
pub const ADD_USER: &str = "/v1/private/organizations/add-user";
pub const PRIVATE_ONE: &str = "/v1/private/organizations/{organization_id}";
pub const BOOTSTRAP: &str = "/v1/private/organizations/{organization_id}/users/{user_email}/bootstrap-key";

/// The user of every request is the member. The key is `ci`, which belongs to the member and has the permission read.
/// The service account has no keys, and the gateway has no rules. The audit record belongs to the member's
/// organization. Actors of another organization act in their own organization, which contains none of these.
///
/// 403 means that the caller may not use this kind of resource at all, whether or not it exists. 404 means that this
/// resource does not exist for the caller. A key of a service account may do what the account's permissions allow, and
/// nothing that no permission covers. A scoped key can grant nothing broader than itself: no key without scopes, and no
/// permissions of service accounts, because those cannot be scoped.
#[rustfmt::skip]
pub fn table() -> Vec<Row> {
    let none = || json!(null);
    let renamed = || json!({"name": "new"});
    let described = || json!({"description": "new"});
    let new_user = json!({"email": "new@acme.example", "user_name": "New"});
    let reads = json!({"read_auditing_enabled": true});
    let new_organization = json!({"organization_name": "New", "users": [new_user]});
    let new_users = json!({"organization_identifier": "{organization_id}", "users": [new_user]});
    let new_robot = json!({"name": "new", "permissions": ["apikey:read"]});
    let for_robot = json!({"name": "new", "serviceAccountId": "{service_account}"});
    vec![
        //                                                       viewer         admin          scoped         for member
        //                                                            member         foreign        organization   for ci
        //                                                                 lesser         foreign member reading        service account
        //                                                                                                    read-only one >
        //                                                                                                         powerless one >
        row("GET",    ORGANIZATION,   none(),                   [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 403, 403, 403]),
        row("PATCH",  ORGANIZATION,   json!({"logo_url": null}),[403, 403, 403, 200, 200, 403, 403, 200, 403, 403, 403, 403, 403, 403]),
        row("GET",    USERS,          none(),                   [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 403, 403, 403]),
        row("POST",   USERS,          new_user,                 [403, 403, 403, 200, 200, 403, 403, 200, 403, 403, 403, 403, 403, 403]),
        row("GET",    USER,           none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 200, 200, 403, 403, 403, 403]),
        row("PATCH",  USER,           json!({"role": "viewer"}),[403, 403, 403, 200, 404, 403, 403, 200, 403, 200, 403, 403, 403, 403]),
        row("DELETE", USER,           none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 403, 200, 403, 403, 403, 403]),
        // A key without the permission admin lists the keys of its own owner, here those of the member.
        row("GET",    KEYS,           none(),                   [403, 200, 403, 200, 404, 403, 403, 200, 200, 200, 200, 403, 403, 403]),
        row("POST",   KEYS,           renamed(),                [403, 403, 403, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
        row("PATCH",  KEY,            described(),              [403, 403, 403, 200, 404, 403, 403, 200, 403, 200, 200, 403, 403, 403]),
        row("DELETE", KEY,            none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 403, 200, 200, 403, 403, 403]),
        row("POST",   ROTATE,         none(),                   [403, 403, 403, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
        row("GET",    LOGS,           none(),                   [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 403, 403, 403]),
        row("GET",    LOG,            none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 200, 403, 403, 403, 403, 403]),
        row("GET",    SETTINGS,       none(),                   [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 403, 403, 403]),
        row("PATCH",  SETTINGS,       reads,                    [403, 403, 403, 200, 200, 403, 403, 200, 403, 403, 403, 403, 403, 403]),
        row("GET",    USAGE,          none(),                   [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 403, 403, 403]),
        // As in lists, a key without the permission admin sees the keys of its own owner, here the member.
        row("GET",    KEY_USAGE,      none(),                   [404, 200, 404, 200, 404, 404, 403, 200, 200, 200, 200, 403, 403, 403]),
        row("GET",    ENDPOINTS,      none(),                   [404, 200, 404, 200, 404, 404, 403, 200, 200, 200, 200, 403, 403, 403]),
        row("GET",    ME,             none(),                   [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
        // The answer covers only the keys of the caller's own organization.
        row("POST",   VERIFY,         json!({"key": "x"}),      [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 200, 200, 403]),
        row("POST",   VERIFY_BATCH,   json!({"requests": []}),  [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 200, 200, 403]),
        row("POST",   INTROSPECT,     json!("token=x"),         [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 200, 200, 403]),
        // The list covers the caller's own organization, or for a key without the permission admin, only its owner.
        row("GET",    API_KEYS,       none(),                   [200, 200, 200, 200, 200, 200, 403, 200, 200, 403, 403, 200, 200, 403]),
        // A service account cannot own a personal key.
        row("POST",   API_KEYS,       renamed(),                [403, 403, 403, 200, 200, 403, 403, 403, 403, 403, 403, 400, 403, 403]),
        row("POST",   API_KEYS,       for_robot,                [403, 403, 403, 200, 400, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("GET",    API_KEY,        none(),                   [404, 200, 404, 200, 404, 404, 403, 200, 200, 200, 200, 200, 200, 403]),
        row("PATCH",  API_KEY,        described(),              [403, 403, 403, 200, 404, 403, 403, 200, 403, 200, 200, 200, 403, 403]),
        row("DELETE", API_KEY,        none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 403, 200, 200, 200, 403, 403]),
        // With the new secret, a service account could act as the member.
        row("POST",   ROTATE_API_KEY, none(),                   [403, 403, 403, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403]),
        row("GET",    SERVICE_ACCOUNTS,         none(),                   [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 200, 200, 403]),
        row("POST",   SERVICE_ACCOUNTS,         new_robot.clone(),        [403, 403, 403, 200, 200, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("GET",    SERVICE_ACCOUNT,          none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 200, 403, 403, 200, 200, 403]),
        row("PATCH",  SERVICE_ACCOUNT,          new_robot,                [403, 403, 403, 200, 404, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("DELETE", SERVICE_ACCOUNT,          none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 403, 403, 403, 200, 403, 403]),
        row("GET",    GATEWAYS,       none(),                   [403, 403, 403, 200, 200, 403, 403, 200, 200, 403, 403, 200, 200, 403]),
        row("POST",   GATEWAYS,       renamed(),                [403, 403, 403, 200, 200, 403, 403, 200, 403, 403, 403, 200, 403, 403]),
        row("GET",    GATEWAY,        none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 200, 403, 403, 200, 200, 403]),
        row("PATCH",  GATEWAY,        renamed(),                [403, 403, 403, 200, 404, 403, 403, 200, 403, 403, 403, 200, 403, 403]),
        row("DELETE", GATEWAY,        none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 403, 403, 403, 200, 403, 403]),
        row("GET",    SNIPPET,        none(),                   [403, 403, 403, 200, 404, 403, 403, 200, 200, 403, 403, 200, 200, 403]),
        // No key is accepted in place of the operator's token.
        row("GET",    NODES,          none(),                   NONE),
        row("POST",   PRIVATE,        new_organization,         NONE),
        row("POST",   ADD_USER,       new_users,                NONE),
        row("GET",    PRIVATE_ONE,    none(),                   NONE),
        row("PATCH",  PRIVATE_ONE,    json!({"logo_url": null}),NONE),
        row("DELETE", PRIVATE_ONE,    none(),                   NONE),
        row("POST",   BOOTSTRAP,      none(),                   NONE),
    ]
}
