//! Hashes: 32 bytes in the database, lowercase hexadecimal in the model.

use crate::{Error, Result};

/// The lowercase hexadecimal form of bytes.
pub fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(
        bytes
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|digit| char::from_digit(digit.into(), 16)),
    );
    text
}

/// Parses 64 lowercase hexadecimal digits into 32 bytes.
pub fn from_hex(text: &str) -> Result<Vec<u8>> {
    let refused = || Error::Corrupt("a hash that is not 64 lower-case hex digits".to_owned());
    if text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(refused());
    }
    let pairs = (0..64).step_by(2).map(|at| text.get(at..at + 2));
    pairs.map(|pair| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(refused)).collect()
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
