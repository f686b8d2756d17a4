//! Accounts: what a person signs in with.
//!
//! The server sends no mail and cannot know whose an address is. So an account that an invitation makes is provisional: it
//! is the account of whoever held that link, and an address may have several. The operator's link for a new password
//! proves an address: its account takes over all others (docs/decisions/017).

mod failures;
mod insert;
mod prove;
mod reset;

use model::id::{AccountId, SessionId};
use model::user::User;
pub use reset::{Reset, ResetLink};

use crate::actor::{Actor, Caller, Member, Origin};
use crate::error::Result;
use crate::recheck::FreshCaller;
use crate::state::Service;

impl Service {
    /// A person who acts by a link, before they have a session: for the records of it.
    pub(crate) fn person(&self, user: &User, account: &AccountId, origin: &Origin) -> Result<FreshCaller> {
        let member = Member {
            account_id: account.clone(),
            session_id: SessionId::from_random(&self.entropy.id()?),
            user_id: user.user_id.clone(),
            email: user.email.clone(),
            role: user.role,
            organization_id: user.organization_id.clone(),
        };
        Ok(FreshCaller::proven(Caller { actor: Actor::Member(member), origin: origin.clone() }))
    }
}
