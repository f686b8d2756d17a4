//! The stored column by which an e-mail address is unique and found. Two addresses that differ only in letter case or
//! Unicode normalization are one address (docs/internals/decisions/021).

use model::email::folded;
use model::text::fold;

/// The values that the column `email_folded` of an address can have. Rows with the first one come first.
pub(crate) struct StoredEmail {
    /// The address in lower case, otherwise as it was given. The previous version of the program stores this.
    pub given: String,
    /// The form by which addresses are compared.
    pub folded: String,
}

impl StoredEmail {
    pub fn of(address: &str) -> Self {
        Self { given: fold(address), folded: folded(address) }
    }
}
