//! Generates secrets.

use model::key::{PlainKey, RANDOM_LENGTH};

use crate::crypto::sha256;
use crate::error::Result;
use crate::state::Service;

/// A new secret, with the hash and the shown prefix that are stored in its place.
pub(crate) struct NewSecret {
    pub(crate) secret: PlainKey,
    /// SHA-256 in lower-case hexadecimal.
    pub(crate) hash: String,
    pub(crate) shown_prefix: String,
}

impl Service {
    pub(crate) fn new_secret(&self) -> Result<NewSecret> {
        let random = self.entropy.base62(RANDOM_LENGTH)?;
        let secret = PlainKey::from_random(&self.settings.key_prefix, &random);
        Ok(NewSecret { hash: hex::encode(sha256(secret.reveal())), shown_prefix: secret.shown(), secret })
    }
}
