//! Evaluates the request that a proxy asks about, and answers the proxy.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName};
use model::gateway::{Gateway, GatewayOutcome, Refusal, Requirement};
use model::id::{GatewayId, KeyId};
use model::verify::{PresentedSecret, RateLimitStatus, Verdict, VerifiedKey, VerifyCode, VerifyRequest};
use service::{Error, Moment, Surface, UnknownGateway, Unverified, VerificationCounts};

use super::credential::shown;
use super::original_request::{Changes, OriginalRequest};
use super::response::{self, Decision, Dialect, Response};
use crate::middleware::{ClientAddress, agent};
use crate::refusals::{self, OF_GATEWAYS, RefusedRequest};
use crate::request_id::RequestId;
use crate::state::AppState;
use crate::traces;

/// The longest time for an answer to a proxy. In the configurations that we generate, proxies wait for 5 seconds. Some
/// treat a missing answer differently from a 503, so it should arrive in time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);

/// The reason in the log if the server cannot decide.
const UNAVAILABLE: &str = "unavailable";
/// The same if the database did not answer in time.
const TOO_SLOW: &str = "too_slow";

/// The length of a gateway id.
const GATEWAY_ID_BYTES: usize = 23;

/// A request from a proxy.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a AppState,
    /// The pattern of the path, or the method over gRPC.
    pub(crate) route: &'static str,
    /// The gateway id that the proxy sent.
    pub(crate) gateway: &'a str,
    pub(crate) headers: &'a HeaderMap,
    /// The peer of the connection. Over gRPC, the client's address as Envoy reports it.
    pub(crate) peer: IpAddr,
    pub(crate) asked: OriginalRequest<'a>,
    /// The headers in which this kind of proxy describes the original request.
    pub(crate) own_headers: &'static [HeaderName],
    pub(crate) dialect: Dialect,
    /// What the request is counted as.
    pub(crate) surface: Surface,
}

impl Call<'_> {
    pub(crate) async fn answer(&self) -> Response {
        match self.answer_now() {
            Ok(response) => response,
            Err(unsettled) => self.answer_in_time(unsettled).await,
        }
    }

    /// Answers from memory. Returns an error if the database has to be asked.
    pub(super) fn answer_now(&self) -> Result<Response, UncachedGateway> {
        let at = self.state.service().moment();
        let gateway = match self.state.service().gateway_now(self.gateway, at) {
            Ok(Some(gateway)) => gateway,
            Ok(None) => return Ok(self.unknown_gateway()),
            unknown => return Err(UncachedGateway(unknown)),
        };
        self.answer_about(&gateway, at).ok_or(UncachedGateway(Ok(Some(gateway))))
    }

    fn answer_about(&self, gateway: &Gateway, at: Moment) -> Option<Response> {
        match self.verify_request(gateway) {
            Ok(verify_request) => {
                let respond = |verdict: Verdict<'_>| self.respond_verified(gateway, verdict, at);
                self.state.service().verify_now(&gateway.organization_id, &verify_request, at, respond)
            }
            Err(decision) => Some(self.respond_without_key(gateway, decision, at)),
        }
    }

    /// Answers after asking the database. If that fails or takes too long, the response is a 503 and the request does
    /// not pass.
    pub(super) async fn answer_in_time(&self, unsettled: UncachedGateway) -> Response {
        let limit = self.state.request_timeout().min(ANSWERED_WITHIN);
        match tokio::time::timeout(limit, self.ask(unsettled)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                self.counts().unverified(self.surface, Unverified::Failed);
                let id = self.request_id();
                // This call logs the error.
                let _problem = error.to_problem(Some(id.as_str()));
                self.log_refusal(UNAVAILABLE, None, self.shown_gateway(), &id);
                response::failed(&id)
            }
            Err(_) => {
                self.counts().unverified(self.surface, Unverified::Failed);
                let id = self.request_id();
                self.log_refusal(TOO_SLOW, None, self.shown_gateway(), &id);
                response::failed(&id)
            }
        }
    }

    /// The id of a refused request. A response that lets a request pass has none.
    fn request_id(&self) -> RequestId {
        let id = RequestId::of(self.headers, self.state.service());
        traces::record_request_id(&id);
        id
    }

    /// The gateway id that the proxy sent, for the log. A longer text than an id is not shown, because a client may
    /// have written it.
    fn shown_gateway(&self) -> &str {
        let is_id = self.gateway.len() <= GATEWAY_ID_BYTES && GatewayId::parse(self.gateway).is_ok();
        if is_id { self.gateway } else { "…" }
    }

    fn log_refusal(
        &self,
        reason: &'static str,
        verdict: Option<(VerifyCode, Option<&VerifiedKey<'_>>)>,
        gateway: &str,
        id: &RequestId,
    ) {
        let word = verdict.map_or(reason, |(code, _)| code.as_str());
        let Some(turn) = refusals::turn(&OF_GATEWAYS, word) else { return };
        turn.write(&RefusedRequest {
            verdict: verdict.map(|(code, _)| code),
            key_id: verdict.and_then(|(_, key)| key).map(|key| &*key.key_id),
            gateway_id: Some(gateway),
            client: Some(self.client()),
            ..RefusedRequest::new(self.route, reason, id.as_str())
        });
    }

    async fn ask(&self, UncachedGateway(gateway): UncachedGateway) -> Result<Response, Error> {
        let service = self.state.service();
        let gateway = match gateway {
            Ok(gateway) => gateway,
            Err(UnknownGateway) => service.ask_gateway(self.gateway).await?,
        };
        let Some(gateway) = gateway else { return Ok(self.unknown_gateway()) };
        match self.verify_request(&gateway) {
            Ok(verify_request) => {
                let respond =
                    |verdict: Verdict<'_>| self.respond_verified(&gateway, verdict, service.moment());
                service.verify(&gateway.organization_id, &verify_request, respond).await
            }
            Err(decision) => Ok(self.respond_without_key(&gateway, decision, service.moment())),
        }
    }

    fn unknown_gateway(&self) -> Response {
        self.counts().unverified(self.surface, Unverified::UnknownGateway);
        let (decision, id) = (Decision::UnknownGateway, self.request_id());
        self.log_refusal(decision.word(), None, self.shown_gateway(), &id);
        response::refused(decision, None, None, self.dialect, &id)
    }

    /// The verify request for the presented key. An error is a decision that needs no verification.
    fn verify_request(&self, gateway: &Gateway) -> Result<VerifyRequest<'_>, Decision> {
        let changes = Changes::by(self.headers, self.own_headers);
        if changes.identity {
            return Err(Decision::Unreadable);
        }
        // If a header may override the method or the path, its real value is unknown. A gateway without rules needs
        // neither.
        let method = self.asked.method.filter(|_| !(changes.method && gateway.depends_on_method()));
        let target = self.asked.target.filter(|_| !changes.path);
        let (permissions, resource) = match gateway.need(method, target) {
            Requirement::Nothing => return Err(Decision::Allowed),
            Requirement::Refused(Refusal::Closed) => return Err(Decision::Closed),
            Requirement::Refused(Refusal::Unreadable) => return Err(Decision::Unreadable),
            Requirement::Key { permissions, resource } => (permissions, resource),
        };
        let secret = shown(self.headers, &gateway.key_header).ok_or(Decision::NoKey)?;
        Ok(VerifyRequest {
            secret: PresentedSecret::Borrowed(secret),
            permissions,
            resource,
            address: Some(self.client()),
            agent: agent(self.headers),
            cost: 1,
        })
    }

    fn client(&self) -> IpAddr {
        ClientAddress::of(self.peer, self.headers, self.state.trusted_proxies()).0
    }

    fn counts(&self) -> &VerificationCounts {
        &self.state.service().counts().verifications
    }

    fn respond_verified(&self, gateway: &Gateway, verdict: Verdict<'_>, at: Moment) -> Response {
        self.counts().verified(self.surface, verdict.code);
        traces::record_verdict(verdict.code, verdict.key.as_ref().map(|key| &*key.key_id));
        self.respond(gateway, verdict.into(), at)
    }

    fn respond_without_key(&self, gateway: &Gateway, decision: Decision, at: Moment) -> Response {
        let reason = match decision {
            Decision::Allowed => Unverified::Open,
            Decision::NoKey => Unverified::NoKey,
            Decision::Closed => Unverified::Closed,
            Decision::UnknownGateway => Unverified::UnknownGateway,
            _ => Unverified::Unreadable,
        };
        self.counts().unverified(self.surface, reason);
        self.respond(gateway, Evaluated::without_key(decision), at)
    }

    fn respond(&self, gateway: &Gateway, evaluated: Evaluated<'_>, at: Moment) -> Response {
        let Evaluated { decision, code, key, rate } = evaluated;
        self.record(gateway, decision, key.as_ref(), at);
        match decision {
            Decision::Allowed => response::allowed(gateway, key.as_ref(), self.dialect),
            decision => {
                let id = self.request_id();
                let verdict = code.map(|code| (code, key.as_ref()));
                self.log_refusal(decision.word(), verdict, gateway.gateway_id.as_str(), &id);
                response::refused(decision, Some(gateway), rate, self.dialect, &id)
            }
        }
    }

    /// Records the activity of the gateway, which shows whether a proxy uses it. This reads two atomics, and does more
    /// only for the first request of each second that ends with this outcome.
    fn record(&self, gateway: &Gateway, decision: Decision, key: Option<&VerifiedKey<'_>>, at: Moment) {
        let Some(outcome) = decision.outcome() else { return };
        self.state.service().record_gateway_request(&gateway.gateway_id, outcome, at, || {
            (key.map(|key| KeyId::known(&key.key_id)), Some(self.client().to_string()))
        });
    }
}

/// What is known about the gateway of a request that cannot be answered from memory.
#[derive(Debug)]
pub(super) struct UncachedGateway(Result<Option<Arc<Gateway>>, UnknownGateway>);

/// The result of evaluating a request.
struct Evaluated<'a> {
    decision: Decision,
    /// The verdict on the key. `None` if no key was verified.
    code: Option<VerifyCode>,
    key: Option<VerifiedKey<'a>>,
    rate: Option<RateLimitStatus>,
}

impl Evaluated<'_> {
    fn without_key(decision: Decision) -> Self {
        Self { decision, code: None, key: None, rate: None }
    }
}

impl<'a> From<Verdict<'a>> for Evaluated<'a> {
    fn from(Verdict { code, key, rate }: Verdict<'a>) -> Self {
        Self { decision: Decision::of(code), code: Some(code), key, rate }
    }
}

impl Decision {
    /// The decision for a verdict. The client does not learn why a key is invalid.
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

    /// The outcome as it is recorded. `None` for an unknown gateway.
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
