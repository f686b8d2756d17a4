//! A new password by the operator's one-time link.

use model::Timestamp;
use model::audit::AuditAction;
use model::email::Email;
use model::field::{FieldErrors, Rule};
use model::id::{AccountId, OrganizationId, UserId};
use model::password::Password;
use model::user::{User, UserStatus};
use store::links::{Link, Purpose};
use store::{Connection, Tx};

use crate::actor::{Actor, Caller, Origin};
use crate::audit::{Changes, Subject};
use crate::crypto::{PlainToken, sha256};
use crate::error::{Error, Result};
use crate::recheck::FreshCaller;
use crate::sessions::SignedIn;
use crate::state::{Service, retry};

/// How long a link is valid: 30 minutes.
const LINK_SECONDS: i64 = 30 * 60;
const DEAD_LINK: &str = "This link is not valid any more. Ask the operator of the server for a new one.";
const NOBODY: &str = "There is no active member with this e-mail.";

/// A link for a new password, as it is handed out.
#[derive(Debug)]
pub struct ResetLink {
    /// What the link holds. Kept nowhere else.
    pub token: PlainToken,
    /// The moment from which it is refused.
    pub expires_at: Timestamp,
    /// Whose password it replaces.
    pub email: Email,
    /// The organizations that one signs in to with it.
    pub organizations: Vec<OrganizationId>,
}

/// What a link for a new password shows before it is used.
#[derive(Debug)]
pub struct Reset {
    /// Whose password it replaces.
    pub email: Email,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Service {
    /// A link by which the owner of an address chooses a new password, for whoever has access to the database: never for a
    /// request. Earlier links of the address end now, its sessions when the link is used.
    ///
    /// It reaches the organizations that the address has joined, and the one that is named. Where nothing was joined and one
    /// organization alone knows the address, that one need not be named.
    pub async fn create_reset_link(
        &self,
        email: &Email,
        organization: Option<&OrganizationId>,
    ) -> Result<ResetLink> {
        retry!(self.try_create_reset_link(email, organization).await)
    }

    async fn try_create_reset_link(
        &self,
        email: &Email,
        organization: Option<&OrganizationId>,
    ) -> Result<ResetLink> {
        let mut tx = self.store.begin().await?;
        let further = self.further(&mut tx, email, organization).await?;
        let link = self.insert_reset_link(&mut tx, email, further.as_ref()).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// The membership that the link joins besides those that the address has joined already.
    async fn further(
        &self,
        tx: &mut Tx,
        email: &Email,
        organization: Option<&OrganizationId>,
    ) -> Result<Option<UserId>> {
        let mut users = active_users(tx, &email.folded()).await?;
        if organization.is_none() && users.iter().any(|user| user.can_sign_in) {
            return Ok(None);
        }
        users.retain(|user| organization.is_none_or(|id| *id == user.organization_id));
        match users.as_slice() {
            [] => Err(Error::NotFound(NOBODY)),
            [user] => Ok(Some(user.user_id.clone())),
            several => {
                let ids: Vec<_> = several.iter().map(|user| user.organization_id.as_str()).collect();
                let message =
                    format!("This e-mail belongs to several organizations. Name one of: {}.", ids.join(", "));
                Err(Error::field("organization", Rule::Missing, &message))
            }
        }
    }

    /// Writes the link, and its record in every organization that it reaches.
    pub(crate) async fn insert_reset_link(
        &self,
        tx: &mut Tx,
        email: &Email,
        further: Option<&UserId>,
    ) -> Result<ResetLink> {
        let now = self.clock.now();
        let token = PlainToken::new(self.entropy.token()?);
        let expires_at = now.plus_seconds(LINK_SECONDS);
        let link = Link {
            purpose: Purpose::Reset,
            user_id: further.cloned(),
            email_folded: Some(email.folded()),
            created_at: now,
            expires_at,
        };
        store::accounts::lock_email(tx, &email.folded()).await?;
        store::links::delete_resets(tx, &email.folded()).await?;
        store::links::insert(tx, &link, &token.hash()).await?;
        let mut organizations = Vec::new();
        for user in active_users(tx, &email.folded()).await? {
            if !user.can_sign_in && further != Some(&user.user_id) {
                continue;
            }
            let operator = Actor::Operator(user.organization_id.clone());
            let caller = FreshCaller::proven(Caller { actor: operator, origin: Origin::default() });
            let (action, subject) = (AuditAction::PasswordResetCreated, Subject::User(&user.user_id));
            self.record(tx, &caller, action, subject, Changes::default()).await?;
            organizations.push(user.organization_id);
        }
        Ok(ResetLink { token, expires_at, email: email.clone(), organizations })
    }

    /// What a link for a new password shows before it is used.
    pub async fn reset(&self, token: &str) -> Result<Reset> {
        let mut db = self.store.read().await?;
        let link = store::links::find(&mut db, &sha256(token), Purpose::Reset, self.clock.now()).await?;
        let link = link.ok_or(Error::NotFound(DEAD_LINK))?;
        Ok(Reset { email: email_of(&mut db, &link).await?, expires_at: link.expires_at })
    }

    /// Gives an address a new password and signs its owner in. The address is proven by it: its account takes over all others
    /// of the address, whose passwords and sessions end.
    pub async fn reset_password(
        &self,
        token: &str,
        password: &Password,
        origin: &Origin,
    ) -> Result<SignedIn> {
        self.reset(token).await?;
        let mut errors = FieldErrors::default();
        errors.take("password", password.check());
        errors.or(Some(()))?;
        // With a salt of its own: no account with another one is left.
        let hash = self.passwords.hash_for(password, origin.subnet()).await?;
        retry!(self.try_reset_password(token, &hash, origin).await)
    }

    async fn try_reset_password(&self, token: &str, hash: &str, origin: &Origin) -> Result<SignedIn> {
        let mut tx = self.store.begin().await?;
        let link = store::links::take(&mut tx, &sha256(token), Purpose::Reset, self.clock.now()).await?;
        let link = link.ok_or(Error::NotFound(DEAD_LINK))?;
        let email = email_of(&mut tx, &link).await?;
        let account = self.take_over(&mut tx, &email, hash, origin).await?;
        for user in active_users(&mut tx, &email.folded()).await? {
            if link.user_id.as_ref() == Some(&user.user_id) {
                store::users::link_account(&mut tx, &user.user_id, &account).await?;
            }
        }
        let memberships = store::users::memberships(&mut tx, &account).await?;
        let named =
            memberships.iter().find(|membership| link.user_id.as_ref() == Some(&membership.user.user_id));
        let membership = named.or(memberships.first()).ok_or(Error::Forbidden(NOBODY))?;
        for membership in &memberships {
            let caller = self.person(&membership.user, &account, origin)?;
            let changes = Changes::default().added("link", "operator");
            let subject = Subject::User(&membership.user.user_id);
            self.record(&mut tx, &caller, AuditAction::PasswordChanged, subject, changes).await?;
        }
        let signed_in = self.begin_session(&mut tx, &account, membership, origin).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// The proven account of an address, with this password, all memberships of its other accounts and no sessions.
    async fn take_over(&self, tx: &mut Tx, email: &Email, hash: &str, origin: &Origin) -> Result<AccountId> {
        let folded = email.folded();
        store::accounts::lock_email(tx, &folded).await?;
        let accounts = store::accounts::find_by_email(tx, &folded).await?;
        let account = match accounts.iter().find(|account| account.is_vouched) {
            Some(account) => account.clone(),
            None => self.write_account(tx, email, hash.to_owned(), true).await?,
        };
        let id = account.account_id.clone();
        for other in accounts.iter().filter(|other| other.account_id != id) {
            store::accounts::absorb(tx, &id, &other.account_id).await?;
        }
        self.set_password(tx, &account, hash).await?;
        self.clear_failures(tx, &account, origin.subnet()).await?;
        store::sessions::delete_others(tx, &id, None).await?;
        Ok(id)
    }
}

/// The active members of all organizations with this folded address.
async fn active_users(db: &mut impl Connection, email_folded: &str) -> Result<Vec<User>> {
    let mut users = store::users::find_everywhere(db, email_folded).await?;
    users.retain(|user| user.status == UserStatus::Active);
    Ok(users)
}

/// The address of a link, as a member's.
async fn email_of(db: &mut impl Connection, link: &Link) -> Result<Email> {
    let folded = link.email_folded.as_deref().unwrap_or_default();
    let user = active_users(db, folded).await?.into_iter().next();
    user.map(|user| user.email).ok_or(Error::NotFound(DEAD_LINK))
}
