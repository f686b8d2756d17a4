//! The operator over REST: whoever holds the server's own token. It is no key of any organization, and no key is it.

use std::sync::Arc;

use model::id::OrganizationId;
use subtle::ConstantTimeEq;

use crate::actor::{Actor, Caller, Origin};
use crate::crypto::sha256;
use crate::error::{Error, Result};
use crate::organizations::NO_ORGANIZATION;
use crate::state::Service;

/// The operator's token as the server keeps it.
#[derive(Clone)]
pub struct OperatorToken([u8; 32]);

impl OperatorToken {
    /// Keeps the hash of a token alone.
    pub fn of(token: &str) -> Self {
        Self(sha256(token))
    }
}

impl std::fmt::Debug for OperatorToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OperatorToken(…)")
    }
}

/// Somebody who proved to be the operator. Made by [`Service::authenticate_operator`] only.
#[derive(Debug)]
pub struct Operator {
    origin: Origin,
}

impl Operator {
    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl Service {
    /// The same service with an operator over REST, or without one.
    #[must_use]
    pub fn with_operator(mut self, token: Option<OperatorToken>) -> Self {
        Arc::make_mut(&mut self.settings).operator_token = token;
        self
    }

    /// Whether there is an operator over REST at all.
    pub fn has_operator(&self) -> bool {
        self.settings.operator_token.is_some()
    }

    /// The operator behind a token. What is compared are the hashes, whole, so that the time tells nothing.
    pub fn authenticate_operator(&self, token: &str, origin: Origin) -> Result<Operator> {
        let is_it = self
            .settings
            .operator_token
            .as_ref()
            .is_some_and(|OperatorToken(hash)| bool::from(sha256(token).ct_eq(hash)));
        if is_it {
            Ok(Operator { origin })
        } else {
            Err(Error::Unauthorized("Send the operator's token as Authorization: Bearer <token>."))
        }
    }

    /// The operator on the command line, on behalf of one organization, which must be there. What proves them is their
    /// access to the database: never for a request.
    pub async fn operate_locally(&self, organization: &OrganizationId) -> Result<Caller> {
        self.operate_on(&Operator { origin: Origin::default() }, organization.as_str()).await
    }

    /// The operator on behalf of one organization, which must be there.
    pub async fn operate_on(&self, operator: &Operator, organization: &str) -> Result<Caller> {
        let id = OrganizationId::parse(organization).map_err(|_| Error::NotFound(NO_ORGANIZATION))?;
        let found = store::organizations::find(&mut self.store.read().await?, &id).await?;
        let organization = found.ok_or(Error::NotFound(NO_ORGANIZATION))?;
        Ok(Caller { actor: Actor::Operator(organization.organization_id), origin: operator.origin().clone() })
    }
}
