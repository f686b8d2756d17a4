//! From a proxy's question to its answer.

use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use http::request::Parts;
use model::gateway::{Gateway, GatewayOutcome, Need, Refusal};
use model::verify::{Question, RateStanding, Verdict, VerifiedKey, VerifyCode};
use service::{Error, UnknownGateway};
use zeroize::Zeroizing;

use super::answer::{self, Decision, Dialect};
use super::asked::{Asked, gateway_id};
use super::credential::shown;
use crate::middleware::{ClientAddress, RequestId, agent};
use crate::state::AppState;

/// Proxies wait for 5 seconds, by the configurations that we write for them, and some take no answer for another failure
/// than one that says 503.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);

/// Answers a proxy. Whatever fails or takes too long lets nobody pass.
pub(super) async fn answer(state: &AppState, head: &Parts, asked: Asked<'_>, dialect: Dialect) -> Response {
    let gateway = state.service().gateway_now(gateway_id(head.uri.path()));
    if let Ok(gateway) = &gateway
        && let Some(response) = answer_now(state, head, asked, gateway.as_deref(), dialect)
    {
        return response;
    }
    // In a place of its own: moving something so large would cost more than an answer from memory.
    Box::pin(answer_in_time(state, head, asked, gateway, dialect)).await
}

/// The answer from memory; nothing if the database must be asked.
fn answer_now(
    state: &AppState,
    head: &Parts,
    asked: Asked<'_>,
    gateway: Option<&Gateway>,
    dialect: Dialect,
) -> Option<Response> {
    let Some(gateway) = gateway else {
        return Some(answer::refused(Decision::UnknownGateway, None, None, dialect));
    };
    let judged = match question(state, head, asked, gateway) {
        Ok(question) => state.service().verify_now(&gateway.organization_id, &question)?.into(),
        Err(decision) => Judged::without_key(decision),
    };
    Some(tell(state, head, gateway, judged, dialect))
}

async fn answer_in_time(
    state: &AppState,
    head: &Parts,
    asked: Asked<'_>,
    gateway: Result<Option<Arc<Gateway>>, UnknownGateway>,
    dialect: Dialect,
) -> Response {
    let decided = decide(state, head, asked, gateway, dialect);
    match tokio::time::timeout(state.request_timeout().min(ANSWERED_WITHIN), decided).await {
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
    gateway: Result<Option<Arc<Gateway>>, UnknownGateway>,
    dialect: Dialect,
) -> Result<Response, Error> {
    let gateway = match gateway {
        Ok(gateway) => gateway,
        Err(unknown) => state.service().ask_gateway(gateway_id(head.uri.path()), unknown).await?,
    };
    let Some(gateway) = gateway else {
        return Ok(answer::refused(Decision::UnknownGateway, None, None, dialect));
    };
    let judged = match question(state, head, asked, &gateway) {
        Ok(question) => state.service().verify(&gateway.organization_id, &question).await?.into(),
        Err(decision) => Judged::without_key(decision),
    };
    Ok(tell(state, head, &gateway, judged, dialect))
}

/// What came of a question.
struct Judged {
    decision: Decision,
    key: Option<VerifiedKey>,
    rate: Option<RateStanding>,
}

impl Judged {
    fn without_key(decision: Decision) -> Self {
        Self { decision, key: None, rate: None }
    }
}

impl From<Verdict> for Judged {
    fn from(Verdict { code, key, rate }: Verdict) -> Self {
        Self { decision: Decision::of(code), key, rate }
    }
}

/// What must be asked about the key; or what is decided without asking.
fn question(
    state: &AppState,
    head: &Parts,
    asked: Asked<'_>,
    gateway: &Gateway,
) -> Result<Question, Decision> {
    let headers = &head.headers;
    let asked = if gateway.minds_method() { asked.without_changed_method(headers) } else { asked };
    let (permissions, resource) = match gateway.need(asked.method, asked.target) {
        Need::Nothing => return Err(Decision::Allowed),
        Need::Refused(Refusal::Closed) => return Err(Decision::Closed),
        Need::Refused(Refusal::Unreadable) => return Err(Decision::Unreadable),
        Need::Key { permissions, resource } => (permissions, resource),
    };
    let secret = shown(headers, &gateway.key_header).ok_or(Decision::NoKey)?;
    let client = ClientAddress::of(&head.extensions, headers, state.trusted_proxies());
    Ok(Question {
        secret: Zeroizing::new(secret.to_owned()),
        permissions,
        resource,
        address: Some(client.0),
        agent: agent(headers),
        cost: 1,
    })
}

fn tell(state: &AppState, head: &Parts, gateway: &Gateway, judged: Judged, dialect: Dialect) -> Response {
    let Judged { decision, key, rate } = judged;
    note(state, head, gateway, decision, key.as_ref());
    match decision {
        Decision::Allowed => answer::allowed(gateway, key.as_ref(), dialect),
        decision => answer::refused(decision, Some(gateway), rate, dialect),
    }
}

/// For those who look whether their proxy asks. Costs a look at two atomics, but for the first of each second.
fn note(state: &AppState, head: &Parts, gateway: &Gateway, decision: Decision, key: Option<&VerifiedKey>) {
    let Some(outcome) = decision.outcome() else { return };
    state.service().note_seen(&gateway.gateway_id, outcome, || {
        let client = ClientAddress::of(&head.extensions, &head.headers, state.trusted_proxies());
        (key.map(|key| key.key_id.clone()), Some(client.0.to_string()))
    });
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
