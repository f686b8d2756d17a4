//! The secret tokens of sessions and of one-time links.

use std::fmt;

use zeroize::Zeroize;

use super::sha256::sha256;

/// The secret token of a session or of a one-time link. It is wiped from memory when dropped, and its `Debug` form is
/// `…`.
#[derive(Clone)]
pub struct PlainToken(String);

impl PlainToken {
    pub(crate) fn new(token: String) -> Self {
        Self(token)
    }

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
