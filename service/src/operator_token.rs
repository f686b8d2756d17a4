//! The operator's token.

use subtle::ConstantTimeEq;

use crate::crypto::sha256;

/// The operator's token. The server keeps only its hash.
#[derive(Clone)]
pub struct OperatorToken([u8; 32]);

impl OperatorToken {
    pub fn of(token: &str) -> Self {
        Self(sha256(token))
    }

    /// Whether `token` is this token. The comparison takes the same time for every token, because it compares whole
    /// hashes.
    pub(crate) fn is(&self, token: &str) -> bool {
        bool::from(sha256(token).ct_eq(&self.0))
    }
}

impl std::fmt::Debug for OperatorToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OperatorToken(…)")
    }
}
