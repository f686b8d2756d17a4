//! Creates an organization from the command line.

use model::field::Rule;
use model::id::{AccountId, InternalId, OrganizationId, UserId};
use model::key::PlainKey;
use model::session::NewSetup;

use super::organization::NewOrganization;
use crate::accounts::ResetLink;
use crate::actor::RequestContext;
use crate::error::{Error, Result};
use crate::state::{Service, retry};
use crate::subnet::Subnet;

const NAME_TAKEN: &str = "There already is an organization with this name. Letter case and blanks make no difference. \
                          Choose another name. If you want two organizations with one name, add the option \
                          --allow-same-name.";

/// The result of the operator's commands, for printing.
#[derive(Debug)]
pub struct Bootstrapped {
    pub organization_id: OrganizationId,
    pub internal_id: InternalId,
    /// The user who owns `admin-key`.
    pub user_id: UserId,
    /// The user's e-mail, as it was first entered.
    pub user_email: String,
    /// The secret of `admin-key`. It is returned only here.
    pub admin_key: PlainKey,
    /// The link by which the admin of a new organization chooses a password, if they have none yet.
    pub link: Option<ResetLink>,
}

/// What happens if another organization has the name of a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameName {
    Refuse,
    Allow,
}

/// How the first admin of an organization signs in.
enum SignInMethod {
    /// With an existing account.
    Existing(AccountId),
    /// With a new account that has this password hash.
    New(String),
    /// By a link through which they choose a password.
    Link,
}

impl Service {
    /// Creates an organization and its first admin. The admin signs in with the given password; without one, with the
    /// proven account of the address; and without that, by a link. Can be repeated for further organizations. Two
    /// spellings of a name are one name, whatever their letter case and blanks. The name of an organization that was
    /// removed is free.
    pub async fn bootstrap(&self, setup: NewSetup, same_name: SameName) -> Result<Bootstrapped> {
        retry!(self.try_bootstrap(&setup, same_name).await)
    }

    async fn try_bootstrap(&self, setup: &NewSetup, same_name: SameName) -> Result<Bootstrapped> {
        let sign = self.sign_in_method(setup).await?;
        let mut tx = self.store.begin().await?;
        store::organizations::lock_name(&mut tx, &setup.organization).await?;
        if same_name == SameName::Refuse
            && store::organizations::any_named(&mut tx, &setup.organization).await?
        {
            return Err(Error::field("organization", Rule::ValueError, NAME_TAKEN));
        }
        let account = match &sign {
            SignInMethod::Existing(account) => Some(account.clone()),
            SignInMethod::New(hash) => {
                Some(self.insert_account(&mut tx, &setup.email, hash.clone(), true).await?)
            }
            SignInMethod::Link => None,
        };
        let admin = (&setup.email, setup.user_name.as_str());
        let context = RequestContext::default();
        let made =
            self.insert_organization(&mut tx, &setup.organization, admin, account.as_ref(), &context).await?;
        let NewOrganization { organization, admin, admin_key } = made;
        let link = match sign {
            SignInMethod::Link => {
                Some(self.insert_reset_link(&mut tx, &setup.email, Some(&admin.user_id)).await?)
            }
            SignInMethod::Existing(_) | SignInMethod::New(_) => None,
        };
        store::one_time_tokens::delete_setup(&mut tx).await?;
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

    /// Decides how the admin signs in. Only a proven account counts: a provisional one may belong to another person and
    /// stays as it is.
    async fn sign_in_method(&self, setup: &NewSetup) -> Result<SignInMethod> {
        let email = &setup.email;
        let mut db = self.store.read().await?;
        let accounts = store::accounts::find_by_email(&mut db, email.as_str()).await?;
        drop(db);
        let proven = accounts.into_iter().find(|account| account.is_proven);
        match (proven, &setup.password) {
            (Some(account), None) => Ok(SignInMethod::Existing(account.account_id)),
            (None, None) => Ok(SignInMethod::Link),
            (None, Some(password)) => {
                Ok(SignInMethod::New(self.hash_for_address(email, password, Subnet::UNKNOWN).await?))
            }
            (Some(account), Some(password)) => {
                if self.passwords.verify(password, account.password_hash).await? {
                    return Ok(SignInMethod::Existing(account.account_id));
                }
                let message = "An account with this e-mail address already exists and has a different password. Give the \
                               password of that account.";
                Err(Error::field("password", Rule::ValueError, message))
            }
        }
    }
}
