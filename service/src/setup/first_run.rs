//! The first run: a one-time link, and what is done with it.

use model::key::CreatedKey;
use model::organization::OrganizationSummary;
use model::session::NewSetup;
use store::links::{Link, Purpose};
use store::users::Membership;

use super::organization::NewOrganization;
use crate::actor::Origin;
use crate::crypto::{PlainToken, sha256};
use crate::error::{Error, Result};
use crate::sessions::SignedIn;
use crate::state::Service;

/// How long a set-up link is valid: a day. Starting the server again prints a new one.
const LINK_SECONDS: i64 = 24 * 3600;
const DEAD_LINK: &str =
    "This set-up link is not valid any more. Start the server again: it prints a new one.";

/// What the first run gives.
#[derive(Debug)]
pub struct SetUp {
    /// The admin's session.
    pub signed_in: SignedIn,
    /// The protected key, with its secret, this once.
    pub admin_key: CreatedKey,
}

impl Service {
    /// Whether there is an organization.
    pub async fn is_set_up(&self) -> Result<bool> {
        Ok(store::organizations::any(&mut self.store.read().await?).await?)
    }

    /// A new set-up link's token, while there is no organization.
    pub async fn issue_setup_link(&self) -> Result<Option<PlainToken>> {
        let mut tx = self.store.begin().await?;
        if store::organizations::any(&mut tx).await? {
            return Ok(None);
        }
        let now = self.clock.now();
        let token = PlainToken::new(self.entropy.token()?);
        let link = Link {
            purpose: Purpose::Setup,
            user_id: None,
            email_folded: None,
            created_at: now,
            expires_at: now.plus_seconds(LINK_SECONDS),
        };
        store::links::insert(&mut tx, &link, &token.hash()).await?;
        tx.commit().await?;
        Ok(Some(token))
    }

    /// Whether a set-up link still works.
    pub async fn setup_link_is_valid(&self, token: &str) -> Result<bool> {
        let mut db = self.store.read().await?;
        let link = store::links::find(&mut db, &sha256(token), Purpose::Setup, self.clock.now()).await?;
        Ok(link.is_some() && !store::organizations::any(&mut db).await?)
    }

    /// Makes the first organization with its admin, who is signed in. The link and all others of its kind end.
    pub async fn set_up(&self, token: &str, setup: NewSetup, origin: &Origin) -> Result<SetUp> {
        if !self.setup_link_is_valid(token).await? {
            return Err(Error::NotFound(DEAD_LINK));
        }
        let NewSetup { organization, user_name, email, password } = setup;
        let password = password.ok_or(Error::NotFound(DEAD_LINK))?;
        let password_hash = self.hash_for_address(&email, &password, origin.subnet()).await?;
        let mut tx = self.store.begin().await?;
        let link = store::links::take(&mut tx, &sha256(token), Purpose::Setup, self.clock.now()).await?;
        if link.is_none() || store::organizations::any(&mut tx).await? {
            return Err(Error::NotFound(DEAD_LINK));
        }
        store::links::delete_setup(&mut tx).await?;
        let account = self.insert_account(&mut tx, &email, password_hash, true).await?;
        let made = self
            .insert_organization(&mut tx, &organization, (&email, &user_name), Some(&account), origin)
            .await?;
        let NewOrganization { organization, admin, admin_key } = made;
        let summary =
            OrganizationSummary { organization_id: organization.organization_id, name: organization.name };
        let membership = Membership { user: admin, organization: summary };
        let signed_in = self.begin_session(&mut tx, &account, &membership, origin).await?;
        tx.commit().await?;
        Ok(SetUp { signed_in, admin_key })
    }
}
