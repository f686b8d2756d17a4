//! Hashes: SHA-256 for secrets with enough entropy of their own, argon2id for passwords.

use std::fmt;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
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

    /// The hash to store, in PHC form with its own salt and parameters; on the operator's behalf.
    pub(crate) async fn hash(&self, password: &Password) -> Result<String> {
        self.hash_for(password, Subnet::UNKNOWN).await
    }

    /// The hash to store, on behalf of a client.
    pub(crate) async fn hash_for(&self, password: &Password, client: Subnet) -> Result<String> {
        let password = password.clone();
        in_turn(self.turn(client).await?, move || {
            let hash = argon2id()?.hash_password(password.reveal().as_bytes()).map_err(Error::Password)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is the one that was hashed; on the operator's behalf.
    pub(crate) async fn verify(&self, password: &Password, stored: Option<String>) -> Result<bool> {
        self.verify_in(self.turn(Subnet::UNKNOWN).await?, password, stored).await
    }

    /// Whether a password is the one that was hashed. Without a stored hash the answer is no, after as much work.
    pub(crate) async fn verify_in(
        &self,
        turn: Turn,
        password: &Password,
        stored: Option<String>,
    ) -> Result<bool> {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(hash_of_nobody);
        let password = password.clone();
        let fits = in_turn(turn, move || {
            let hash = PasswordHash::new(&stored).map_err(|error| Error::Password(error.into()))?;
            Ok(argon2id()?.verify_password(password.reveal().as_bytes(), &hash).is_ok())
        })
        .await?;
        Ok(fits && is_known)
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
        let stored = Passwords::new().hash(&Password::typed("correct horse battery")).await.unwrap();
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
