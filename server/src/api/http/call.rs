//! Requests as handlers receive them: authenticated and permitted.

use axum::body::Bytes;
use http::header::IF_MATCH;
use http::{HeaderMap, HeaderValue};
use model::id::{GatewayId, KeyId, ServiceAccountId};
use model::idempotency::IdempotencyKey;
use model::key::Precondition;
use model::verify::{Verdict, VerifyRequest};
use service::{
    Caller, Checker, IdempotentRequest, KeyRef, Operator, Owner, RequestContext, Service, Surface,
    read_account_id, read_gateway_id,
};

use super::failure::Failure;
use super::json::{self, Members};
use super::precondition;
use super::query::Query;

/// A request of a caller that is authenticated and permitted to use the endpoint.
pub(in crate::api) struct Call {
    pub(in crate::api) service: Service,
    pub(in crate::api) caller: Caller,
    /// The method and the path pattern of the endpoint.
    pub(in crate::api) asked: (&'static str, &'static str),
    /// The decoded path parameters, in order.
    pub(in crate::api) parameters: Vec<String>,
    pub(in crate::api) query: String,
    pub(in crate::api) headers: HeaderMap,
    pub(in crate::api) body: Bytes,
}

impl Call {
    /// The user whose e-mail address is the first path parameter.
    pub(in crate::api) fn user(&self) -> Owner {
        Owner::Email(self.parameter(0))
    }

    /// The key whose owner and name are the first two path parameters.
    pub(in crate::api) fn key(&self) -> KeyRef {
        KeyRef::Named { owner: self.user(), name: self.parameter(1) }
    }

    /// The key id in the first path parameter. A malformed id is replaced by an id that no key has.
    pub(in crate::api) fn key_id(&self) -> KeyId {
        KeyId::parse(&self.parameter(0)).unwrap_or_else(|_| KeyId::from_random(""))
    }

    /// The key whose id is the first path parameter. A malformed id gets the same error as an unknown one.
    pub(in crate::api) fn key_by_id(&self) -> Result<KeyRef, Failure> {
        Ok(KeyRef::by_id(&self.parameter(0))?)
    }

    /// The service account whose id is the first path parameter. A malformed id gets the same error as an unknown one.
    pub(in crate::api) fn account(&self) -> Result<ServiceAccountId, Failure> {
        Ok(read_account_id(&self.parameter(0))?)
    }

    /// The gateway whose id is the first path parameter. A malformed id gets the same error as an unknown one.
    pub(in crate::api) fn gateway(&self) -> Result<GatewayId, Failure> {
        Ok(read_gateway_id(&self.parameter(0))?)
    }

    /// The precondition in the header `If-Match`.
    pub(in crate::api) fn precondition(&self) -> Result<Precondition, Failure> {
        precondition::precondition(&self.headers)
    }

    /// The request together with its idempotency key. `None` if it has no header `Idempotency-Key`.
    pub(in crate::api) fn idempotent_request(&self) -> Result<Option<IdempotentRequest>, Failure> {
        let Some(key) = idempotency_key(&self.headers)? else { return Ok(None) };
        let mut parts: Vec<&[u8]> = self.parameters.iter().map(String::as_bytes).collect();
        parts.extend([self.query.as_bytes(), &self.body]);
        // With another precondition, it is a different request.
        parts.extend(self.headers.get_all(IF_MATCH).iter().map(HeaderValue::as_bytes));
        Ok(Some(IdempotentRequest::new(key, self.asked, &parts)))
    }

    pub(in crate::api) fn query(&self) -> Query {
        Query::of(&self.query)
    }

    /// The members of the JSON body. A missing body is an error.
    pub(in crate::api) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }

    /// The members of the JSON body. A missing body has no members.
    pub(in crate::api) fn members_if_any(&self) -> Result<Members, Failure> {
        Ok(json::read(&self.headers, &self.body)?.unwrap_or_default())
    }

    /// The path parameter at `index`. Handlers ask only for parameters that the pattern of their route has, so the
    /// default is never used.
    pub(in crate::api) fn parameter(&self, index: usize) -> String {
        self.parameters.get(index).cloned().unwrap_or_default()
    }
}

/// Reads the header `Idempotency-Key`. A repeated or malformed header is an error.
pub(in crate::api) fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Failure> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    text.and_then(|text| IdempotencyKey::parse(text).ok()).map(Some).ok_or(Failure::IdempotencyKey)
}

/// A request to verify keys, as handlers receive it.
pub(in crate::api) struct CheckCall {
    pub(in crate::api) service: Service,
    pub(in crate::api) checker: Checker,
    pub(in crate::api) context: RequestContext,
    /// The path pattern of the endpoint.
    pub(in crate::api) route: &'static str,
    pub(in crate::api) headers: HeaderMap,
    pub(in crate::api) body: Bytes,
}

impl CheckCall {
    /// Verifies a key for the checker, and counts the verdict.
    pub(in crate::api) async fn verify<T>(
        &self,
        surface: Surface,
        verify_request: &VerifyRequest<'_>,
        respond: impl Fn(Verdict<'_>) -> T,
    ) -> Result<T, Failure> {
        let counts = &self.service.counts().verifications;
        let counted = |verdict: Verdict<'_>| {
            counts.verified(surface, verdict.code);
            respond(verdict)
        };
        Ok(self.service.verify(self.checker.organization(), verify_request, counted).await?)
    }

    /// The members of the JSON body. A missing body is an error.
    pub(in crate::api) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }

    pub(in crate::api) fn request_id(&self) -> &str {
        self.context.request_id.as_deref().unwrap_or_default()
    }
}

/// A request of the operator, as handlers receive it.
pub(in crate::api) struct OperatorCall {
    pub(in crate::api) service: Service,
    pub(in crate::api) operator: Operator,
    /// The decoded path parameters, in order.
    pub(in crate::api) parameters: Vec<String>,
    pub(in crate::api) headers: HeaderMap,
    pub(in crate::api) body: Bytes,
}

impl OperatorCall {
    /// The operator, acting on the organization whose id is the first path parameter.
    pub(in crate::api) async fn caller(&self) -> Result<Caller, Failure> {
        let organization = self.parameters.first().map(String::as_str).unwrap_or_default();
        Ok(self.service.operate_on(&self.operator, organization).await?)
    }

    /// The members of the JSON body. A missing body is an error.
    pub(in crate::api) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }
}
