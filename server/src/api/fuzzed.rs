//! What fuzzing reaches of the API: everything that reads what a client sends, apart from the service that it is meant for.

use http::HeaderMap;
use model::Timestamp;
use model::field::FieldError;
use model::idempotency::IdempotencyKey;
use model::key::{Basis, Key, KeyCursor, KeyPatch, KeySort, NewAccessKey, NewKey, Rotation};
use model::problem::Problem;
use model::user::{NewUser, UserPatch};
use model::verify::Question;
use model::{
    gateway::{GatewayPatch, NewGateway},
    organization::{NewOrganization, OrganizationPatch},
    service_account::NewServiceAccount,
};

use super::failure::Failure;
use super::json::{self, Members};
use super::verify::{batch, introspect, now, one};
use super::{
    api_keys, audit, call, gateways, keys, organizations, path, precondition, private, service_accounts,
    users,
};

/// What a body asks for, once it is checked.
#[derive(Debug)]
pub(crate) enum Checked {
    Key(NewKey),
    AccessKey(NewAccessKey),
    KeyPatch(KeyPatch),
    Rotation(Rotation),
    User(NewUser),
    UserPatch(UserPatch),
    Users(String, Vec<NewUser>),
    Organization(NewOrganization),
    OrganizationPatch(OrganizationPatch),
    AuditSettings(Option<bool>),
    Gateway(NewGateway),
    GatewayPatch(GatewayPatch),
    ServiceAccount(NewServiceAccount),
    Question(Question<'static>),
    Questions(Vec<Question<'static>>),
}

type Read = fn(Members, Timestamp) -> Result<Checked, Failure>;

/// The bodies in JSON that the API takes, each as its handler reads it.
const BODIES: &[Read] = &[
    |body, now| keys::create::read(body, now).map(Checked::Key),
    |body, now| keys::update::read(body, now).map(Checked::KeyPatch),
    |body, _| keys::rotate::read(body).map(Checked::Rotation),
    |body, now| api_keys::create::read(body, now).map(Checked::AccessKey),
    |body, now| api_keys::update::read(body, now).map(Checked::KeyPatch),
    |body, _| api_keys::rotate::read(body).map(Checked::Rotation),
    |body, _| users::create::read(body).map(Checked::User),
    |body, _| users::update::read(body).map(Checked::UserPatch),
    |body, _| organizations::update::read(body).map(Checked::OrganizationPatch),
    |body, _| audit::settings::read(body).map(Checked::AuditSettings),
    |body, _| private::create::read(body).map(Checked::Organization),
    |body, _| private::add_users::read(body).map(|(id, users)| Checked::Users(id, users)),
    |body, _| private::update::read(body).map(Checked::OrganizationPatch),
    |body, _| gateways::body::read_new(body).map(Checked::Gateway),
    |body, _| gateways::body::read_patch(body).map(Checked::GatewayPatch),
    |body, _| service_accounts::body::read(body).map(Checked::ServiceAccount),
    |body, _| one::read(body).map(Checked::Question),
    |body, _| batch::read(body).map(Checked::Questions),
];

/// How many bodies there are.
pub(crate) const BODY_COUNT: usize = BODIES.len();
/// The place of the body that asks one question about a key.
pub(crate) const QUESTION_BODY: usize = 16;

/// Reads and checks a body by its place.
#[expect(clippy::indexing_slicing, reason = "the remainder is a place")]
pub(crate) fn read_body(place: usize, body: &[u8], now: Timestamp) -> Result<Checked, Problem> {
    let read = BODIES[place % BODY_COUNT];
    let members = json::read(&HeaderMap::new(), body).and_then(|members| members.ok_or_else(json::missing));
    members.and_then(|members| read(members, now)).map_err(|failure| failure.into_problem(None))
}

/// The quick reader of a question about a key, which leaves whatever is not simple to the other one.
pub(crate) fn read_question_by_hand(body: &[u8]) -> Option<Question<'static>> {
    now::read(body)
}

/// The form of RFC 7662.
pub(crate) fn read_form(body: &[u8]) -> Result<Question<'static>, Problem> {
    introspect::read(&HeaderMap::new(), body).map_err(|failure| failure.into_problem(None))
}

/// `If-Match`.
pub(crate) fn basis(headers: &HeaderMap) -> Option<Basis> {
    precondition::basis(headers).ok()
}

/// `Idempotency-Key`.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ()> {
    call::idempotency_key(headers).map_err(drop)
}

/// The place after a key in a list.
pub(crate) fn write_cursor(sort: KeySort, key: &Key) -> String {
    api_keys::cursor::write(sort, key)
}

/// A place that a client gives back.
pub(crate) fn read_cursor(text: &str) -> Result<(KeySort, KeyCursor), FieldError> {
    api_keys::cursor::read(text)
}

/// The parameters of a path.
pub(crate) fn parameters(pattern: &str, path: &str) -> Option<Vec<String>> {
    path::parameters(pattern, path)
}
