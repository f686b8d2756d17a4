//! Requests as handlers receive them: authenticated and permitted.

use axum::body::Bytes;
use http::header::IF_MATCH;
use http::{HeaderMap, HeaderValue};
use model::id::{GatewayId, KeyId, ServiceAccountId};
use model::idempotency::IdempotencyKey;
use model::key::Precondition;
use service::{
    Caller, Checker, IdempotentRequest, KeyRef, Operator, Owner, Service, read_account_id, read_gateway_id,
};

use super::failure::Failure;
use super::json::{self, Members};
use super::precondition;
use super::query::Query;

/// A request of a caller that is authenticated and permitted to use the endpoint.
pub(super) struct Call {
    pub(super) service: Service,
    pub(super) caller: Caller,
    /// The method and the path pattern of the endpoint.
    pub(super) asked: (&'static str, &'static str),
    /// The decoded path parameters, in order.
    pub(super) parameters: Vec<String>,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    /// The user whose e-mail address is the first path parameter.
    pub(super) fn user(&self) -> Owner {
        Owner::Email(self.parameter(0))
    }

    /// The key whose owner and name are the first two path parameters.
    pub(super) fn key(&self) -> KeyRef {
        KeyRef::Named { owner: self.user(), name: self.parameter(1) }
    }

    /// The key id in the first path parameter. A malformed id is replaced by an id that no key has.
    pub(super) fn key_id(&self) -> KeyId {
        KeyId::parse(&self.parameter(0)).unwrap_or_else(|_| KeyId::from_random(""))
    }

    /// The key whose id is the first path parameter. A malformed id gets the same error as an unknown one.
    pub(super) fn key_by_id(&self) -> Result<KeyRef, Failure> {
        Ok(KeyRef::by_id(&self.parameter(0))?)
    }

    /// The service account whose id is the first path parameter. A malformed id gets the same error as an unknown one.
    pub(super) fn account(&self) -> Result<ServiceAccountId, Failure> {
        Ok(read_account_id(&self.parameter(0))?)
    }

    /// The gateway whose id is the first path parameter. A malformed id gets the same error as an unknown one.
    pub(super) fn gateway(&self) -> Result<GatewayId, Failure> {
        Ok(read_gateway_id(&self.parameter(0))?)
    }

    /// The precondition in the header `If-Match`.
    pub(super) fn precondition(&self) -> Result<Precondition, Failure> {
        precondition::precondition(&self.headers)
    }

    /// The request together with its idempotency key. `None` if it has no header `Idempotency-Key`.
    pub(super) fn idempotent_request(&self) -> Result<Option<IdempotentRequest>, Failure> {
        let Some(key) = idempotency_key(&self.headers)? else { return Ok(None) };
        let mut parts: Vec<&[u8]> = self.parameters.iter().map(String::as_bytes).collect();
        parts.extend([self.query.as_bytes(), &self.body]);
        // With another precondition, it is a different request.
        parts.extend(self.headers.get_all(IF_MATCH).iter().map(HeaderValue::as_bytes));
        Ok(Some(IdempotentRequest::new(key, self.asked, &parts)))
    }

    pub(super) fn query(&self) -> Query {
        Query::of(&self.query)
    }

    /// The members of the JSON body. A missing body is an error.
    pub(super) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }

    /// The members of the JSON body. A missing body has no members.
    pub(super) fn members_if_any(&self) -> Result<Members, Failure> {
        Ok(json::read(&self.headers, &self.body)?.unwrap_or_default())
    }

    /// The path parameter at `index`. Handlers ask only for parameters that the pattern of their route has, so the
    /// default is never used.
    pub(super) fn parameter(&self, index: usize) -> String {
        self.parameters.get(index).cloned().unwrap_or_default()
    }
}

/// Reads the header `Idempotency-Key`. A repeated or malformed header is an error.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Failure> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    text.and_then(|text| IdempotencyKey::parse(text).ok()).map(Some).ok_or(Failure::IdempotencyKey)
}

/// A request to verify keys, as handlers receive it.
pub(super) struct CheckCall {
    pub(super) service: Service,
    pub(super) checker: Checker,
    pub(super) request_id: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl CheckCall {
    /// The members of the JSON body. A missing body is an error.
    pub(super) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }

    pub(super) fn request_id(&self) -> &str {
        self.request_id.as_deref().unwrap_or_default()
    }
}

/// A request of the operator, as handlers receive it.
pub(super) struct OperatorCall {
    pub(super) service: Service,
    pub(super) operator: Operator,
    /// The decoded path parameters, in order.
    pub(super) parameters: Vec<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl OperatorCall {
    /// The operator, acting on the organization whose id is the first path parameter.
    pub(super) async fn caller(&self) -> Result<Caller, Failure> {
        let organization = self.parameters.first().map(String::as_str).unwrap_or_default();
        Ok(self.service.operate_on(&self.operator, organization).await?)
    }

    /// The members of the JSON body. A missing body is an error.
    pub(super) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }
}
