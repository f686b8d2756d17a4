//! Hashes: SHA-256 for secrets with enough entropy of their own, argon2id for passwords.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
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

    /// Whether a password is the one that was hashed. Without a stored hash the answer is no, after as much work.
    pub(crate) async fn verify(&self, password: &Password, stored: Option<String>) -> Result<bool> {
        let is_known = stored.is_some();
        let stored = match stored {
            Some(stored) => stored,
            None => self.nobody.get_or_try_init(|| self.hash_of_nobody()).await?.clone(),
        };
        let password = password.clone();
        let fits = self
            .in_turn(move || {
                let hash = PasswordHash::new(&stored).map_err(|error| Error::Password(error.into()))?;
                Ok(argon2id()?.verify_password(password.reveal().as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(fits && is_known)
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
        assert!(passwords.verify(&password, Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify(&Password::typed("wrong"), Some(stored)).await.unwrap());
        assert!(!passwords.verify(&password, None).await.unwrap());
    }

    #[test]
    fn a_hash_is_written_as_the_contract_wants() {
        assert_eq!(hex(&sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
