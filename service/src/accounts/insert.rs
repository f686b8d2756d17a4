//! Adds accounts.

use model::email::Email;
use model::id::AccountId;
use model::password::Password;
use store::Tx;
use store::accounts::Account;

use crate::crypto::share_salt;
use crate::error::{Error, Result};
use crate::state::Service;
use crate::subnet::Subnet;

impl Service {
    /// Returns the hash of a password for a new account of an address. All accounts of one address share a salt, so
    /// that signing in takes one computation, however many accounts there are.
    pub(crate) async fn hash_for_address(
        &self,
        email: &Email,
        password: &Password,
        client: Subnet,
    ) -> Result<String> {
        let mut db = self.store.read().await?;
        let accounts = store::accounts::find_by_email(&mut db, email.as_str()).await?;
        drop(db);
        let other = accounts.into_iter().next().map(|account| account.password_hash);
        self.passwords.hash_with_salt_of(password, other, client).await
    }

    /// Writes a new account with a hash from [`Service::hash_for_address`]. Returns [`Error::Conflict`] if the address
    /// has meanwhile got another salt or another proven account.
    pub(crate) async fn insert_account(
        &self,
        tx: &mut Tx,
        email: &Email,
        password_hash: String,
        is_proven: bool,
    ) -> Result<AccountId> {
        store::accounts::lock_email(tx, &email.folded()).await?;
        let others = store::accounts::find_by_email(tx, email.as_str()).await?;
        if let Some(other) = others.first()
            && !share_salt(&other.password_hash, &password_hash)?
        {
            return Err(Error::Conflict);
        }
        let account = self.write_account(tx, email, password_hash, is_proven).await?;
        self.count_guess(tx, &account).await?;
        Ok(account.account_id)
    }

    pub(super) async fn write_account(
        &self,
        tx: &mut Tx,
        email: &Email,
        password_hash: String,
        is_proven: bool,
    ) -> Result<Account> {
        let account = Account {
            account_id: AccountId::from_random(&self.entropy.id()?),
            email: email.clone(),
            password_hash,
            is_proven,
            created_at: self.clock.now(),
        };
        match store::accounts::insert(tx, &account).await {
            Err(store::Error::Taken(_)) => Err(Error::Conflict),
            other => Ok(other.map(|()| account)?),
        }
    }
}
