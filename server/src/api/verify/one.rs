//! `POST /v1/keys/verify`: verifies one key.

use axum::response::Response;
use model::key::{Operation, Permissions, ResourceType};
use model::verify::{ResourceDraft, Verdict, VerifyDraft, VerifyRequest};
use service::Surface;

use super::dto::VerifyResponse;
use super::log::log_if_refused;
use crate::api::http::call::CheckCall;
use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};
use crate::api::http::response;

#[utoipa::path(
    post,
    path = "/v1/keys/verify",
    tag = "Verification",
    operation_id = "verify_key",
    summary = "Verify a key",
    description = "Finds out whether a key of the organization is valid and may do something. If not, the response still \
                   has status 200, with `valid: false` and the reason in `code`. A secret that is not a key of this \
                   organization is `NOT_FOUND`. A verification counts against the rate limit of the verified key if \
                   nothing else speaks against the key. It never counts against the limit of the caller's key. If the \
                   server cannot tell whether the key is valid, it responds with status 503. Requires the permission \
                   `admin` or, for a key of a service account, the permission `apikey:verify`.",
    request_body = VerifyRequestBody,
    responses((status = 200, description = "The verdict.", body = VerifyResponse)),
)]
pub(in crate::api) async fn one(call: CheckCall) -> Result<Response, Failure> {
    let verify_request = read(call.members()?)?;
    let respond = |verdict: Verdict<'_>| {
        log_if_refused(&call, &verdict);
        response::ok(VerifyResponse::of(&verdict, call.request_id()))
    };
    call.verify(Surface::Verify, &verify_request, respond).await
}

pub(in crate::api) fn read(body: Members) -> Result<VerifyRequest<'static>, Failure> {
    VerifyRequestBody::checked(body, VerifyDraft::check)
}

request_body! {
    /// A verification.
    #[schema(as = VerifyRequest)]
    pub(super) struct VerifyRequestBody for VerifyDraft {
        /// The secret that was presented. Any text is accepted.
        #[schema(examples("sk_live_4fZk2Vw8uQp3nTy7Rb5cXs9dJg6hLm1a0OqXyZ"))]
        key: String = text,
        /// The permissions that the key must have. Each permission includes the weaker ones.
        permissions: Option<Permissions> = texts or null,
        /// The resource that the scopes of the key must cover.
        resource: Option<VerifyResource> = object_reported_first::<VerifyResource> or null,
        /// The address of the client, which is shown with the last use of the key.
        #[schema(examples("203.0.113.7"))]
        ip: Option<String> = text or null,
        /// The user agent of the client, which is shown with the last use of the key.
        #[schema(examples("curl/8.9"))]
        user_agent: Option<String> = text or null,
        /// Number of requests that this verification counts as. With 0, it is not counted.
        #[schema(minimum = 0, maximum = 1_000_000, default = 1, examples(1))]
        cost: Option<i64> = integer or null,
    }
}

request_body! {
    /// The resource of a verification.
    struct VerifyResource for ResourceDraft {
        /// The type of the resource.
        resource_type as "type": ResourceType = text,
        /// The id of the resource.
        #[schema(min_length = 1, max_length = 100, examples("prod-eu"))]
        id: String = text,
        /// The operation on the resource. The permissions of the key must allow it as well.
        operation: Option<Operation> = text or null,
    }
}
