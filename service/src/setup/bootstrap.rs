//! Making an organization from the command line.

use model::email::Email;
use model::field::Rule;
use model::id::{AccountId, InternalId, OrganizationId, UserId};
use model::key::PlainKey;
use model::password::Password;
use model::session::NewSetup;

use super::organization::NewOrganization;
use crate::actor::Origin;
use crate::error::{Error, Result};
use crate::state::{Service, retry};

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
}

/// How an organization's first admin signs in.
enum Sign {
    /// An account that exists.
    Existing(AccountId),
    /// A new one with this password hash.
    New(String),
    /// None: the admin cannot sign in until invited.
    None,
}

impl Service {
    /// Makes an organization and its first admin, who can sign in if there is a password. May be done again for further
    /// organizations; a person whose account the operator made before belongs to the new one as well.
    pub async fn bootstrap(&self, setup: NewSetup) -> Result<Bootstrapped> {
        let sign = self.sign_of(&setup.email, setup.password.as_ref()).await?;
        retry!(self.try_bootstrap(&setup, &sign).await)
    }

    async fn try_bootstrap(&self, setup: &NewSetup, sign: &Sign) -> Result<Bootstrapped> {
        let mut tx = self.store.begin().await?;
        let account = match sign {
            Sign::Existing(account) => Some(account.clone()),
            Sign::New(hash) => Some(self.insert_account(&mut tx, &setup.email, hash.clone()).await?),
            Sign::None => None,
        };
        let admin = (&setup.email, setup.user_name.as_str());
        let origin = Origin::default();
        let made =
            self.insert_organization(&mut tx, &setup.organization, admin, account.as_ref(), &origin).await?;
        store::links::delete_setup(&mut tx).await?;
        tx.commit().await?;
        let NewOrganization { organization, admin, admin_key } = made;
        Ok(Bootstrapped {
            organization_id: organization.organization_id,
            internal_id: organization.internal_id,
            user_id: admin.user_id,
            user_email: admin.email.into(),
            admin_key: admin_key.secret,
        })
    }

    /// An account that an invitation made proves nothing about its address: somebody may have invited themselves under
    /// another person's. It gets a new organization only with its password; one that the operator made gets it freely.
    async fn sign_of(&self, email: &Email, password: Option<&Password>) -> Result<Sign> {
        let account = store::accounts::find_by_email(&mut self.store.read().await?, &email.folded()).await?;
        match (account, password) {
            (None, None) => Ok(Sign::None),
            (None, Some(password)) => Ok(Sign::New(self.passwords.hash(password).await?)),
            (Some(account), None) if account.is_vouched => Ok(Sign::Existing(account.account_id)),
            (Some(_), None) => Err(Error::field(
                "password",
                Rule::Missing,
                "This e-mail has an account already, made by an invitation. Give its password with --password-file.",
            )),
            (Some(account), Some(password)) => {
                if self.passwords.verify(password, Some(account.password_hash)).await? {
                    return Ok(Sign::Existing(account.account_id));
                }
                let message = "This e-mail has an account already, and its password is another one.";
                Err(Error::field("password", Rule::ValueError, message))
            }
        }
    }
}
