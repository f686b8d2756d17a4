//! `POST /v1/keys/verify`: verifies one key.

use axum::response::Response;
use model::key::{Operation, Permissions, ResourceType};
use model::verify::{Verdict, VerifyRequest};
use utoipa::ToSchema;

use super::dto::VerifyResponse;
use crate::api::http::call::CheckCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, OPTIONAL_MEMBERS};
use crate::api::http::response;

#[utoipa::path(
    post,
    path = "/v1/keys/verify",
    tag = "Verification",
    operation_id = "verify_key",
    summary = "Verify a key",
    description = "Says whether a key of the organization may do something. A key that may not is an answer like any other: \
                   status 200 with `valid: false` and the reason. Whatever is no key of this organization is `NOT_FOUND`. \
                   A verification that comes so far counts once against the limit of the key that is verified, never against \
                   that of the key that asks, which needs the permission `admin` or, of a service account, `apikey:verify`. \
                   When the server cannot know, it says so with status 503.",
    request_body = VerifyRequestBody,
    responses((status = 200, description = "What came of it.", body = VerifyResponse)),
)]
pub(in crate::api) async fn one(call: CheckCall) -> Result<Response, Failure> {
    let verify_request = read(call.members()?)?;
    let respond = |verdict: Verdict<'_>| response::ok(VerifyResponse::of(&verdict, call.request_id()));
    Ok(call.service.verify(call.checker.organization(), &verify_request, respond).await?)
}

pub(in crate::api) fn read(body: Members) -> Result<VerifyRequest<'static>, Failure> {
    let mut body = body.ignoring_null(OPTIONAL_MEMBERS);
    let draft = body.verify_request();
    body.finish(draft.check())
}

/// A question about a key.
#[derive(ToSchema)]
#[schema(as = VerifyRequest)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
pub(super) struct VerifyRequestBody {
    /// The secret that was shown, whatever it is.
    #[schema(examples("sk_live_4fZk2Vw8uQp3nTy7Rb5cXs9dJg6hLm1a0OqXyZ"))]
    key: String,
    /// What the key must be permitted. Each permission includes the weaker ones.
    permissions: Option<Permissions>,
    /// What the key wants to reach.
    resource: Option<VerifyResource>,
    /// The client's address, for what is shown as the last use.
    #[schema(examples("203.0.113.7"))]
    ip: Option<String>,
    /// The client's agent, likewise.
    #[schema(examples("curl/8.9"))]
    user_agent: Option<String>,
    /// How many requests this counts as; 0 looks without counting.
    #[schema(minimum = 0, maximum = 1_000_000, default = 1, examples(1))]
    cost: Option<i64>,
}

/// A resource that a key wants to reach.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
struct VerifyResource {
    /// Its kind.
    r#type: ResourceType,
    /// Which.
    #[schema(min_length = 1, max_length = 100, examples("prod-eu"))]
    id: String,
    /// What is done to it. The key must be permitted such a thing at all.
    operation: Option<Operation>,
}
