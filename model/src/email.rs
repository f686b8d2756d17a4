//! E-mail addresses. They are compared without regard to letter case and Unicode normalization, and stored as first
//! entered.

use crate::field::{FieldError, Rule};
use crate::text::{check_line, check_stored_line};

/// Longest address, in characters (RFC 5321).
pub(crate) const LENGTH_MAX: usize = 254;

/// A syntactically valid e-mail address. Nothing assumes that a mailbox exists.
///
/// `==` compares the spelling. Use [`Email::folded`] to decide whether two addresses belong to the same person.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Checks an address: exactly one `@` with text on both sides, no white space, and no character that has a meaning
    /// in a mail header.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_line(text, 3, LENGTH_MAX)?;
        Self::existing(text)
    }

    /// Reads an address that an account may already have. Rules for new texts that came later do not apply to it.
    pub fn existing(text: &str) -> Result<Self, FieldError> {
        check_stored_line(text, 3, LENGTH_MAX)?;
        let is_address = text.split_once('@').is_some_and(|(local, domain)| {
            let has_sign = |c: char| c.is_whitespace() || "<>()[],;:\\\"".contains(c);
            !local.is_empty()
                && local.len() <= 64
                && !text.contains(has_sign)
                && !domain.contains('@')
                && domain
                    .split('.')
                    .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
                && domain
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || !c.is_ascii() || matches!(c, '.' | '-'))
        });
        if is_address {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldError::new(Rule::ValueError, "Use an e-mail address such as ada@example.com."))
        }
    }

    /// The address as first entered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which addresses are compared.
    #[cfg(not(target_family = "wasm"))]
    pub fn folded(&self) -> String {
        folded(&self.0)
    }
}

/// The form by which addresses are compared: lower case in normalization form C (NFC). It is normalized again at the
/// end, because the small letter may have a composed form that the capital does not have. The browser compares no
/// addresses and has no room for the tables.
#[cfg(not(target_family = "wasm"))]
pub fn folded(address: &str) -> String {
    use crate::text::{fold, normalized};
    normalized(&fold(&normalized(address))).into_owned()
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::existing(&text).map_err(|error| error.message)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_local_part_and_a_domain() {
        for good in ["ada@example.com", "a@b", "Ada.Lovelace+keys@sub.example.co", "äda@exämple.com"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@b",
            "a@",
            "a@b@c",
            "a b@c",
            "a@b..c",
            "a@-b",
            "<a@b>",
            "a@b\r\nBcc: x",
            &"a".repeat(60_000),
        ] {
            assert!(Email::parse(bad).is_err(), "{}", &bad[..bad.len().min(20)]);
        }
    }

    #[test]
    fn a_stored_address_is_read_even_if_new_ones_like_it_are_refused() {
        let old = "a\u{FFFF}@b";
        assert!(Email::parse(old).is_err());
        assert_eq!(Email::try_from(old.to_owned()).unwrap().as_str(), old);
    }

    #[test]
    fn letter_case_does_not_matter_in_addresses() {
        let folded = |text| Email::parse(text).unwrap().folded();
        assert_eq!(folded("Ada@Example.com"), folded("ada@example.COM"));
        assert_eq!(Email::parse("Ada@Example.com").unwrap().as_str(), "Ada@Example.com");
    }

    #[test]
    fn two_spellings_of_an_address_are_one_address() {
        for (one, other) in [
            ("zo\u{eb}@example.com", "zoe\u{308}@example.com"),
            ("ZO\u{cb}@example.com", "zoe\u{308}@example.com"),
            ("ada@ex\u{e4}mple.com", "ada@exa\u{308}mple.com"),
            // Only the small letter has a composed form.
            ("\u{1f0}@example.com", "J\u{30c}@example.com"),
        ] {
            assert_eq!(folded(one), folded(other));
            assert_eq!(folded(&folded(one)), folded(one));
            assert_eq!(Email::parse(other).unwrap().as_str(), other);
        }
        assert_ne!(folded("zo\u{eb}@example.com"), folded("zoe@example.com"));
    }
}
