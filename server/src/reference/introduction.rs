//! Renders the introduction: what applies to all operations.

use maud::{Markup, html};
use model::problem::Code;
use utoipa::openapi::RefOr;

use super::parts::{code, prose};
use crate::api::openapi::Schemas;

/// The sections of the introduction: id and title.
pub(super) const SECTIONS: [(&str, &str); 4] = [AUTHENTICATION, ERRORS, RATE_LIMITS, SAFE_CHANGES];

const AUTHENTICATION: (&str, &str) = ("authentication", "Authentication");
const ERRORS: (&str, &str) = ("errors", "Errors");
const RATE_LIMITS: (&str, &str) = ("rate-limits", "Rate limits");
const SAFE_CHANGES: (&str, &str) = ("safe-changes", "Safe changes");

const START: &str = "export KEYSTEAD=https://keys.example.com\nexport KEY=sk_live_…\n\n\
                     curl -s \"$KEYSTEAD/v1/me\" \\\n  -H \"Authorization: Bearer $KEY\"";
const AUTHENTICATION_TEXT: &str = "\
    Send an API key as `Authorization: Bearer <key>`. Send exactly one such header. Keys in other places and \
    cookies are ignored. A key can do what its permissions allow, within its scopes and the role of its owner. \
    Most endpoints require the permission `admin`. The first key of an organization, `admin-key`, is shown when \
    the organization is created.";
const ERRORS_TEXT: &str = "\
    Every error has the body `ErrorResponse`. It has a sentence for people in `message` and a code for programs \
    in `type`. Validation errors of a request are all reported together.";
const RATE_LIMITS_TEXT: &str = "\
    The number of requests that a key may make in any 60 seconds is limited, by its own `rate_limit_override` or \
    by the default of the server. Every response to a key reports what is left of the limit in \
    `X-RateLimit-Limit`, `X-RateLimit-Remaining`, `X-RateLimit-Reset` and `X-RateLimit-Window`, and in \
    `RateLimit` and `RateLimit-Policy` of the IETF draft. Requests beyond the limit get status 429, with the \
    exact wait in `Retry-After`. Every response has the id of its request in `X-Request-Id`.";
const SAFE_CHANGES_TEXT: &str = "\
    A response with one key has an `ETag`. Send it in `If-Match` to change the key only if nobody else has \
    changed it in the meantime. If someone has, the response has status 412 and nothing is changed. Requests \
    that create or rotate a key accept an `Idempotency-Key`. If a response got lost, send the same request again \
    within 10 minutes. It is not carried out again and gets the same response with the same secret, marked \
    `Idempotent-Replayed`.";

pub(super) fn write(schemas: Schemas<'_>) -> Markup {
    html! {
        (section(AUTHENTICATION, AUTHENTICATION_TEXT, &code("Try it", "Try it", START)))
        (section(ERRORS, ERRORS_TEXT, &statuses(schemas)))
        (section(RATE_LIMITS, RATE_LIMITS_TEXT, &html! {}))
        (section(SAFE_CHANGES, SAFE_CHANGES_TEXT, &html! {}))
    }
}

fn section((id, title): (&str, &str), text: &str, more: &Markup) -> Markup {
    html! {
        section id=(id) {
            h2 { (title) }
            p class="lead" { (prose(text)) }
            (more)
        }
    }
}

fn statuses(schemas: Schemas<'_>) -> Markup {
    html! {
        table class="members answers" {
            caption { "Statuses" }
            tbody {
                @for code in Code::ALL {
                    @if let Some(RefOr::T(response)) = schemas.0.responses.get(code.as_str()) {
                        tr {
                            th scope="row" { span class="status" { (code.status()) } }
                            td {
                                div class="kind" { code { (code.as_str()) } }
                                p { (prose(&response.description)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
