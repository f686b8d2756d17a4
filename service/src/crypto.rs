//! Hashes: SHA-256 for secrets with enough entropy of their own, argon2id for passwords.

use std::fmt;

use argon2::password_hash::{CustomizedPasswordHasher, PasswordHasher, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use model::password::Password;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::error::{Error, Result};
use crate::subnet::Subnet;
use crate::turns::{Full, Turn, Turns};

/// Memory of one password hash, in KiB: 46 MiB with one pass and one lane, OWASP's first choice.
const MEMORY_KIB: u32 = 46 * 1024;
/// Password hashes at once: they must not take the processors or the memory from those who verify keys.
const HASHES_AT_ONCE: usize = 2;
/// Seconds after which there is room again where too many waited: about as long as the last of them waits.
const FULL_SECONDS: u64 = 5;

/// The SHA-256 of a secret.
pub(crate) fn sha256(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The hash that a lower-case hex text stands for.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8; 32]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A secret token of a session or a link. Wiped from memory when dropped; prints as `…`.
#[derive(Clone)]
pub struct PlainToken(String);

impl PlainToken {
    pub(crate) fn new(token: String) -> Self {
        Self(token)
    }

    /// The token itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

impl Drop for PlainToken {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Hashes and compares passwords, away from the async threads and a few at a time.
#[derive(Clone)]
pub(crate) struct Passwords {
    turns: Turns,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { turns: Turns::new(HASHES_AT_ONCE) }
    }

    /// The hash to store, in PHC form with its own salt and parameters.
    pub(crate) async fn hash_for(&self, password: &Password, client: Subnet) -> Result<String> {
        let password = password.clone();
        in_turn(self.turn(client).await?, move || {
            let hash = argon2id()?.hash_password(password.reveal().as_bytes()).map_err(Error::Password)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one that was hashed; on the operator's behalf.
    pub(crate) async fn verify(&self, password: &Password, stored: String) -> Result<bool> {
        let fits = self.fitting(self.turn(Subnet::UNKNOWN).await?, password, vec![stored]).await?;
        Ok(fits == [true])
    }

    /// The hash to store beside another one of the same address: with its salt and parameters, so that one computation
    /// tells which of the two a password fits.
    pub(crate) async fn hash_like(
        &self,
        password: &Password,
        other: Option<String>,
        client: Subnet,
    ) -> Result<String> {
        let Some(other) = other else { return self.hash_for(password, client).await };
        let password = password.clone();
        in_turn(self.turn(client).await?, move || Ok(computed(&password, &parsed(&other)?)?.to_string()))
            .await
    }

    /// Which of the stored hashes of one address a password fits. This is one computation, however many there are: it takes
    /// as long for none. What does not share the first one's salt and parameters fits nothing.
    pub(crate) async fn fitting(
        &self,
        turn: Turn,
        password: &Password,
        stored: Vec<String>,
    ) -> Result<Vec<bool>> {
        let first = stored.first().cloned().unwrap_or_else(hash_of_nobody);
        let password = password.clone();
        in_turn(turn, move || {
            let computed = computed(&password, &parsed(&first)?)?;
            let fits = |stored: &String| {
                let stored = parsed(stored)?;
                Ok(are_alike(&stored, &computed) && stored.hash.is_some() && stored.hash == computed.hash)
            };
            stored.iter().map(fits).collect()
        })
        .await
    }

    /// A turn at hashing, for a client.
    pub(crate) async fn turn(&self, client: Subnet) -> Result<Turn> {
        let turn = self.turns.take(client).await;
        turn.map_err(|Full| Error::TooManyAttempts { retry_after_seconds: FULL_SECONDS })
    }
}

/// Works on a thread for such work. The turn goes with it: a client that leaves does not end the work, and the next one must
/// not begin before it has ended.
async fn in_turn<T: Send + 'static>(
    turn: Turn,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let working = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    working.await.map_err(|_| Error::ShuttingDown)?
}

/// What a sign-in for an unknown address is compared with, so that it takes as long. No password has this hash.
fn hash_of_nobody() -> String {
    let (salt, hash) = ("bm9ib2R5IHNpZ25zIGlu", "A".repeat(43));
    format!("$argon2id$v=19$m={MEMORY_KIB},t=1,p=1${salt}${hash}")
}

/// Whether two stored hashes can be compared by one computation.
pub(crate) fn share_salt(one: &str, other: &str) -> Result<bool> {
    Ok(are_alike(&parsed(one)?, &parsed(other)?))
}

fn are_alike(one: &PasswordHash, other: &PasswordHash) -> bool {
    (&one.algorithm, one.version, &one.params, one.salt)
        == (&other.algorithm, other.version, &other.params, other.salt)
}

fn parsed(stored: &str) -> Result<PasswordHash> {
    PasswordHash::new(stored).map_err(|error| Error::Password(error.into()))
}

/// The hash of a password with the salt and the parameters of another hash.
fn computed(password: &Password, like: &PasswordHash) -> Result<PasswordHash> {
    let no_salt = argon2::password_hash::Error::SaltInvalid;
    let salt = like.salt.as_ref().ok_or(Error::Password(no_salt))?;
    let params = Params::try_from(like).map_err(Error::Password)?;
    let (algorithm, version) = (Some(like.algorithm.as_str()), like.version);
    argon2id()?
        .hash_password_customized(password.reveal().as_bytes(), salt, algorithm, version, params)
        .map_err(Error::Password)
}

fn argon2id() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, 1, 1, None).map_err(|error| Error::Password(error.into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fitting(passwords: &Passwords, password: &Password, stored: &[String]) -> Vec<bool> {
        let turn = passwords.turn(Subnet::UNKNOWN).await.unwrap();
        passwords.fitting(turn, password, stored.to_vec()).await.unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_only_its_own_hash() {
        let passwords = Passwords::new();
        let password = Password::typed("correct horse battery");
        let stored = passwords.hash_for(&password, Subnet::UNKNOWN).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{stored}");
        let wrong = Password::typed("wrong");
        assert!(passwords.verify(&password, stored.clone()).await.unwrap());
        assert!(!passwords.verify(&wrong, stored.clone()).await.unwrap());
        assert!(fitting(&passwords, &password, &[]).await.is_empty());
        let again = passwords.hash_like(&password, Some(stored.clone()), Subnet::UNKNOWN).await.unwrap();
        assert_eq!(again, stored);
    }

    #[tokio::test]
    async fn one_computation_tells_which_of_several_a_password_fits() {
        let passwords = Passwords::new();
        let (one, other) = (Password::typed("correct horse"), Password::typed("battery staple"));
        let first = passwords.hash_for(&one, Subnet::UNKNOWN).await.unwrap();
        let second = passwords.hash_like(&other, Some(first.clone()), Subnet::UNKNOWN).await.unwrap();
        let stranger = passwords.hash_for(&one, Subnet::UNKNOWN).await.unwrap();
        let stored = [first.clone(), second.clone(), stranger.clone()];
        assert_eq!(fitting(&passwords, &one, &stored).await, [true, false, false]);
        assert_eq!(fitting(&passwords, &other, &stored).await, [false, true, false]);
        assert!(share_salt(&first, &second).unwrap() && !share_salt(&first, &stranger).unwrap());
    }

    /// The memory that hashing takes is bounded also where those who asked for it do not wait.
    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_keeps_its_turn() {
        let passwords = Passwords::new();
        let (begun, mut begins) = tokio::sync::mpsc::channel(10);
        let (end, ends) = std::sync::mpsc::sync_channel::<()>(10);
        let ends = std::sync::Arc::new(std::sync::Mutex::new(ends));
        let work = || {
            let (passwords, begun, ends) = (passwords.clone(), begun.clone(), ends.clone());
            tokio::spawn(async move {
                in_turn(passwords.turn(Subnet::UNKNOWN).await?, move || {
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
    async fn nobody_has_a_hash_like_everybody_elses() {
        let stored = Passwords::new()
            .hash_for(&Password::typed("correct horse battery"), Subnet::UNKNOWN)
            .await
            .unwrap();
        let [stored, nobody] = [stored, hash_of_nobody()].map(|hash| {
            let hash = PasswordHash::new(&hash).unwrap();
            (hash.algorithm, hash.version, hash.params, hash.hash.map(|hash| hash.len()))
        });
        assert_eq!(stored, nobody);
    }

    #[test]
    fn a_hash_is_written_as_the_contract_wants() {
        assert_eq!(hex(&sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
