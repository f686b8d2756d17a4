//! The secrets of a filled database, and the correct answer for each.

use std::path::Path;

use crate::Result;
use crate::seed::{Fate, mix};

/// The bytes of a line: a secret, a tab, an id and a line break.
const LINE: usize = 72;
const SECRET: usize = 46;
/// One request in this many has an altered secret.
const ALTERED: u64 = 100;

/// All secrets, as in the file.
pub struct Secrets(Vec<u8>);

/// A key to be verified.
pub struct Asked<'a> {
    /// The unaltered secret.
    pub secret: &'a [u8],
    pub key_id: &'a [u8],
    /// Whether the last character is changed before the secret is sent.
    pub is_altered: bool,
}

impl Secrets {
    /// Reads a file that [`crate::seed::fill`] has written.
    pub fn read(file: &Path) -> Result<Self> {
        let bytes = std::fs::read(file)?;
        if bytes.is_empty() || !bytes.len().is_multiple_of(LINE) {
            return Err(format!("{} does not consist of lines of {LINE} bytes", file.display()).into());
        }
        Ok(Self(bytes))
    }

    pub fn len(&self) -> u64 {
        (self.0.len() / LINE) as u64
    }

    /// A secret by its number, and the id of its key.
    pub fn pair(&self, number: u64) -> (&[u8], &[u8]) {
        let from = usize::try_from(number % self.len()).unwrap_or(0) * LINE;
        let line = self.0.get(from..from + LINE).unwrap_or_default();
        (line.get(..SECRET).unwrap_or_default(), line.get(SECRET + 1..LINE - 1).unwrap_or_default())
    }

    /// The key for a request with this number: any valid key. One in a hundred is altered.
    pub fn asked(&self, request: u64) -> Asked<'_> {
        let mixed = mix(request);
        let mut number = mixed % self.len();
        while !Fate::of(number).is_good() {
            number = (number + 1) % self.len();
        }
        let (secret, key_id) = self.pair(number);
        Asked { secret, key_id, is_altered: (mixed >> 32).is_multiple_of(ALTERED) }
    }
}

impl Asked<'_> {
    /// Appends the secret, altered if required.
    pub fn write(&self, request: &mut Vec<u8>) {
        request.extend_from_slice(self.secret);
        if self.is_altered
            && let Some(last) = request.last_mut()
        {
            // Changes the letter case. A comparison that ignores case would accept the result.
            *last = if last.is_ascii_alphabetic() { *last ^ 0x20 } else { b'x' };
        }
    }
}
