//! Authenticates the operator: over REST by the server's own token, on the command line by access to the database. The
//! token is not a key of any organization, and no key is accepted in its place.

use std::sync::{PoisonError, RwLockReadGuard};

use model::id::OrganizationId;
use model::organization::{Organization, OrganizationSummary};
use store::Tx;

use crate::actor::{Actor, Caller, RequestContext};
use crate::error::{Error, Result};
use crate::not_found::NO_ORGANIZATION;
use crate::operator_token::OperatorToken;
use crate::policy;
use crate::reauthorize::AuthorizedCaller;
use crate::state::Service;

/// No operator token is shorter. So the short ids that most clients send need no hash.
const TOKEN_LENGTH_MIN: usize = 32;

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
    pub fn with_operator(self, token: Option<OperatorToken>) -> Self {
        self.replace_operator_token(token);
        self
    }

    /// Replaces the operator's token in this process. Requests that begin after this need the new one.
    pub fn replace_operator_token(&self, token: Option<OperatorToken>) {
        *self.operator_token.write().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// Whether an operator token is set.
    pub fn has_operator(&self) -> bool {
        self.operator_token().is_some()
    }

    /// Whether a text is the operator's token, for places where it would be logged.
    pub fn is_operator_token(&self, text: &str) -> bool {
        text.len() >= TOKEN_LENGTH_MIN && self.operator_token().as_ref().is_some_and(|known| known.is(text))
    }

    fn operator_token(&self) -> RwLockReadGuard<'_, Option<OperatorToken>> {
        self.operator_token.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Authenticates the operator.
    pub fn authenticate_operator(&self, token: &str, context: RequestContext) -> Result<Operator> {
        if self.operator_token().as_ref().is_some_and(|known| known.is(token)) {
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

    /// Begins a transaction in which the operator, with access to the database, changes the members of an organization.
    /// Other changes of them wait until it ends.
    pub(crate) async fn begin_locally(
        &self,
        organization: &OrganizationId,
    ) -> Result<(Tx, AuthorizedCaller, OrganizationSummary)> {
        let operator = AuthorizedCaller::operator(organization.clone()).into_caller();
        let (mut tx, caller) = self.begin_for(&operator, policy::operator_only).await?;
        store::organizations::lock(&mut tx, organization).await?;
        let found = store::organizations::find(&mut tx, organization).await?;
        let Organization { organization_id, name, .. } = found.ok_or(Error::NotFound(NO_ORGANIZATION))?;
        Ok((tx, caller, OrganizationSummary { organization_id, name }))
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
