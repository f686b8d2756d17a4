//! From a proxy's question to its answer.

use axum::response::Response;
use http::request::Parts;
use model::gateway::{Gateway, Need, Refusal};
use model::key::Permissions;
use model::verify::{Question, Resource, Verdict, VerifyCode};
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
    let headers = &head.headers;
    let asked = if gateway.minds_method() { asked.without_changed_method(headers) } else { asked };
    let (permissions, resource) = match gateway.need(asked.method, asked.target) {
        Need::Nothing => return Ok(answer::allowed(&gateway, None, dialect)),
        Need::Refused(Refusal::Closed) => return Ok(refused(Decision::Closed, &gateway, dialect)),
        Need::Refused(Refusal::Unreadable) => return Ok(refused(Decision::Unreadable, &gateway, dialect)),
        Need::Key { permissions, resource } => (permissions, resource),
    };
    let Some(secret) = shown(headers, &gateway.key_header) else {
        return Ok(refused(Decision::NoKey, &gateway, dialect));
    };
    let question = question(state, head, secret, permissions, resource);
    let verdict = state.service().verify(&gateway.organization_id, &question).await?;
    Ok(match Decision::of(verdict.code) {
        Decision::Allowed => answer::allowed(&gateway, verdict.key.as_ref(), dialect),
        decision => {
            let Verdict { rate, .. } = verdict;
            answer::refused(decision, Some(&gateway), rate, dialect)
        }
    })
}

fn refused(decision: Decision, gateway: &Gateway, dialect: Dialect) -> Response {
    answer::refused(decision, Some(gateway), None, dialect)
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
}
