//! Hashes: SHA-256 for secrets with enough entropy of their own, argon2id for passwords.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::{CustomizedPasswordHasher, PasswordHasher, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use model::password::Password;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use zeroize::Zeroize;

use crate::error::{Error, Result};

/// Memory of one password hash, in KiB: 46 MiB with one pass and one lane, OWASP's first choice.
const MEMORY_KIB: u32 = 46 * 1024;
/// Password hashes at once: they must not take the processors or the memory from those who verify keys.
const HASHES_AT_ONCE: usize = 2;

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
    turns: Arc<Semaphore>,
    /// What a sign-in for an unknown address is compared with, so that it takes as long.
    nobody: Arc<tokio::sync::OnceCell<String>>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(HASHES_AT_ONCE)), nobody: Arc::default() }
    }

    /// The hash to store, in PHC form with its own salt and parameters.
    pub(crate) async fn hash(&self, password: &Password) -> Result<String> {
        let password = password.clone();
        self.in_turn(move || {
            let hash = argon2id()?.hash_password(password.reveal().as_bytes()).map_err(Error::Password)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// The hash to store beside another one of the same address: with its salt and parameters, so that one computation
    /// tells which of the two a password fits.
    pub(crate) async fn hash_like(&self, password: &Password, other: Option<String>) -> Result<String> {
        let Some(other) = other else { return self.hash(password).await };
        let password = password.clone();
        self.in_turn(move || Ok(computed(&password, &parsed(&other)?)?.to_string())).await
    }

    /// Which of the stored hashes of one address a password fits. This is one computation, however many there are: it takes
    /// as long for none. What does not share the first one's salt and parameters fits nothing.
    pub(crate) async fn fitting(&self, password: &Password, stored: Vec<String>) -> Result<Vec<bool>> {
        let first = match stored.first() {
            Some(first) => first.clone(),
            None => self.nobody.get_or_try_init(|| self.hash_of_nobody()).await?.clone(),
        };
        let password = password.clone();
        self.in_turn(move || {
            let computed = computed(&password, &parsed(&first)?)?;
            stored
                .iter()
                .map(|stored| {
                    let stored = parsed(stored)?;
                    Ok(are_alike(&stored, &computed) && stored.hash.is_some() && stored.hash == computed.hash)
                })
                .collect()
        })
        .await
    }

    async fn hash_of_nobody(&self) -> Result<String> {
        self.hash(&Password::typed("nobody signs in with this")).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(|_| Error::ShuttingDown)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::ShuttingDown)?
    }
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

    #[tokio::test]
    async fn a_password_fits_only_its_own_hash() {
        let passwords = Passwords::new();
        let password = Password::typed("correct horse battery");
        let stored = passwords.hash(&password).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"), "{stored}");
        let wrong = Password::typed("wrong");
        assert_eq!(passwords.fitting(&password, vec![stored.clone()]).await.unwrap(), [true]);
        assert_eq!(passwords.fitting(&wrong, vec![stored.clone()]).await.unwrap(), [false]);
        assert!(passwords.fitting(&password, Vec::new()).await.unwrap().is_empty());
        let again = passwords.hash_like(&password, Some(stored.clone())).await.unwrap();
        assert_eq!(again, stored);
    }

    #[tokio::test]
    async fn one_computation_tells_which_of_several_a_password_fits() {
        let passwords = Passwords::new();
        let (one, other) = (Password::typed("correct horse"), Password::typed("battery staple"));
        let first = passwords.hash(&one).await.unwrap();
        let second = passwords.hash_like(&other, Some(first.clone())).await.unwrap();
        let stranger = passwords.hash(&one).await.unwrap();
        let stored = vec![first.clone(), second.clone(), stranger.clone()];
        assert_eq!(passwords.fitting(&one, stored.clone()).await.unwrap(), [true, false, false]);
        assert_eq!(passwords.fitting(&other, stored).await.unwrap(), [false, true, false]);
        assert!(share_salt(&first, &second).unwrap() && !share_salt(&first, &stranger).unwrap());
    }

    #[test]
    fn a_hash_is_written_as_the_contract_wants() {
        assert_eq!(hex(&sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
