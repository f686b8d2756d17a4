//! The only module that gets random values.

use crate::error::Error;
use model::key::BASE62;
use zeroize::Zeroize;

/// Length of the random part of an id. It has 119 bits of entropy, so that no two ids are equal in practice.
const ID_LENGTH: usize = 20;
/// Length of the secret token of a session or a link. It has 256 bits of entropy.
const TOKEN_LENGTH: usize = 43;

/// A source of random letters, digits and bytes.
#[derive(Clone, Debug)]
pub struct Entropy(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    #[cfg(any(test, feature = "testing"))]
    Seeded(std::sync::Arc<std::sync::Mutex<u64>>),
}

impl Entropy {
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A predictable source, for tests whose snapshots contain ids.
    #[cfg(any(test, feature = "testing"))]
    pub fn seeded(seed: u64) -> Self {
        Self(Kind::Seeded(std::sync::Arc::new(std::sync::Mutex::new(seed))))
    }

    pub(crate) fn id(&self) -> Result<String, Error> {
        self.base62(ID_LENGTH)
    }

    pub(crate) fn token(&self) -> Result<String, Error> {
        self.base62(TOKEN_LENGTH)
    }

    /// Returns random letters and digits, each equally likely. Bytes from 248 on are discarded, because 62 does not
    /// divide 256.
    pub(crate) fn base62(&self, length: usize) -> Result<String, Error> {
        let mut text = String::with_capacity(length);
        let mut bytes = [0; 64];
        while text.len() < length {
            self.fill(&mut bytes)?;
            let digits = bytes
                .iter()
                .filter(|byte| **byte < 248)
                .filter_map(|byte| BASE62.get(usize::from(byte % 62)));
            text.extend(digits.take(length - text.len()).map(|digit| char::from(*digit)));
        }
        Ok(text)
    }

    /// Returns at most 64 random bytes, for keys, nonces and the names of temporary files.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        const { assert!(N <= 64) };
        let mut all = [0; 64];
        self.fill(&mut all)?;
        let mut bytes = [0; N];
        bytes.iter_mut().zip(all).for_each(|(byte, random)| *byte = random);
        all.zeroize();
        Ok(bytes)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the function that the lint tells others to use")]
    fn fill(&self, bytes: &mut [u8; 64]) -> Result<(), Error> {
        match &self.0 {
            Kind::System => getrandom::fill(bytes).map_err(Error::Entropy),
            #[cfg(any(test, feature = "testing"))]
            Kind::Seeded(counter) => {
                use sha2::{Digest, Sha256};
                let mut counter = counter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for chunk in bytes.chunks_mut(32) {
                    *counter = counter.wrapping_add(1);
                    chunk.copy_from_slice(&Sha256::digest(counter.to_be_bytes()));
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_length_and_differ() {
        let entropy = Entropy::system();
        let made: std::collections::HashSet<_> = (0..120).map(|_| entropy.base62(32).unwrap()).collect();
        assert_eq!(made.len(), 120);
        assert!(made.iter().all(|text| text.len() == 32 && text.bytes().all(|b| b.is_ascii_alphanumeric())));
    }
}
