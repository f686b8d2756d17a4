//! Sets a new password by the operator's one-time link.

use model::Timestamp;
use model::audit::AuditAction;
use model::email::Email;
use model::field::{FieldErrors, Rule};
use model::id::{AccountId, OrganizationId, UserId};
use model::password::Password;
use model::user::{User, UserStatus};
use store::one_time_tokens::{OneTimeToken, Purpose};
use store::{Connection, Tx};

use crate::actor::RequestContext;
use crate::audit::{AuditTarget, Changes};
use crate::crypto::{PlainToken, sha256};
use crate::error::{Error, Result};
use crate::reauthorize::AuthorizedCaller;
use crate::sessions::SignedIn;
use crate::state::{Service, retry};

/// How long a link is valid: 30 minutes.
const LINK_SECONDS: i64 = 30 * 60;
const INVALID_LINK: &str = "This link is no longer valid. Ask the operator of the server for a new one.";
const NO_MEMBER: &str = "There is no active member with this e-mail address.";

/// A new link for a new password.
#[derive(Debug)]
pub struct ResetLink {
    /// The token of the link. Only its hash is stored.
    pub token: PlainToken,
    /// The time from which the link is refused.
    pub expires_at: Timestamp,
    /// The address whose password the link replaces.
    pub email: Email,
    /// The organizations that the person can sign in to after using the link.
    pub organizations: Vec<OrganizationId>,
}

/// The details of a link for a new password that its page shows before it is used.
#[derive(Debug)]
pub struct Reset {
    /// The address whose password the link replaces.
    pub email: Email,
    pub expires_at: Timestamp,
}

impl Service {
    /// Creates a link by which the owner of an address chooses a new password. Only for callers with access to the
    /// database, never for a request. Earlier links of the address end now. Its sessions end when the link is used.
    ///
    /// The link covers the organizations that the address has joined, and `organization`. If the address has joined
    /// none and only one organization has a member with this address, `organization` can be left out.
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
        let joining_user = self.joining_user(&mut tx, email, organization).await?;
        store::accounts::lock_email(&mut tx, &email.folded()).await?;
        store::one_time_tokens::delete_resets(&mut tx, email.as_str()).await?;
        let link = self.insert_reset_link(&mut tx, email, joining_user.as_ref()).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Returns the user that the link adds to the account, if any. The link always covers the organizations that the
    /// address has already joined.
    async fn joining_user(
        &self,
        tx: &mut Tx,
        email: &Email,
        organization: Option<&OrganizationId>,
    ) -> Result<Option<UserId>> {
        let mut users = active_users(tx, email.as_str()).await?;
        if organization.is_none() && users.iter().any(|user| user.can_sign_in) {
            return Ok(None);
        }
        users.retain(|user| organization.is_none_or(|id| *id == user.organization_id));
        match users.as_slice() {
            [] => Err(Error::NotFound(NO_MEMBER)),
            [user] => Ok(Some(user.user_id.clone())),
            several => {
                let ids: Vec<_> = several.iter().map(|user| user.organization_id.as_str()).collect();
                let message = format!(
                    "This e-mail address is used in several organizations. Choose one of: {}.",
                    ids.join(", ")
                );
                Err(Error::field("organization", Rule::Missing, &message))
            }
        }
    }

    /// Writes the link, and an audit record in every organization that it covers. Earlier links of the address stay. A
    /// person who becomes the first admin of two organizations gets a link for each.
    pub(crate) async fn insert_reset_link(
        &self,
        tx: &mut Tx,
        email: &Email,
        joining_user: Option<&UserId>,
    ) -> Result<ResetLink> {
        let now = self.clock.now();
        let token = PlainToken::new(self.entropy.token()?);
        let expires_at = now.plus_seconds(LINK_SECONDS);
        let link = OneTimeToken {
            purpose: Purpose::Reset,
            user_id: joining_user.cloned(),
            email_folded: Some(email.folded()),
            created_at: now,
            expires_at,
        };
        store::accounts::lock_email(tx, &email.folded()).await?;
        store::one_time_tokens::insert(tx, &link, &token.hash()).await?;
        let mut organizations = Vec::new();
        for user in active_users(tx, email.as_str()).await? {
            if !user.can_sign_in && joining_user != Some(&user.user_id) {
                continue;
            }
            let caller = AuthorizedCaller::operator(user.organization_id.clone());
            let (action, target) = (AuditAction::PasswordResetCreated, AuditTarget::User(&user.user_id));
            self.record(tx, &caller, action, target, Changes::default()).await?;
            organizations.push(user.organization_id);
        }
        Ok(ResetLink { token, expires_at, email: email.clone(), organizations })
    }

    /// Finds the link of a token, for the page that shows it.
    pub async fn reset(&self, token: &str) -> Result<Reset> {
        let mut db = self.store.read().await?;
        let link =
            store::one_time_tokens::find(&mut db, &sha256(token), Purpose::Reset, self.clock.now()).await?;
        let link = link.ok_or(Error::NotFound(INVALID_LINK))?;
        Ok(Reset { email: email_of(&mut db, &link).await?, expires_at: link.expires_at })
    }

    /// Sets a new password for an address and signs its owner in. The link proves the address: its account takes over
    /// all other accounts of the address, whose passwords and sessions end.
    pub async fn reset_password(
        &self,
        token: &str,
        password: &Password,
        context: &RequestContext,
    ) -> Result<SignedIn> {
        self.reset(token).await?;
        let mut errors = FieldErrors::default();
        errors.take("password", password.check());
        errors.or(Some(()))?;
        // The hash gets a new salt. The reset leaves one account, so no account of the address keeps another salt.
        let hash = self.passwords.hash_for(password, context.subnet()).await?;
        retry!(self.try_reset_password(token, &hash, context).await)
    }

    async fn try_reset_password(
        &self,
        token: &str,
        hash: &str,
        context: &RequestContext,
    ) -> Result<SignedIn> {
        let mut tx = self.store.begin().await?;
        let link = store::one_time_tokens::consume(&mut tx, &sha256(token), Purpose::Reset, self.clock.now())
            .await?;
        let link = link.ok_or(Error::NotFound(INVALID_LINK))?;
        let email = email_of(&mut tx, &link).await?;
        let account = self.complete_reset(&mut tx, &email, hash, context).await?;
        for user in active_users(&mut tx, email.as_str()).await? {
            if link.user_id.as_ref() == Some(&user.user_id) {
                store::users::link_account(&mut tx, &user.user_id, &account).await?;
            }
        }
        let memberships = store::users::memberships(&mut tx, &account).await?;
        let named =
            memberships.iter().find(|membership| link.user_id.as_ref() == Some(&membership.user.user_id));
        let membership = named.or(memberships.first()).ok_or(Error::Forbidden(NO_MEMBER))?;
        for membership in &memberships {
            let caller = self.person(&membership.user, &account, context)?;
            let changes = Changes::default().added("link", "operator");
            let target = AuditTarget::User(&membership.user.user_id);
            self.record(&mut tx, &caller, AuditAction::PasswordChanged, target, changes).await?;
        }
        let signed_in = self.begin_session(&mut tx, &account, membership, context).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Returns the proven account of the address, and creates it if there is none. The account gets this password and
    /// the memberships of all other accounts of the address. All its sessions end.
    async fn complete_reset(
        &self,
        tx: &mut Tx,
        email: &Email,
        hash: &str,
        context: &RequestContext,
    ) -> Result<AccountId> {
        store::accounts::lock_email(tx, &email.folded()).await?;
        let accounts = store::accounts::find_by_email(tx, email.as_str()).await?;
        let account = match accounts.iter().find(|account| account.is_proven) {
            Some(account) => account.clone(),
            None => self.write_account(tx, email, hash.to_owned(), true).await?,
        };
        let id = account.account_id.clone();
        for other in accounts.iter().filter(|other| other.account_id != id) {
            store::accounts::merge(tx, &id, &other.account_id).await?;
        }
        self.set_password(tx, &account, hash).await?;
        store::one_time_tokens::delete_resets_of_joined(tx, email.as_str()).await?;
        self.clear_failures(tx, &account, context.subnet()).await?;
        store::sessions::delete_others(tx, &id, None).await?;
        Ok(id)
    }
}

/// Finds the active members with this address in all organizations.
async fn active_users(db: &mut impl Connection, email: &str) -> Result<Vec<User>> {
    let mut users = store::users::find_everywhere(db, email).await?;
    users.retain(|user| user.status == UserStatus::Active);
    Ok(users)
}

/// Returns the address of a link as an active member spells it.
async fn email_of(db: &mut impl Connection, link: &OneTimeToken) -> Result<Email> {
    let folded = link.email_folded.as_deref().unwrap_or_default();
    let user = active_users(db, folded).await?.into_iter().next();
    user.map(|user| user.email).ok_or(Error::NotFound(INVALID_LINK))
}
