//! Which of an address's accounts a password belongs to.

use model::email::Email;
use model::id::AccountId;
use model::password::Password;
use model::text::fold;
use store::Tx;
use store::accounts::Account;

use crate::actor::Origin;
use crate::error::{Error, Result};
use crate::sessions::NOT_RIGHT;
use crate::state::Service;

/// An e-mail that is longer than any is cut, in characters.
const EMAIL_LENGTH_MAX: usize = 300;

/// An account, and what came of an attempt to sign in to it.
pub(super) struct Compared {
    pub(super) account: Account,
    /// Whether it is not closed after too many failures, so that the attempt was counted.
    pub(super) is_open: bool,
    /// Whether the password is the account's.
    fits: bool,
}

impl Compared {
    pub(super) fn is_proven(&self) -> bool {
        self.is_open && self.fits
    }
}

impl Service {
    /// Those accounts of an address whose password this is, at least one; all of them are tried, or `only` one. Attempts are
    /// slowed after failures, and nobody's succeed after too many in a row.
    ///
    /// Whether there is such an account, whether it is closed, and whether the password is right cannot be told apart: each
    /// attempt costs a comparison and a write, side by side, and is refused in the same words.
    pub(crate) async fn prove(
        &self,
        email: &str,
        only: Option<&AccountId>,
        password: &Password,
        origin: &Origin,
    ) -> Result<Vec<Account>> {
        let email_folded = fold(&email.chars().take(EMAIL_LENGTH_MAX).collect::<String>());
        let client = origin.subnet();
        self.attempts.begin(&email_folded, client, &self.clock)?;
        let turn = self.passwords.turn(client).await;
        let turn = turn.inspect_err(|_| self.attempts.not_made(&email_folded, client))?;
        let mut accounts = match Email::parse(email) {
            Ok(_) => store::accounts::find_by_email(&mut self.store.read().await?, &email_folded).await?,
            Err(_) => Vec::new(),
        };
        accounts.retain(|account| only.is_none_or(|id| *id == account.account_id));
        let hashes = accounts.iter().map(|account| account.password_hash.clone()).collect();
        let (are_open, fits) = tokio::join!(
            self.count_attempt(&accounts, origin),
            self.passwords.fitting(turn, password, hashes)
        );
        let outcomes = accounts.into_iter().zip(are_open?).zip(fits?);
        let compared: Vec<_> =
            outcomes.map(|((account, is_open), fits)| Compared { account, is_open, fits }).collect();
        if !compared.iter().any(Compared::is_proven) {
            for Compared { account, .. } in &compared {
                self.failed_sign_ins.note(&account.account_id, origin);
            }
            return Err(Error::Unauthorized(NOT_RIGHT));
        }
        // Also where other accounts of the address have another password: waits that went on would tell of them.
        self.attempts.succeeded(&email_folded, client);
        self.settle_attempt(&compared).await?;
        Ok(compared.into_iter().filter(Compared::is_proven).map(|compared| compared.account).collect())
    }

    /// Makes one account of those that somebody has just proven by one password, and ends the sessions of all of them: who
    /// gave an account another person's password by chance must not find that person's memberships in a session they have.
    pub(crate) async fn unite(&self, tx: &mut Tx, proven: &[Account]) -> Result<AccountId> {
        let accounts = self.still_proven(tx, proven).await?;
        let (first, others) = accounts.split_first().ok_or(Error::Unauthorized(NOT_RIGHT))?;
        for other in others {
            store::accounts::absorb(tx, &first.account_id, &other.account_id).await?;
            store::sessions::delete_others(tx, &first.account_id, None).await?;
        }
        Ok(first.account_id.clone())
    }

    /// Those of the proven accounts of one address, at least one, whose passwords are still the ones that were proven. The
    /// slow comparison takes a while, and whoever changed a password meanwhile did so to keep others out. They stay as they
    /// are until the transaction ends.
    pub(crate) async fn still_proven(&self, tx: &mut Tx, proven: &[Account]) -> Result<Vec<Account>> {
        let email = proven.first().map(|account| account.email.folded()).unwrap_or_default();
        store::accounts::lock_email(tx, &email).await?;
        let mut accounts = store::accounts::find_by_email(tx, &email).await?;
        accounts.retain(|account| proven.contains(account));
        if accounts.is_empty() { Err(Error::Unauthorized(NOT_RIGHT)) } else { Ok(accounts) }
    }
}
