//! Every server function and every live request, how it is sent, and who may send it. One without a row fails a test in
//! `access` or `live`.

use serde_json::json;
use service::testing::PASSWORD;

use crate::support::{ADMIN, Reply};
use crate::users::{CONSOLE, Console, Person};

/// Who may call a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody who knows a password or has a one-time token. No session is needed.
    Anybody,
    /// Everybody who is signed in. The function is about the person, or about something that all people may see.
    SignedIn,
    /// Only admins.
    Admin,
    /// A key's owner, and admins. The function reads the key.
    Looks,
    /// A key's owner unless they are a viewer, and admins. The function changes the key.
    Changes,
}

/// How the input is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    Plain,
    /// A live request: its input is the parameter of the path, and it has no body.
    Live,
}

impl Form {
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::Live => "application/json",
            Self::Plain => "application/x-www-form-urlencoded",
        }
    }
}

pub struct Row {
    /// The path. In that of a live request, the parameter is in braces.
    pub path: &'static str,
    pub form: Form,
    pub who: Who,
    /// A valid input. It is about the key or the user of the person.
    pub input: fn(&Console, Person) -> String,
}

impl Row {
    /// The method, the path and the body of a request with this input.
    pub fn request<'a>(&self, input: &'a str) -> (&'static str, String, &'a str) {
        match (self.form, self.path.split_once('{')) {
            (Live, Some((path, _))) => ("GET", format!("{path}{input}"), ""),
            (Live, None) => ("GET", self.path.to_owned(), ""),
            (Json | Plain, _) => ("POST", self.path.to_owned(), input),
        }
    }

    /// Sends a request as the hydrated console does.
    pub async fn send(&self, console: &Console, person: Person, input: &str) -> Reply {
        let (method, path, body) = self.request(input);
        let headers =
            [("origin", CONSOLE), ("content-type", self.form.content_type()), ("accept", "application/json")];
        console.send(person, method, &path, body, &headers).await
    }
}

const fn row(path: &'static str, form: Form, who: Who, input: fn(&Console, Person) -> String) -> Row {
    Row { path, form, who, input }
}

fn nothing(_: &Console, _: Person) -> String {
    "{}".to_owned()
}

fn empty(_: &Console, _: Person) -> String {
    String::new()
}

fn key(console: &Console, person: Person) -> String {
    json!({"key_id": console.key_of(person)}).to_string()
}

fn key_and(console: &Console, person: Person, draft: &serde_json::Value) -> String {
    json!({"key_id": console.key_of(person), "draft": draft}).to_string()
}

/// An input about the person's key in its first version, with further members.
#[expect(clippy::indexing_slicing, reason = "members of an object are made where they are named")]
fn seen(console: &Console, person: Person, mut rest: serde_json::Value) -> String {
    rest["key_id"] = json!(console.key_of(person));
    rest["version"] = json!(1);
    rest.to_string()
}

fn service_account(console: &Console, _: Person) -> String {
    json!({"service_account_id": console.service_account.service_account_id}).to_string()
}

fn gateway(console: &Console, _: Person) -> String {
    json!({"gateway_id": console.gateway.gateway_id}).to_string()
}

/// The member, because the only admin cannot be removed.
fn user(console: &Console, rest: &str) -> String {
    format!("user_id={}{rest}", console.user_of(Person::Member))
}

use Form::{Json, Live, Plain};
use Who::{Admin, Anybody, Changes, Looks, SignedIn};

pub const TABLE: &[Row] = &[
    row("/console/api/setup/complete", Json, Anybody, |_, _| {
        let draft = json!({
            "organization": "Initech", "user_name": "Bill", "email": "bill@initech.example", "password": PASSWORD,
        });
        json!({"token": "x", "draft": draft}).to_string()
    }),
    row("/console/api/session/sign_in", Plain, Anybody, |_, _| format!("email={ADMIN}&password={PASSWORD}")),
    row("/console/api/session/sign_out", Plain, SignedIn, empty),
    row("/console/api/session/switch", Plain, SignedIn, |console, _| {
        format!("organization_id={}", console.server.org.organization_id)
    }),
    row("/console/api/session/list", Json, SignedIn, nothing),
    row("/console/api/session/end", Plain, SignedIn, |_, _| "session_id=ses_0".to_owned()),
    row("/console/api/session/end_others", Plain, SignedIn, empty),
    row("/console/api/account/change_password", Plain, SignedIn, |_, _| {
        format!("current={PASSWORD}&new=another good password")
    }),
    row("/console/api/account/reset_password", Plain, Anybody, |_, _| format!("token=x&password={PASSWORD}")),
    row("/console/api/invitation/accept", Plain, Anybody, |_, _| format!("token=x&password={PASSWORD}")),
    row("/console/api/invitation/join", Plain, SignedIn, |_, _| "token=x".to_owned()),
    row("/console/api/invitation/create", Json, Admin, |console, _| {
        json!({"user_id": console.user_of(Person::Member)}).to_string()
    }),
    row("/console/api/members/list", Json, SignedIn, |_, _| json!({"filter": {}, "page": 1}).to_string()),
    row("/console/api/members/get", Json, SignedIn, |console, person| {
        json!({"user_id": console.user_of(person)}).to_string()
    }),
    row("/console/api/members/add", Plain, Admin, |_, _| {
        "email=new@acme.example&user_name=New&role=viewer".to_owned()
    }),
    row("/console/api/members/update", Plain, Admin, |console, _| user(console, "&role=viewer")),
    row("/console/api/members/allow_sign_in", Plain, Admin, |console, _| user(console, "")),
    row("/console/api/members/remove", Plain, Admin, |console, _| user(console, "")),
    row("/console/api/organization/get", Json, SignedIn, nothing),
    row("/console/api/organization/update", Plain, Admin, |_, _| "organization_name=Acme 2".to_owned()),
    row("/console/api/nodes/list", Json, Admin, nothing),
    row("/console/api/service_accounts/list", Json, Admin, |_, _| {
        json!({"filter": {}, "page": 1}).to_string()
    }),
    row("/console/api/service_accounts/get", Json, Admin, service_account),
    row("/console/api/service_accounts/history", Json, Admin, service_account),
    row("/console/api/service_accounts/create", Plain, Admin, |_, _| {
        "name=Backup&description=&rights[]=apikey:read&other=flow:run".to_owned()
    }),
    row("/console/api/service_accounts/update", Plain, Admin, |console, _| {
        format!(
            "service_account_id={}&name=Renamed&description=&other=",
            console.service_account.service_account_id
        )
    }),
    row("/console/api/service_accounts/disable", Plain, Admin, |console, _| {
        format!("service_account_id={}", console.service_account.service_account_id)
    }),
    row("/console/api/gateways/list", Json, Admin, nothing),
    row("/console/api/gateways/get", Json, Admin, gateway),
    row("/console/api/gateways/history", Json, Admin, gateway),
    row("/console/api/gateways/seen", Json, Admin, gateway),
    row("/console/api/gateways/create", Plain, Admin, |_, _| {
        "fields[name]=Second&fields[rules][0][path]=/v1/**&fields[rules][0][needs]=read&fields[headers][]=X-Key-Id"
            .to_owned()
    }),
    row("/console/api/gateways/update", Plain, Admin, |console, _| {
        format!("gateway_id={}&fields[name]=Renamed", console.gateway.gateway_id)
    }),
    row("/console/api/gateways/remove", Plain, Admin, |console, _| {
        format!("gateway_id={}", console.gateway.gateway_id)
    }),
    row("/console/api/connect/seen", Json, SignedIn, nothing),
    row("/console/api/keys/page", Json, SignedIn, |_, _| {
        json!({"query": model::key::KeyQuery::default()}).to_string()
    }),
    row("/console/api/keys/get", Json, Looks, key),
    row("/console/api/keys/history", Json, Looks, key),
    row("/console/api/keys/create", Json, Changes, |console, person| {
        json!({"owner": console.user_of(person), "draft": {"name": "made"}}).to_string()
    }),
    row("/console/api/keys/update", Json, Changes, |console, person| {
        json!({"key_id": console.key_of(person), "draft": {"description": "new"}, "version": null})
            .to_string()
    }),
    row("/console/api/keys/rotate", Json, Changes, |console, person| {
        seen(console, person, json!({"draft": {"grace_period_seconds": 60}}))
    }),
    row("/console/api/keys/revoke", Json, Changes, |console, person| {
        seen(console, person, json!({"draft": {"reason": "test"}}))
    }),
    row("/console/api/keys/disable", Json, Changes, |console, person| seen(console, person, json!({}))),
    row("/console/api/keys/enable", Json, Changes, |console, person| seen(console, person, json!({}))),
    row("/console/api/keys/end_grace", Json, Changes, key),
    row("/console/api/keys/extend_grace", Json, Changes, |console, person| {
        key_and(console, person, &json!({"grace_period_seconds": 60}))
    }),
    row("/console/api/keys/owners", Json, SignedIn, |_, _| json!({"search": "", "chosen": null}).to_string()),
    row("/console/api/keys/settings", Json, SignedIn, nothing),
    row("/console/live/gateways/{gateway_id}", Live, Admin, |console, _| {
        console.gateway.gateway_id.to_string()
    }),
    row("/console/live/keys", Live, SignedIn, empty),
    row("/console/live/keys/{key_id}", Live, Looks, |console, person| console.key_of(person).to_string()),
];
