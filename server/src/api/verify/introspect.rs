//! `POST /v1/introspect`: OAuth 2.0 Token Introspection (RFC 7662), for clients that already support it.

use axum::response::Response;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use model::field::Rule;
use model::key::Environment;
use model::metadata::Metadata;
use model::verify::{Verdict, VerifiedKey, VerifyDraft, VerifyRequest};
use serde::Serialize;
use serde_json::value::RawValue;
use service::Surface;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::log::log_if_refused;
use crate::api::http::call::CheckCall;
use crate::api::http::client_secret::{CLIENT_SECRET, has_secret, is_form};
use crate::api::http::failure::Failure;
use crate::api::http::response;
use crate::api::verify::dto::metadata_of;

#[utoipa::path(
    post,
    path = "/v1/introspect",
    tag = "Verification",
    operation_id = "introspect_key",
    summary = "Introspect a key",
    description = "Introspects a key as in RFC 7662. If the key does not work for any reason, the response is \
                   `{\"active\": false}` and nothing else. Counts as a verification. The caller's key is accepted as for \
                   the other endpoints, and also as the secret of an OAuth 2.0 client: the password of `Basic`, or \
                   `client_secret` in the form.",
    request_body(content = IntrospectRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "Whether the key works.", body = IntrospectResponse)),
)]
pub(in crate::api) async fn introspect(call: CheckCall) -> Result<Response, Failure> {
    let verify_request = read(&call.headers, &call.body)?;
    let respond = |verdict: Verdict<'_>| {
        log_if_refused(&call, &verdict);
        let key = verdict.key.as_ref().filter(|_| verdict.is_valid());
        response::ok(key.map_or_else(IntrospectResponse::inactive, IntrospectResponse::of))
    };
    call.verify(Surface::Introspect, &verify_request, respond).await
}

/// Reads the form. The key is in the parameter `token`, which must occur exactly once.
pub(in crate::api) fn read(headers: &HeaderMap, body: &[u8]) -> Result<VerifyRequest<'static>, Failure> {
    if !is_form(headers) {
        return Err(Failure::NotAForm);
    }
    if headers.contains_key(AUTHORIZATION) && has_secret(body) {
        let message =
            "Send the credential of the caller in one place: the header Authorization, or this parameter.";
        return Err(Failure::whole_body(vec![CLIENT_SECRET.into()], Rule::ValueError, message));
    }
    let mut tokens = form_urlencoded::parse(body).filter(|(name, _)| name == "token").map(|(_, token)| token);
    let (Some(token), None) = (tokens.next(), tokens.next()) else {
        let message = "Send exactly one parameter token in a form.";
        return Err(Failure::whole_body(vec!["token".into()], Rule::Missing, message));
    };
    let draft = VerifyDraft { key: Some(token.into_owned()), ..VerifyDraft::default() };
    draft.check().map_err(Failure::Body)
}

/// A token to introspect.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the parameters of a form")]
struct IntrospectRequest {
    /// The secret that was presented.
    #[schema(examples("sk_live_4fZk2Vw8uQp3nTy7Rb5cXs9dJg6hLm1a0OqXyZ"))]
    token: String,
    /// Ignored.
    token_type_hint: Option<String>,
    /// Ignored. An OAuth 2.0 client sends its id.
    client_id: Option<String>,
    /// The key of the caller, if the request has no header `Authorization`.
    client_secret: Option<String>,
}

/// Whether a token works.
#[derive(Serialize, ToSchema, Default)]
struct IntrospectResponse<'a> {
    /// Whether the token works. If not, all other fields are absent.
    active: bool,
    /// The permissions, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("read write"))]
    scope: Option<String>,
    /// The id of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("key_4fZk2Vw8uQp3nTy7Rb5c"))]
    client_id: Option<&'a str>,
    /// The e-mail address of the owner or, for a service account, its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("ada@acme.example"))]
    username: Option<&'a str>,
    /// Always `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("Bearer"))]
    token_type: Option<&'static str>,
    /// When the key expires, in Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(1_798_761_600))]
    exp: Option<i64>,
    /// The id of the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("usr_4fZk2Vw8uQp3nTy7Rb5c"))]
    sub: Option<&'a str>,
    /// The id of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("key_4fZk2Vw8uQp3nTy7Rb5c"))]
    jti: Option<&'a str>,
    /// Where the key belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Environment>,
    /// The data that your programs have stored with the key. Absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Metadata>)]
    metadata: Option<&'a RawValue>,
}

impl<'a> IntrospectResponse<'a> {
    fn inactive() -> Self {
        Self::default()
    }

    fn of(key: &'a VerifiedKey<'_>) -> Self {
        Self {
            active: true,
            scope: Some(key.permissions.words().join(" ")),
            client_id: Some(&key.key_id),
            username: Some(&key.owner_name),
            token_type: Some("Bearer"),
            // Rounded down to a whole second.
            exp: key.expires_at.map(model::Timestamp::seconds),
            sub: Some(key.owner.as_str()),
            jti: Some(&key.key_id),
            environment: Some(key.environment),
            metadata: metadata_of(key),
        }
    }
}
