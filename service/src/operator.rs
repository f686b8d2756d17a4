//! Authenticates the operator: over REST by the server's own token, on the command line by access to the database. The
//! token is not a key of any organization, and no key is accepted in its place.

use std::sync::Arc;

use model::id::OrganizationId;

use crate::actor::{Actor, Caller, RequestContext};
use crate::error::{Error, Result};
use crate::not_found::NO_ORGANIZATION;
use crate::operator_token::OperatorToken;
use crate::state::Service;

/// Proof that the caller is the operator. Only [`Service::authenticate_operator`] creates it for a request.
#[derive(Debug)]
pub struct Operator {
    context: RequestContext,
}

impl Operator {
    pub(crate) fn context(&self) -> &RequestContext {
        &self.context
    }
}

impl Service {
    /// Returns the service with this operator token, or without one.
    #[must_use]
    pub fn with_operator(mut self, token: Option<OperatorToken>) -> Self {
        Arc::make_mut(&mut self.settings).operator_token = token;
        self
    }

    /// Whether an operator token is set.
    pub fn has_operator(&self) -> bool {
        self.settings.operator_token.is_some()
    }

    /// Authenticates the operator.
    pub fn authenticate_operator(&self, token: &str, context: RequestContext) -> Result<Operator> {
        if self.settings.operator_token.as_ref().is_some_and(|known| known.is(token)) {
            Ok(Operator { context })
        } else {
            Err(Error::Unauthorized("Send the operator's token as Authorization: Bearer <token>."))
        }
    }

    /// Returns the operator as a caller in one organization, which must exist. For the command line only: access to the
    /// database proves who the operator is, so this must never be used for a request.
    pub async fn operate_locally(&self, organization: &OrganizationId) -> Result<Caller> {
        self.operate_on(&Operator { context: RequestContext::default() }, organization.as_str()).await
    }

    /// Returns the operator as a caller in one organization, which must exist.
    pub async fn operate_on(&self, operator: &Operator, organization: &str) -> Result<Caller> {
        let id = OrganizationId::parse(organization).map_err(|_| Error::NotFound(NO_ORGANIZATION))?;
        let found = store::organizations::find(&mut self.store.read().await?, &id).await?;
        let organization = found.ok_or(Error::NotFound(NO_ORGANIZATION))?;
        Ok(Caller {
            actor: Actor::Operator(organization.organization_id),
            context: operator.context().clone(),
        })
    }
}
