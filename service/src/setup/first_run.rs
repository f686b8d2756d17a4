//! The first run: a one-time link, and the organization that is created with it.

use model::email::Email;
use model::key::CreatedKey;
use model::organization::OrganizationSummary;
use model::session::NewSetup;
use store::one_time_tokens::{OneTimeToken, Purpose};
use store::users::Membership;

use super::organization::NewOrganization;
use crate::actor::RequestContext;
use crate::crypto::{PlainToken, sha256};
use crate::error::{Error, Result};
use crate::sessions::SignedIn;
use crate::state::{Service, retry};

/// How long a setup link is valid: a day. Restarting the server prints a new one.
const LINK_SECONDS: i64 = 24 * 3600;
const INVALID_LINK: &str = "This setup link is no longer valid. Restart the server. It prints a new link.";

/// The result of the first run.
#[derive(Debug)]
pub struct SetUp {
    pub signed_in: SignedIn,
    /// The protected key with its secret, which is returned only here.
    pub admin_key: CreatedKey,
}

impl Service {
    /// Whether any organization exists.
    pub async fn is_set_up(&self) -> Result<bool> {
        Ok(store::organizations::any(&mut self.store.read().await?).await?)
    }

    /// Creates a setup link and returns its token. Returns `None` if an organization exists.
    pub async fn issue_setup_link(&self) -> Result<Option<PlainToken>> {
        retry!(self.try_issue_setup_link().await)
    }

    async fn try_issue_setup_link(&self) -> Result<Option<PlainToken>> {
        let mut tx = self.store.begin().await?;
        if store::organizations::any(&mut tx).await? {
            return Ok(None);
        }
        let now = self.clock.now();
        let token = PlainToken::new(self.entropy.token()?);
        let link = OneTimeToken {
            purpose: Purpose::Setup,
            user_id: None,
            email_folded: None,
            created_at: now,
            expires_at: now.plus_seconds(LINK_SECONDS),
        };
        store::one_time_tokens::insert(&mut tx, &link, &token.hash()).await?;
        tx.commit().await?;
        Ok(Some(token))
    }

    /// Whether a setup link still works.
    pub async fn setup_link_is_valid(&self, token: &str) -> Result<bool> {
        let mut db = self.store.read().await?;
        let link =
            store::one_time_tokens::find(&mut db, &sha256(token), Purpose::Setup, self.clock.now()).await?;
        Ok(link.is_some() && !store::organizations::any(&mut db).await?)
    }

    /// Creates the first organization with its admin, who is signed in. All setup links end.
    pub async fn set_up(&self, token: &str, setup: NewSetup, context: &RequestContext) -> Result<SetUp> {
        if !self.setup_link_is_valid(token).await? {
            return Err(Error::NotFound(INVALID_LINK));
        }
        let NewSetup { organization, user_name, email, password } = setup;
        let password = password.ok_or(Error::NotFound(INVALID_LINK))?;
        let password_hash = self.hash_for_address(&email, &password, context.subnet()).await?;
        let admin = (&email, user_name.as_str());
        retry!(self.try_set_up(token, &organization, admin, password_hash.clone(), context).await)
    }

    async fn try_set_up(
        &self,
        token: &str,
        organization: &str,
        (email, user_name): (&Email, &str),
        password_hash: String,
        context: &RequestContext,
    ) -> Result<SetUp> {
        let mut tx = self.store.begin().await?;
        let link = store::one_time_tokens::consume(&mut tx, &sha256(token), Purpose::Setup, self.clock.now())
            .await?;
        if link.is_none() || store::organizations::any(&mut tx).await? {
            return Err(Error::NotFound(INVALID_LINK));
        }
        store::one_time_tokens::delete_setup(&mut tx).await?;
        let account = self.insert_account(&mut tx, email, password_hash, true).await?;
        let made = self
            .insert_organization(&mut tx, organization, (email, user_name), Some(&account), context)
            .await?;
        let NewOrganization { organization, admin, admin_key } = made;
        let summary =
            OrganizationSummary { organization_id: organization.organization_id, name: organization.name };
        let membership = Membership { user: admin, organization: summary };
        let signed_in = self.begin_session(&mut tx, &account, &membership, context).await?;
        tx.commit().await?;
        Ok(SetUp { signed_in, admin_key })
    }
}
