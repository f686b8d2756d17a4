//! One authenticated and permitted request, as handlers see it.

use axum::body::Bytes;
use http::header::IF_MATCH;
use http::{HeaderMap, HeaderValue};
use model::id::{GatewayId, KeyId, ServiceAccountId};
use model::idempotency::IdempotencyKey;
use model::key::Basis;
use service::{Caller, Checker, KeyRef, Once, Operator, Owner, Service, read_account_id, read_gateway_id};

use super::failure::Failure;
use super::json::{self, Members};
use super::precondition;
use super::query::Query;

/// A request whose caller is known and may ask for this.
pub(super) struct Call {
    pub(super) service: Service,
    pub(super) caller: Caller,
    /// Method and pattern of the endpoint.
    pub(super) asked: (&'static str, &'static str),
    /// The decoded parameters of the path, in their order.
    pub(super) parameters: Vec<String>,
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    /// The user in the path.
    pub(super) fn user(&self) -> Owner {
        Owner::Email(self.parameter(0))
    }

    /// The key in the path, of the user in the path.
    pub(super) fn key(&self) -> KeyRef {
        KeyRef::Named { owner: self.user(), name: self.parameter(1) }
    }

    /// The key whose id the path begins with. What is no id names a key that nobody has.
    pub(super) fn key_id(&self) -> KeyId {
        KeyId::parse(&self.parameter(0)).unwrap_or_else(|_| KeyId::from_random(""))
    }

    /// The key whose id is in the path.
    pub(super) fn key_by_id(&self) -> Result<KeyRef, Failure> {
        Ok(KeyRef::by_id(&self.parameter(0))?)
    }

    /// The service account whose id is in the path.
    pub(super) fn account(&self) -> Result<ServiceAccountId, Failure> {
        Ok(read_account_id(&self.parameter(0))?)
    }

    /// The gateway whose id is in the path.
    pub(super) fn gateway(&self) -> Result<GatewayId, Failure> {
        Ok(read_gateway_id(&self.parameter(0))?)
    }

    /// What the request asks of the state that it meets.
    pub(super) fn basis(&self) -> Result<Basis, Failure> {
        precondition::basis(&self.headers)
    }

    /// What the client calls this request, if it may repeat it: the header `Idempotency-Key`, once.
    pub(super) fn once(&self) -> Result<Option<Once>, Failure> {
        let Some(key) = idempotency_key(&self.headers)? else { return Ok(None) };
        let mut parts: Vec<&[u8]> = self.parameters.iter().map(String::as_bytes).collect();
        parts.extend([self.query.as_bytes(), &self.body]);
        // With another precondition it is another request.
        parts.extend(self.headers.get_all(IF_MATCH).iter().map(HeaderValue::as_bytes));
        Ok(Some(Once::new(key, self.asked, &parts)))
    }

    /// The query.
    pub(super) fn query(&self) -> Query {
        Query::of(&self.query)
    }

    /// The members of a body that must be there.
    pub(super) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }

    /// The members of a body that may be left out.
    pub(super) fn members_if_any(&self) -> Result<Members, Failure> {
        Ok(json::read(&self.headers, &self.body)?.unwrap_or_default())
    }

    /// Paths come from the route's own pattern, so that a handler never asks for more than there are.
    pub(super) fn parameter(&self, index: usize) -> String {
        self.parameters.get(index).cloned().unwrap_or_default()
    }
}

/// The one header `Idempotency-Key`, if there is any.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Failure> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    text.and_then(|text| IdempotencyKey::parse(text).ok()).map(Some).ok_or(Failure::IdempotencyKey)
}

/// One request of somebody who verifies keys, as handlers see it.
pub(super) struct CheckCall {
    pub(super) service: Service,
    pub(super) checker: Checker,
    pub(super) request_id: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl CheckCall {
    /// The members of a body that must be there.
    pub(super) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }

    /// The request's id.
    pub(super) fn request_id(&self) -> &str {
        self.request_id.as_deref().unwrap_or_default()
    }
}

/// One request of the operator, as handlers see it.
pub(super) struct OperatorCall {
    pub(super) service: Service,
    pub(super) operator: Operator,
    /// The decoded parameters of the path, in their order.
    pub(super) parameters: Vec<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl OperatorCall {
    /// The operator on behalf of the organization in the path.
    pub(super) async fn caller(&self) -> Result<Caller, Failure> {
        let organization = self.parameters.first().map(String::as_str).unwrap_or_default();
        Ok(self.service.operate_on(&self.operator, organization).await?)
    }

    /// The members of a body that must be there.
    pub(super) fn members(&self) -> Result<Members, Failure> {
        json::read(&self.headers, &self.body)?.ok_or_else(json::missing)
    }
}
