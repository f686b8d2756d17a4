//! The functions of the API that fuzzing calls: everything that reads client input before the service receives it.

use http::HeaderMap;
use model::Timestamp;
use model::field::FieldError;
use model::gateway::{GatewayPatch, NewGateway};
use model::idempotency::IdempotencyKey;
use model::key::{Key, KeyCursor, KeyFields, KeyPatch, KeySort, NewAccessKey, Precondition, Rotation};
use model::organization::{NewOrganization, OrganizationPatch};
use model::problem::Problem;
use model::service_account::NewServiceAccount;
use model::user::{NewUser, UserPatch};
use model::verify::VerifyRequest;

use super::http::failure::Failure;
use super::http::json::{self, Members};
use super::http::{call, path, precondition};
use super::verify::{batch, introspect, one};
use super::{api_keys, audit, gateways, keys, organizations, private, service_accounts, users};

/// A request body after validation.
#[derive(Debug)]
pub(crate) enum Checked {
    Key(KeyFields),
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
    VerifyRequest(VerifyRequest<'static>),
    VerifyRequests(Vec<VerifyRequest<'static>>),
}

type Read = fn(Members, Timestamp) -> Result<Checked, Failure>;

/// A reader for each JSON body of the API, as its handler uses it.
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
    |body, _| one::read(body).map(Checked::VerifyRequest),
    |body, _| batch::read(body).map(Checked::VerifyRequests),
];

pub(crate) const BODY_COUNT: usize = BODIES.len();
/// The index in `BODIES` of the body that verifies one key.
pub(crate) const VERIFY_BODY: usize = 16;

/// Reads and validates a body with the reader at the index `place`, modulo the number of readers.
#[expect(clippy::indexing_slicing, reason = "the remainder is a place")]
pub(crate) fn read_body(place: usize, body: &[u8], now: Timestamp) -> Result<Checked, Problem> {
    let read = BODIES[place % BODY_COUNT];
    let members = json::read(&HeaderMap::new(), body).and_then(|members| members.ok_or_else(json::missing));
    members.and_then(|members| read(members, now)).map_err(|failure| failure.into_problem(None))
}

/// Reads the form of `POST /v1/introspect` (RFC 7662).
pub(crate) fn read_form(body: &[u8]) -> Result<VerifyRequest<'static>, Problem> {
    introspect::read(&HeaderMap::new(), body).map_err(|failure| failure.into_problem(None))
}

/// Reads the header `If-Match`. `None` stands for an error.
pub(crate) fn precondition(headers: &HeaderMap) -> Option<Precondition> {
    precondition::precondition(headers).ok()
}

pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ()> {
    call::idempotency_key(headers).map_err(drop)
}

/// Writes the cursor that continues a list after a key.
pub(crate) fn write_cursor(sort: KeySort, key: &Key) -> String {
    api_keys::cursor::write(sort, &KeyCursor::of(key, sort.column))
}

/// Reads a cursor that a client sends back.
pub(crate) fn read_cursor(text: &str) -> Result<(KeySort, KeyCursor), FieldError> {
    api_keys::cursor::read(text)
}

/// The decoded parameters of a path.
pub(crate) fn parameters(pattern: &str, path: &str) -> Option<Vec<String>> {
    path::parameters(pattern, path)
}
