//! Making an organization from the command line.

use model::field::Rule;
use model::id::{AccountId, InternalId, OrganizationId, UserId};
use model::key::PlainKey;
use model::session::NewSetup;

use super::organization::NewOrganization;
use crate::accounts::ResetLink;
use crate::actor::Origin;
use crate::error::{Error, Result};
use crate::state::{Service, retry};
use crate::subnet::Subnet;

/// What the operator's commands print.
#[derive(Debug)]
pub struct Bootstrapped {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its second id.
    pub internal_id: InternalId,
    /// The admin.
    pub user_id: UserId,
    /// The admin's e-mail, as first given.
    pub user_email: String,
    /// The secret of `admin-key`, this once.
    pub admin_key: PlainKey,
    /// By which the admin chooses a password, where they have none yet.
    pub link: Option<ResetLink>,
}

/// How an organization's first admin signs in.
enum Sign {
    /// An account that exists.
    Existing(AccountId),
    /// A new one with this password hash.
    New(String),
    /// By a link, through which they choose a password.
    Link,
}

impl Service {
    /// Makes an organization and its first admin, who signs in with the password, or else with the account that is proven to
    /// be theirs, or else by a link. May be done again for further organizations.
    pub async fn bootstrap(&self, setup: NewSetup) -> Result<Bootstrapped> {
        retry!(self.try_bootstrap(&setup).await)
    }

    async fn try_bootstrap(&self, setup: &NewSetup) -> Result<Bootstrapped> {
        let sign = self.sign_of(setup).await?;
        let mut tx = self.store.begin().await?;
        let account = match &sign {
            Sign::Existing(account) => Some(account.clone()),
            Sign::New(hash) => Some(self.insert_account(&mut tx, &setup.email, hash.clone(), true).await?),
            Sign::Link => None,
        };
        let admin = (&setup.email, setup.user_name.as_str());
        let origin = Origin::default();
        let made =
            self.insert_organization(&mut tx, &setup.organization, admin, account.as_ref(), &origin).await?;
        let NewOrganization { organization, admin, admin_key } = made;
        let link = match sign {
            Sign::Link => Some(self.insert_reset_link(&mut tx, &setup.email, Some(&admin.user_id)).await?),
            Sign::Existing(_) | Sign::New(_) => None,
        };
        store::links::delete_setup(&mut tx).await?;
        tx.commit().await?;
        Ok(Bootstrapped {
            organization_id: organization.organization_id,
            internal_id: organization.internal_id,
            user_id: admin.user_id,
            user_email: admin.email.into(),
            admin_key: admin_key.secret,
            link,
        })
    }

    /// Only a proven account counts here: a provisional one may be anybody's, and stays as it is.
    async fn sign_of(&self, setup: &NewSetup) -> Result<Sign> {
        let email = &setup.email;
        let mut db = self.store.read().await?;
        let accounts = store::accounts::find_by_email(&mut db, &email.folded()).await?;
        drop(db);
        let proven = accounts.into_iter().find(|account| account.is_vouched);
        match (proven, &setup.password) {
            (Some(account), None) => Ok(Sign::Existing(account.account_id)),
            (None, None) => Ok(Sign::Link),
            (None, Some(password)) => {
                Ok(Sign::New(self.hash_for_address(email, password, Subnet::UNKNOWN).await?))
            }
            (Some(account), Some(password)) => {
                if self.passwords.verify(password, account.password_hash).await? {
                    return Ok(Sign::Existing(account.account_id));
                }
                let message = "This e-mail has an account already, and its password is another one.";
                Err(Error::field("password", Rule::ValueError, message))
            }
        }
    }
}
