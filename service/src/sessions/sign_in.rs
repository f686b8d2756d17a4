//! Signing in and out.

use model::Timestamp;
use model::audit::AuditAction;
use model::email::Email;
use model::id::{AccountId, SessionId};
use model::password::Password;
use model::text::fold;
use store::Tx;
use store::accounts::Account;
use store::sessions::Session;
use store::users::Membership;

use crate::actor::{Actor, Caller, Member, Origin};
use crate::audit::{Changes, Subject};
use crate::crypto::PlainToken;
use crate::error::{Error, Result};
use crate::state::Service;

/// The one sentence for an unknown address and a wrong password.
pub(crate) const NOT_RIGHT: &str = "E-mail or password is not right.";
/// Longest agent that is kept, in characters.
const AGENT_LENGTH_MAX: usize = 300;

/// A new session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What the cookie holds. Kept nowhere else.
    pub token: PlainToken,
    /// When the session ends at the latest.
    pub ends_at: Timestamp,
}

impl Service {
    /// Begins a session for whoever knows an account's password. Takes as long for an unknown address as for a known.
    pub async fn sign_in(&self, email: &str, password: &Password, origin: &Origin) -> Result<SignedIn> {
        let accounts = self.prove(email, None, password, origin).await?;
        let mut tx = self.store.begin().await?;
        let account = self.unite(&mut tx, &accounts).await?;
        let memberships = store::users::memberships(&mut tx, &account).await?;
        let membership = memberships
            .into_iter()
            .next()
            .ok_or(Error::Forbidden("You are not a member of any organization here any more."))?;
        let signed_in = self.begin_session(&mut tx, &account, &membership, origin).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// The accounts of an address whose password this is, or perhaps only one of them; slowed after failures.
    pub(crate) async fn prove(
        &self,
        email: &str,
        only: Option<&AccountId>,
        password: &Password,
        origin: &Origin,
    ) -> Result<Vec<Account>> {
        let email_folded = fold(&email.chars().take(300).collect::<String>());
        let address = origin.address.as_deref();
        self.attempts.check(&email_folded, address, &self.clock)?;
        // Counted before the slow comparison and forgotten after a success, so that many at once gain nothing.
        self.attempts.failed(&email_folded, address, &self.clock);
        let mut accounts = match Email::parse(email) {
            Ok(_) => store::accounts::find_by_email(&mut self.store.read().await?, &email_folded).await?,
            Err(_) => Vec::new(),
        };
        accounts.retain(|account| only.is_none_or(|id| *id == account.account_id));
        let proven = self.prove_each(accounts, password, address).await?;
        if proven.is_empty() {
            return Err(Error::Unauthorized(NOT_RIGHT));
        }
        self.attempts.succeeded(&email_folded, address);
        Ok(proven)
    }

    /// Writes a new session: a new token each time, so that none that was brought along is ever adopted.
    pub(crate) async fn begin_session(
        &self,
        tx: &mut Tx,
        account: &AccountId,
        membership: &Membership,
        origin: &Origin,
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
            address: origin.address.clone(),
            agent: origin.agent.as_ref().map(|agent| agent.chars().take(AGENT_LENGTH_MAX).collect()),
        };
        store::sessions::insert(tx, &session, &token.hash()).await?;
        let caller = Caller {
            actor: Actor::Member(Member {
                account_id: account.clone(),
                session_id: session.session_id,
                user_id: user.user_id.clone(),
                email: user.email.clone(),
                role: user.role,
                organization_id: user.organization_id.clone(),
            }),
            origin: origin.clone(),
        };
        self.record(tx, &caller, AuditAction::SignedIn, Subject::User(&user.user_id), Changes::default())
            .await?;
        Ok(SignedIn { token, ends_at: session.ends_at })
    }

    /// Ends the caller's session.
    pub async fn sign_out(&self, caller: &Caller) -> Result<()> {
        let member = self.member(caller)?;
        let mut tx = self.store.begin().await?;
        store::sessions::delete(&mut tx, &member.account_id, &member.session_id).await?;
        Ok(tx.commit().await?)
    }
}
