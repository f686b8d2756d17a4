//! Hashes and compares passwords.

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use model::password::Password;

use super::argon2id::{argon2id, computed, dummy_hash, parsed, share_parameters};
use crate::error::{Error, Result};
use crate::fair_queue::{FairQueue, Full, Permit};
use crate::subnet::Subnet;

/// Number of password hashes that run at the same time. More of them would take processor time and memory from
/// verifications.
const HASHES_AT_ONCE: usize = 2;
/// Seconds after which a client should try again if the queue is full: about as long as the last client in it waits.
const FULL_SECONDS: u64 = 5;

/// Hashes and compares passwords, on blocking threads and a few at a time.
#[derive(Clone)]
pub(crate) struct Passwords {
    turns: FairQueue,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { turns: FairQueue::new(HASHES_AT_ONCE) }
    }

    /// Returns the hash to store, in PHC form with a new salt. It is the hash of the normalized password.
    pub(crate) async fn hash_for(&self, password: &Password, client: Subnet) -> Result<String> {
        let password = password.normalized();
        run_blocking(self.turn(client).await?, move || {
            let hash = argon2id()?.hash_password(password.reveal().as_bytes()).map_err(Error::Password)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password matches a stored hash. In the fair queue, the work counts for [`Subnet::UNKNOWN`].
    pub(crate) async fn verify(&self, password: &Password, stored: String) -> Result<bool> {
        let fits = self.matching(self.turn(Subnet::UNKNOWN).await?, password, vec![stored]).await?;
        Ok(fits == [true])
    }

    /// Returns the hash to store for another account of the same address. It uses the salt and parameters of `other`,
    /// so that one computation can compare a password with both.
    pub(crate) async fn hash_with_salt_of(
        &self,
        password: &Password,
        other: Option<String>,
        client: Subnet,
    ) -> Result<String> {
        let Some(other) = other else { return self.hash_for(password, client).await };
        let password = password.normalized();
        run_blocking(self.turn(client).await?, move || Ok(computed(&password, &parsed(&other)?)?.to_string()))
            .await
    }

    /// Returns which of the stored hashes of one address a password matches. This takes one computation, however many
    /// hashes there are, and also if there are none. It takes two if the password was not typed in its normalized form,
    /// because hashes of earlier versions are of passwords as typed. A hash with another salt or other parameters than
    /// the first one never matches.
    pub(crate) async fn matching(
        &self,
        turn: Permit,
        password: &Password,
        stored: Vec<String>,
    ) -> Result<Vec<bool>> {
        let first = stored.first().cloned().unwrap_or_else(dummy_hash);
        let forms = forms_of(password);
        run_blocking(turn, move || {
            let first = parsed(&first)?;
            // All forms are computed even if the first one fits, so that the time depends on the typed text alone.
            let computed = forms.iter().map(|form| computed(form, &first)).collect::<Result<Vec<_>>>()?;
            let fits = |stored: &String| {
                let stored = parsed(stored)?;
                let is_of = |computed: &PasswordHash| {
                    share_parameters(&stored, computed) && stored.hash == computed.hash
                };
                Ok(stored.hash.is_some() && computed.iter().any(is_of))
            };
            stored.iter().map(fits).collect()
        })
        .await
    }

    /// Waits for a permit to hash, in the queue of the client's subnet.
    pub(crate) async fn turn(&self, client: Subnet) -> Result<Permit> {
        let turn = self.turns.acquire(client).await;
        turn.map_err(|Full| Error::TooManyAttempts { retry_after_seconds: FULL_SECONDS })
    }
}

/// The normalized form of a password, and the typed form if it is another one.
fn forms_of(password: &Password) -> Vec<Password> {
    let normalized = password.normalized();
    if normalized == *password { vec![normalized] } else { vec![normalized, password.clone()] }
}

/// Runs `work` on a blocking thread. The permit moves into the thread: if the client disconnects, the work goes on, and
/// the next piece of work must not start before it ends.
async fn run_blocking<T: Send + 'static>(
    turn: Permit,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let working = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    working.await.map_err(|_| Error::ShuttingDown)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::share_salt;

    async fn matching(passwords: &Passwords, password: &Password, stored: &[String]) -> Vec<bool> {
        let turn = passwords.turn(Subnet::UNKNOWN).await.unwrap();
        passwords.matching(turn, password, stored.to_vec()).await.unwrap()
    }

    #[tokio::test]
    async fn a_password_matches_only_its_own_hash() {
        let passwords = Passwords::new();
        let password = Password::typed("correct horse battery");
        let stored = passwords.hash_for(&password, Subnet::UNKNOWN).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{stored}");
        let wrong = Password::typed("wrong");
        assert!(passwords.verify(&password, stored.clone()).await.unwrap());
        assert!(!passwords.verify(&wrong, stored.clone()).await.unwrap());
        assert!(matching(&passwords, &password, &[]).await.is_empty());
        let again =
            passwords.hash_with_salt_of(&password, Some(stored.clone()), Subnet::UNKNOWN).await.unwrap();
        assert_eq!(again, stored);
    }

    #[tokio::test]
    async fn one_computation_finds_which_of_several_hashes_a_password_matches() {
        let passwords = Passwords::new();
        let (one, other) = (Password::typed("correct horse"), Password::typed("battery staple"));
        let first = passwords.hash_for(&one, Subnet::UNKNOWN).await.unwrap();
        let second = passwords.hash_with_salt_of(&other, Some(first.clone()), Subnet::UNKNOWN).await.unwrap();
        let stranger = passwords.hash_for(&one, Subnet::UNKNOWN).await.unwrap();
        let stored = [first.clone(), second.clone(), stranger.clone()];
        assert_eq!(matching(&passwords, &one, &stored).await, [true, false, false]);
        assert_eq!(matching(&passwords, &other, &stored).await, [false, true, false]);
        assert!(share_salt(&first, &second).unwrap() && !share_salt(&first, &stranger).unwrap());
    }

    const COMPOSED: &str = "motdepasse caf\u{e9}";
    const DECOMPOSED: &str = "motdepasse cafe\u{301}";

    #[tokio::test]
    async fn a_new_hash_matches_every_form_of_a_password_and_an_old_hash_the_form_it_was_made_from() {
        let passwords = Passwords::new();
        let [composed, decomposed] = [COMPOSED, DECOMPOSED].map(Password::typed);
        let set = passwords.hash_for(&decomposed, Subnet::UNKNOWN).await.unwrap();
        let also = passwords.hash_with_salt_of(&composed, Some(set.clone()), Subnet::UNKNOWN).await.unwrap();
        assert_eq!(set, also);
        // Earlier versions hashed the password as it was typed.
        let old = computed(&decomposed, &parsed(&set).unwrap()).unwrap().to_string();
        let stored = [set, old];
        assert_eq!(matching(&passwords, &decomposed, &stored).await, [true, true]);
        assert_eq!(matching(&passwords, &composed, &stored).await, [true, false]);
        assert_eq!(matching(&passwords, &Password::typed("motdepasse cafe"), &stored).await, [false, false]);
        assert!(passwords.verify(&decomposed, stored[0].clone()).await.unwrap());
    }

    #[test]
    fn only_a_password_that_is_not_typed_in_its_normalized_form_is_hashed_twice() {
        for (typed, hashes) in [("correct horse", 1), (COMPOSED, 1), (DECOMPOSED, 2), ("", 1)] {
            assert_eq!(forms_of(&Password::typed(typed)).len(), hashes, "{typed:?}");
        }
    }

    /// The memory for hashing stays bounded even if the clients do not wait for the result.
    #[tokio::test]
    async fn abandoned_work_keeps_its_turn() {
        let passwords = Passwords::new();
        let (begun, mut begins) = tokio::sync::mpsc::channel(10);
        let (end, ends) = std::sync::mpsc::sync_channel::<()>(10);
        let ends = std::sync::Arc::new(std::sync::Mutex::new(ends));
        let work = || {
            let (passwords, begun, ends) = (passwords.clone(), begun.clone(), ends.clone());
            tokio::spawn(async move {
                run_blocking(passwords.turn(Subnet::UNKNOWN).await?, move || {
                    begun.blocking_send(()).unwrap();
                    ends.lock().unwrap().recv().unwrap();
                    Ok(())
                })
                .await
            })
        };
        for _ in 0..HASHES_AT_ONCE {
            let abandoned = work();
            begins.recv().await.unwrap();
            abandoned.abort();
            assert!(abandoned.await.unwrap_err().is_cancelled());
        }
        let next = work();
        tokio::task::yield_now().await;
        assert_eq!(passwords.turns.free(), 0);
        assert!(begins.try_recv().is_err(), "more than {HASHES_AT_ONCE} at once");
        for _ in 0..=HASHES_AT_ONCE {
            end.send(()).unwrap();
        }
        next.await.unwrap().unwrap();
        begins.recv().await.unwrap();
    }

    #[tokio::test]
    async fn an_unknown_account_has_a_hash_like_all_others() {
        let stored = Passwords::new()
            .hash_for(&Password::typed("correct horse battery"), Subnet::UNKNOWN)
            .await
            .unwrap();
        let [stored, nobody] = [stored, dummy_hash()].map(|hash| {
            let hash = PasswordHash::new(&hash).unwrap();
            (hash.algorithm, hash.version, hash.params, hash.hash.map(|hash| hash.len()))
        });
        assert_eq!(stored, nobody);
    }
}
