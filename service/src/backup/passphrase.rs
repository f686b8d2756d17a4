//! The passphrase that encrypts backups.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// Whoever has a backup can try passphrases without limit, so short ones are useless.
const LENGTH_MIN: usize = 12;

/// A passphrase, which is never printed.
#[derive(Clone)]
pub struct Passphrase(Arc<Zeroizing<String>>);

/// The passphrase has fewer than 12 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("has fewer than {LENGTH_MIN} characters")]
pub struct PassphraseTooShort;

impl Passphrase {
    pub fn parse(text: &str) -> Result<Self, PassphraseTooShort> {
        if text.chars().count() < LENGTH_MIN {
            return Err(PassphraseTooShort);
        }
        Ok(Self(Arc::new(Zeroizing::new(text.to_owned()))))
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl PartialEq for Passphrase {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Passphrase {}
