//! From a proxy's question to its answer.

use axum::response::Response;
use http::request::Parts;
use model::gateway::{Gateway, GatewayOutcome, Need, Refusal};
use model::key::Permissions;
use model::verify::{Question, RateStanding, Resource, Verdict, VerifiedKey, VerifyCode};
use service::Error;
use zeroize::Zeroizing;

use super::answer::{self, Decision, Dialect};
use super::asked::{Asked, gateway_id};
use super::credential::shown;
use crate::middleware::{ClientAddress, RequestId, agent};
use crate::state::AppState;

/// Answers a proxy. Whatever fails or takes too long lets nobody pass.
pub(super) async fn answer(state: &AppState, head: &Parts, asked: Asked<'_>, dialect: Dialect) -> Response {
    let outcome = tokio::time::timeout(state.request_timeout(), decide(state, head, asked, dialect)).await;
    match outcome {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            let id = RequestId::make();
            // Writes what failed into the log.
            let _problem = error.to_problem(Some(id.as_str()));
            answer::failed(&id)
        }
        Err(_) => {
            let id = RequestId::make();
            tracing::warn!(request.id = id.as_str(), "a proxy's question took too long");
            answer::failed(&id)
        }
    }
}

async fn decide(
    state: &AppState,
    head: &Parts,
    asked: Asked<'_>,
    dialect: Dialect,
) -> Result<Response, Error> {
    let id = gateway_id(head.uri.path());
    let Some(gateway) = state.service().gateway(id).await? else {
        return Ok(answer::refused(Decision::UnknownGateway, None, None, dialect));
    };
    let Judged { decision, key, rate } = judge(state, head, asked, &gateway).await?;
    note(state, head, &gateway, decision, key.as_ref());
    Ok(match decision {
        Decision::Allowed => answer::allowed(&gateway, key.as_ref(), dialect),
        decision => answer::refused(decision, Some(&gateway), rate, dialect),
    })
}

/// What came of a question.
struct Judged {
    decision: Decision,
    key: Option<VerifiedKey>,
    rate: Option<RateStanding>,
}

async fn judge(state: &AppState, head: &Parts, asked: Asked<'_>, gateway: &Gateway) -> Result<Judged, Error> {
    let without_key = |decision| Ok(Judged { decision, key: None, rate: None });
    let headers = &head.headers;
    let asked = if gateway.minds_method() { asked.without_changed_method(headers) } else { asked };
    let (permissions, resource) = match gateway.need(asked.method, asked.target) {
        Need::Nothing => return without_key(Decision::Allowed),
        Need::Refused(Refusal::Closed) => return without_key(Decision::Closed),
        Need::Refused(Refusal::Unreadable) => return without_key(Decision::Unreadable),
        Need::Key { permissions, resource } => (permissions, resource),
    };
    let Some(secret) = shown(headers, &gateway.key_header) else {
        return without_key(Decision::NoKey);
    };
    let question = question(state, head, secret, permissions, resource);
    let Verdict { code, key, rate } = state.service().verify(&gateway.organization_id, &question).await?;
    Ok(Judged { decision: Decision::of(code), key, rate })
}

/// For those who look whether their proxy asks. Costs a look at two atomics, but for the first of each second.
fn note(state: &AppState, head: &Parts, gateway: &Gateway, decision: Decision, key: Option<&VerifiedKey>) {
    let Some(outcome) = decision.outcome() else { return };
    state.service().note_seen(&gateway.gateway_id, outcome, || {
        let client = ClientAddress::of(&head.extensions, &head.headers, state.trusted_proxies());
        (key.map(|key| key.key_id.clone()), Some(client.0.to_string()))
    });
}

fn question(
    state: &AppState,
    head: &Parts,
    secret: &str,
    permissions: Permissions,
    resource: Option<Resource>,
) -> Question {
    let client = ClientAddress::of(&head.extensions, &head.headers, state.trusted_proxies());
    Question {
        secret: Zeroizing::new(secret.to_owned()),
        permissions,
        resource,
        address: Some(client.0.to_string()),
        agent: agent(&head.headers),
        cost: 1,
    }
}

impl Decision {
    /// What a client is told of a verdict: nothing of why a key is not valid.
    fn of(code: VerifyCode) -> Self {
        match code {
            VerifyCode::Valid => Self::Allowed,
            VerifyCode::NotFound
            | VerifyCode::Revoked
            | VerifyCode::Expired
            | VerifyCode::Disabled
            | VerifyCode::OwnerInactive => Self::InvalidKey,
            VerifyCode::InsufficientPermissions => Self::InsufficientPermissions,
            VerifyCode::OutOfScope => Self::OutOfScope,
            VerifyCode::RateLimited => Self::RateLimited,
        }
    }

    /// The same as it is remembered; nothing for a gateway that is not there.
    fn outcome(self) -> Option<GatewayOutcome> {
        Some(match self {
            Self::Allowed => GatewayOutcome::Allowed,
            Self::NoKey => GatewayOutcome::NoKey,
            Self::InvalidKey => GatewayOutcome::InvalidKey,
            Self::InsufficientPermissions => GatewayOutcome::InsufficientPermissions,
            Self::OutOfScope => GatewayOutcome::OutOfScope,
            Self::RateLimited => GatewayOutcome::RateLimited,
            Self::Closed => GatewayOutcome::Closed,
            Self::Unreadable => GatewayOutcome::Unreadable,
            Self::UnknownGateway => return None,
        })
    }
}
