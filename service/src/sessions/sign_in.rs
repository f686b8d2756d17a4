//! Signs people in and out.

use model::Timestamp;
use model::audit::AuditAction;
use model::id::{AccountId, SessionId};
use model::password::Password;
use store::Tx;
use store::accounts::Account;
use store::sessions::Session;
use store::users::Membership;

use super::authenticate::is_member;
use crate::actor::{Actor, Caller, Member, RequestContext};
use crate::audit::{AuditTarget, Changes};
use crate::crypto::PlainToken;
use crate::error::{Error, Result};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

/// The one message for an unknown address and a wrong password.
pub(crate) const WRONG_CREDENTIALS: &str = "The e-mail address or the password is wrong.";
/// Maximum length of a stored user agent, in characters.
const AGENT_LENGTH_MAX: usize = 300;

/// A new session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The token in the cookie. Only its hash is stored.
    pub token: PlainToken,
    /// When the session ends at the latest.
    pub ends_at: Timestamp,
}

impl Service {
    /// Begins a session for a person who knows an account's password. An unknown address takes the same time as a known
    /// one.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &Password,
        context: &RequestContext,
    ) -> Result<SignedIn> {
        let signed_in = match self.prove(email, None, password, context).await {
            Ok(proven) => retry!(self.try_sign_in(&proven, context).await),
            Err(error) => Err(error),
        };
        self.counts.sign_ins.record(&signed_in);
        signed_in
    }

    pub(crate) async fn try_sign_in(&self, proven: &[Account], context: &RequestContext) -> Result<SignedIn> {
        let mut tx = self.store.begin().await?;
        let account = self.merge_accounts(&mut tx, proven).await?;
        let memberships = store::users::memberships(&mut tx, &account).await?;
        let membership = memberships
            .into_iter()
            .next()
            .ok_or(Error::Forbidden("You are no longer a member of any organization on this server."))?;
        let signed_in = self.begin_session(&mut tx, &account, &membership, context).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Writes a new session. Its token is always new, so that a token that the client brought along is never adopted.
    pub(crate) async fn begin_session(
        &self,
        tx: &mut Tx,
        account: &AccountId,
        membership: &Membership,
        context: &RequestContext,
    ) -> Result<SignedIn> {
        let now = self.clock.now();
        let token = PlainToken::new(self.entropy.token()?);
        let user = &membership.user;
        let session = Session {
            session_id: SessionId::from_random(&self.entropy.id()?),
            account_id: account.clone(),
            user_id: user.user_id.clone(),
            created_at: now,
            last_seen_at: now,
            ends_at: now.plus_seconds(self.settings.session_seconds_max),
            address: context.address.clone(),
            agent: context.agent.as_ref().map(|agent| agent.chars().take(AGENT_LENGTH_MAX).collect()),
        };
        store::sessions::insert(tx, &session, &token.hash()).await?;
        let caller = AuthorizedCaller::proven(Caller {
            actor: Actor::Member(Member {
                account_id: account.clone(),
                session_id: session.session_id,
                user_id: user.user_id.clone(),
                email: user.email.clone(),
                role: user.role,
                organization_id: user.organization_id.clone(),
            }),
            context: context.clone(),
        });
        self.record(tx, &caller, AuditAction::SignedIn, AuditTarget::User(&user.user_id), Changes::default())
            .await?;
        Ok(SignedIn { token, ends_at: session.ends_at })
    }

    pub async fn sign_out(&self, caller: &Caller) -> Result<()> {
        retry!(self.try_sign_out(caller).await)
    }

    async fn try_sign_out(&self, caller: &Caller) -> Result<()> {
        let (mut tx, caller) = self.begin_for(caller, is_member).await?;
        let member = self.member(&caller)?;
        store::sessions::delete(&mut tx, &member.account_id, &member.session_id).await?;
        let target = AuditTarget::User(&member.user_id);
        self.record(&mut tx, &caller, AuditAction::SignedOut, target, Changes::default()).await?;
        Ok(tx.commit().await?)
    }
}
