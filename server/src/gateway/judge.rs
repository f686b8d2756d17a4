//! From a proxy's question to its answer.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName};
use model::gateway::{Gateway, GatewayOutcome, Need, Refusal};
use model::id::KeyId;
use model::verify::{Question, RateStanding, Shown, Verdict, VerifiedKey, VerifyCode};
use service::{Error, Moment, UnknownGateway};

use super::answer::{self, Decision, Dialect, Response};
use super::asked::{Asked, Changes};
use super::credential::shown;
use crate::middleware::{ClientAddress, RequestId, agent};
use crate::state::AppState;

/// Proxies wait for 5 seconds, by the configurations that we write for them, and some take no answer for another failure
/// than one that says 503.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);

/// A proxy's call.
pub(super) struct Call<'a> {
    pub(super) state: &'a AppState,
    /// The id of the gateway that it names.
    pub(super) gateway: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// Who sent it.
    pub(super) peer: IpAddr,
    pub(super) asked: Asked<'a>,
    /// The headers in which the proxy itself tells of the request that it asks about.
    pub(super) own_headers: &'static [HeaderName],
    pub(super) dialect: Dialect,
}

impl Call<'_> {
    /// Answers it.
    pub(super) async fn answer(&self) -> Response {
        match self.answer_now() {
            Ok(response) => response,
            Err(unsettled) => self.answer_in_time(unsettled).await,
        }
    }

    /// Answers it from memory.
    pub(super) fn answer_now(&self) -> Result<Response, Unsettled> {
        let at = self.state.service().moment();
        let gateway = match self.state.service().gateway_now(self.gateway, at) {
            Ok(Some(gateway)) => gateway,
            Ok(None) => return Ok(self.unknown_gateway()),
            unknown => return Err(Unsettled(unknown)),
        };
        self.answer_about(&gateway, at).ok_or(Unsettled(Ok(Some(gateway))))
    }

    fn answer_about(&self, gateway: &Gateway, at: Moment) -> Option<Response> {
        match self.question(gateway) {
            Ok(question) => {
                let tell = |verdict: Verdict<'_>| self.tell(gateway, verdict.into(), at);
                self.state.service().verify_now(&gateway.organization_id, &question, at, tell)
            }
            Err(decision) => Some(self.tell(gateway, Judged::without_key(decision), at)),
        }
    }

    /// Answers it with what the database says. Whatever fails or takes too long lets nobody pass.
    pub(super) async fn answer_in_time(&self, unsettled: Unsettled) -> Response {
        let limit = self.state.request_timeout().min(ANSWERED_WITHIN);
        match tokio::time::timeout(limit, self.ask(unsettled)).await {
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

    async fn ask(&self, Unsettled(gateway): Unsettled) -> Result<Response, Error> {
        let service = self.state.service();
        let gateway = match gateway {
            Ok(gateway) => gateway,
            Err(unknown) => service.ask_gateway(self.gateway, unknown).await?,
        };
        let Some(gateway) = gateway else { return Ok(self.unknown_gateway()) };
        match self.question(&gateway) {
            Ok(question) => {
                let tell = |verdict: Verdict<'_>| self.tell(&gateway, verdict.into(), service.moment());
                service.verify(&gateway.organization_id, &question, tell).await
            }
            Err(decision) => Ok(self.tell(&gateway, Judged::without_key(decision), service.moment())),
        }
    }

    fn unknown_gateway(&self) -> Response {
        answer::refused(Decision::UnknownGateway, None, None, self.dialect)
    }

    /// What must be asked about the key; or what is decided without asking.
    fn question(&self, gateway: &Gateway) -> Result<Question<'_>, Decision> {
        let changes = Changes::by(self.headers, self.own_headers);
        if changes.identity {
            return Err(Decision::Unreadable);
        }
        // What a header may change is not known. A gateway without rules asks for neither.
        let method = self.asked.method.filter(|_| !(changes.method && gateway.minds_method()));
        let target = self.asked.target.filter(|_| !changes.path);
        let (permissions, resource) = match gateway.need(method, target) {
            Need::Nothing => return Err(Decision::Allowed),
            Need::Refused(Refusal::Closed) => return Err(Decision::Closed),
            Need::Refused(Refusal::Unreadable) => return Err(Decision::Unreadable),
            Need::Key { permissions, resource } => (permissions, resource),
        };
        let secret = shown(self.headers, &gateway.key_header).ok_or(Decision::NoKey)?;
        Ok(Question {
            secret: Shown::Lent(secret),
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

    fn tell(&self, gateway: &Gateway, judged: Judged<'_>, at: Moment) -> Response {
        let Judged { decision, key, rate } = judged;
        self.note(gateway, decision, key.as_ref(), at);
        match decision {
            Decision::Allowed => answer::allowed(gateway, key.as_ref(), self.dialect),
            decision => answer::refused(decision, Some(gateway), rate, self.dialect),
        }
    }

    /// For those who look whether their proxy asks. Costs a look at two atomics, but for the first of each second.
    fn note(&self, gateway: &Gateway, decision: Decision, key: Option<&VerifiedKey<'_>>, at: Moment) {
        let Some(outcome) = decision.outcome() else { return };
        self.state.service().note_seen(&gateway.gateway_id, outcome, at, || {
            (key.map(|key| KeyId::known(&key.key_id)), Some(self.client().to_string()))
        });
    }
}

/// What is known of the gateway of a call that memory has no answer to.
#[derive(Debug)]
pub(super) struct Unsettled(Result<Option<Arc<Gateway>>, UnknownGateway>);

/// What came of a question.
struct Judged<'a> {
    decision: Decision,
    key: Option<VerifiedKey<'a>>,
    rate: Option<RateStanding>,
}

impl Judged<'_> {
    fn without_key(decision: Decision) -> Self {
        Self { decision, key: None, rate: None }
    }
}

impl<'a> From<Verdict<'a>> for Judged<'a> {
    fn from(Verdict { code, key, rate }: Verdict<'a>) -> Self {
        Self { decision: Decision::of(code), key, rate }
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
