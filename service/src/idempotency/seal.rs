//! Encrypts stored responses with `XChaCha20-Poly1305`. The key is not in the database.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, Zeroizing};

use crate::entropy::Entropy;
use crate::error::{Error, Result};

/// Length of a nonce: long enough for a random nonce to be unique.
const NONCE_BYTES: usize = 24;

/// The key that stored responses are sealed with. It is wiped from memory when dropped, and its `Debug` form is
/// `SealKey(…)`.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl SealKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Generates a new key, as bytes that can be stored.
    pub fn generate(entropy: &Entropy) -> Result<Zeroizing<[u8; 32]>> {
        Ok(Zeroizing::new(entropy.bytes()?))
    }

    /// Seals a text for one place: it cannot be opened with another value of `place`.
    pub(super) fn seal(&self, entropy: &Entropy, place: &[u8], text: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_BYTES] = entropy.bytes()?;
        let payload = Payload { msg: text, aad: place };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| Error::Seal)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens a text that was sealed with this key for this place.
    pub(super) fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: place };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

impl Drop for SealKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_data_opens_only_unchanged_with_the_same_key_and_context() {
        let entropy = Entropy::system();
        let (key, other) = (SealKey::new([1; 32]), SealKey::new([2; 32]));
        let sealed = key.seal(&entropy, b"here", b"secret").unwrap();
        assert_eq!(key.open(b"here", &sealed).as_deref().map(Vec::as_slice), Some(b"secret".as_slice()));
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_ne!(key.seal(&entropy, b"here", b"secret").unwrap(), sealed);
        assert!(other.open(b"here", &sealed).is_none() && key.open(b"there", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(key.open(b"here", &altered).is_none(), "{at}");
        }
        for length in 0..sealed.len() {
            assert!(key.open(b"here", &sealed[..length]).is_none(), "{length}");
        }
    }
}
