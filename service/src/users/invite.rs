//! Letting a member into the console: a one-time link that the admin hands over.
//!
//! Whoever opens a link joins that one organization, never another: an account that somebody made under a foreign
//! address gains nothing by it, because each organization's membership needs that organization's own link.

use model::Timestamp;
use model::audit::AuditAction;
use model::field::FieldErrors;
use model::id::{AccountId, UserId};
use model::password::Password;
use model::session::Invitation;
use model::user::{User, UserStatus};
use store::accounts::Account;
use store::links::{Link, Purpose};
use store::{Connection, Tx};

use crate::actor::{Actor, Caller, Member, Origin, Owner};
use crate::audit::{Changes, Subject};
use crate::crypto::{PlainToken, sha256};
use crate::error::{Error, Result};
use crate::keys::NO_USER;
use crate::policy::{self, Action};
use crate::recheck::FreshCaller;
use crate::sessions::{ProvenAccount, SignedIn};
use crate::state::{Service, retry};

/// How long an invitation is valid: 7 days.
const LINK_SECONDS: i64 = 7 * 86_400;
const DEAD_LINK: &str =
    "This invitation is not valid any more. Ask an admin of the organization for a new one.";

impl Service {
    /// A link by which a member can join the console, and when it ends. Earlier links of the member end now.
    pub async fn create_invitation(&self, caller: &Caller, user: &UserId) -> Result<(PlainToken, Timestamp)> {
        let may = |caller: &Caller| policy::permit(caller, Action::ChangeUsers);
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let caller = &caller;
        let user = self.load_user(&mut tx, caller, Action::ChangeUsers, &Owner::Id(user.clone())).await?;
        if user.status != UserStatus::Active {
            return Err(Error::Forbidden("The member is not active. Activate them first."));
        }
        if user.can_sign_in {
            return Err(Error::Forbidden("The member can sign in already."));
        }
        let now = self.clock.now();
        let token = PlainToken::new(self.entropy.token()?);
        let expires_at = now.plus_seconds(LINK_SECONDS);
        let link = Link {
            purpose: Purpose::Invitation,
            user_id: Some(user.user_id.clone()),
            created_at: now,
            expires_at,
        };
        store::links::delete_of_user(&mut tx, &user.user_id).await?;
        store::links::insert(&mut tx, &link, &token.hash()).await?;
        let subject = Subject::User(&user.user_id);
        self.record(&mut tx, caller, AuditAction::InvitationCreated, subject, Changes::default()).await?;
        tx.commit().await?;
        Ok((token, expires_at))
    }

    /// What an invitation shows before it is accepted.
    pub async fn invitation(&self, token: &str) -> Result<Invitation> {
        let mut db = self.store.read().await?;
        let link = store::links::find(&mut db, &sha256(token), Purpose::Invitation, self.clock.now()).await?;
        let link = link.ok_or(Error::NotFound(DEAD_LINK))?;
        let user = self.invited(&mut db, &link).await?;
        let organization = store::organizations::find(&mut db, &user.organization_id).await?;
        let account = store::accounts::find_by_email(&mut db, &user.email.folded()).await?;
        Ok(Invitation {
            organization: organization.map(|organization| organization.name).unwrap_or_default(),
            email: user.email,
            user_name: user.user_name,
            has_account: account.is_some(),
            expires_at: link.expires_at,
        })
    }

    /// Joins the console: with a new password, or, for a person who has an account here, with the one they have.
    pub async fn accept_invitation(
        &self,
        token: &str,
        password: &Password,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let invitation = self.invitation(token).await?;
        let known = if invitation.has_account {
            Some(self.prove(invitation.email.as_str(), password, origin).await?)
        } else {
            let mut errors = FieldErrors::default();
            errors.take("password", password.check());
            errors.or(Some(()))?;
            None
        };
        let hash = match known {
            Some(_) => None,
            None => Some(self.passwords.hash_for(password, origin.subnet()).await?),
        };
        retry!(self.try_accept(token, known.as_ref(), hash.as_deref(), origin).await)
    }

    async fn try_accept(
        &self,
        token: &str,
        known: Option<&ProvenAccount>,
        hash: Option<&str>,
        origin: &Origin,
    ) -> Result<SignedIn> {
        let mut tx = self.store.begin().await?;
        let link = store::links::take(&mut tx, &sha256(token), Purpose::Invitation, self.clock.now()).await?;
        let user = self.invited(&mut tx, &link.ok_or(Error::NotFound(DEAD_LINK))?).await?;
        let account_id = match (known, hash) {
            (Some(proven), _) => self.still_proven(&mut tx, proven).await?,
            (None, Some(hash)) => self.insert_invited_account(&mut tx, &user, hash).await?,
            (None, None) => return Err(Error::NotFound(DEAD_LINK)),
        };
        store::users::link_account(&mut tx, &user.user_id, &account_id).await?;
        let memberships = store::users::memberships(&mut tx, &account_id).await?;
        let membership = memberships
            .iter()
            .find(|membership| membership.user.user_id == user.user_id)
            .ok_or(Error::NotFound(NO_USER))?;
        let signed_in = self.begin_session(&mut tx, &account_id, membership, origin).await?;
        let caller = joined(&user, account_id, origin, self)?;
        let subject = Subject::User(&user.user_id);
        self.record(&mut tx, &caller, AuditAction::InvitationAccepted, subject, Changes::default()).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    async fn invited(&self, db: &mut impl Connection, link: &Link) -> Result<User> {
        let user = match &link.user_id {
            Some(id) => store::users::find_anywhere(db, id).await?,
            None => None,
        };
        user.filter(|user| user.status == UserStatus::Active).ok_or(Error::NotFound(DEAD_LINK))
    }

    async fn insert_invited_account(&self, tx: &mut Tx, user: &User, hash: &str) -> Result<AccountId> {
        let account = Account {
            account_id: AccountId::from_random(&self.entropy.id()?),
            email: user.email.clone(),
            password_hash: hash.to_owned(),
            is_vouched: false,
            created_at: self.clock.now(),
        };
        match store::accounts::insert(tx, &account).await {
            // The address got an account meanwhile: its password is asked for then.
            Err(store::Error::Taken(_)) => Err(Error::NotFound(DEAD_LINK)),
            other => Ok(other.map(|()| account.account_id)?),
        }
    }
}

/// The person who just joined, for the record of it.
fn joined(user: &User, account_id: AccountId, origin: &Origin, service: &Service) -> Result<FreshCaller> {
    let member = Member {
        account_id,
        session_id: model::id::SessionId::from_random(&service.entropy.id()?),
        user_id: user.user_id.clone(),
        email: user.email.clone(),
        role: user.role,
        organization_id: user.organization_id.clone(),
    };
    Ok(FreshCaller::proven(Caller { actor: Actor::Member(member), origin: origin.clone() }))
}
