//! Hashes: 32 bytes in the database, lowercase hexadecimal in the model.

use crate::{Error, Result};

/// The lowercase hexadecimal form of bytes.
pub fn to_hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// Parses 64 lowercase hexadecimal digits into 32 bytes.
pub fn from_hex(text: &str) -> Result<Vec<u8>> {
    let decoded = hex::decode(text).ok().filter(|bytes| bytes.len() == 32);
    // The library accepts upper case too.
    let decoded = decoded.filter(|_| !text.bytes().any(|byte| byte.is_ascii_uppercase()));
    decoded.ok_or_else(|| Error::Corrupt("a hash that is not 64 lower-case hex digits".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_can_be_read_back_from_hex() {
        let bytes: Vec<u8> = (0..32).map(|n| n * 8 + 7).collect();
        assert_eq!(from_hex(&to_hex(&bytes)).unwrap(), bytes);
        for text in ["", "ab", &"g".repeat(64), &"A".repeat(64), &"é".repeat(32)] {
            assert!(from_hex(text).is_err(), "{text}");
        }
    }
}
