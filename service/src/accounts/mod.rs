//! Accounts: what a person signs in with.
//!
//! The server sends no mail and cannot know who owns an address. So an account that an invitation creates is
//! provisional: it belongs to the person who used that link, and one address can have several such accounts. The
//! operator's link for a new password proves an address, and its account takes over all others of the address
//! (docs/internals/decisions/017).

mod failures;
mod insert;
mod prove;
mod reset;

use model::id::{AccountId, SessionId};
use model::user::User;
pub use reset::{Reset, ResetLink};

use crate::actor::{Actor, Caller, Member, RequestContext};
use crate::error::Result;
use crate::reauthorize::AuthorizedCaller;
use crate::state::Service;

impl Service {
    /// Returns the caller for a person who acts by a one-time link and has no session yet. The session id is random and
    /// only fills the field.
    pub(crate) fn person(
        &self,
        user: &User,
        account: &AccountId,
        context: &RequestContext,
    ) -> Result<AuthorizedCaller> {
        let member = Member {
            account_id: account.clone(),
            session_id: SessionId::from_random(&self.entropy.id()?),
            user_id: user.user_id.clone(),
            email: user.email.clone(),
            role: user.role,
            organization_id: user.organization_id.clone(),
        };
        Ok(AuthorizedCaller::proven(Caller { actor: Actor::Member(member), context: context.clone() }))
    }
}
