//! Generates secrets.

use model::key::{Environment, PlainKey, RANDOM_LENGTH};

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
    /// Makes a secret for a key of this environment.
    pub(crate) fn new_secret(&self, environment: Environment) -> Result<NewSecret> {
        let random = self.entropy.base62(RANDOM_LENGTH)?;
        let prefix = &self.settings.key_prefix;
        let secret = PlainKey::of_environment(prefix, environment, &random);
        let shown_prefix = secret.shown(prefix, environment);
        Ok(NewSecret { hash: hex::encode(sha256(secret.reveal())), shown_prefix, secret })
    }
}
