//! The end of a backup: the SHA-256 of every byte before it, so that no changed byte goes unnoticed, not even one that
//! means nothing to the decompressor. It has the form of an empty gzip member with the hash in an extra field, so that
//! other programs ignore it.

use std::io::{Error, ErrorKind, Read, Result, Write};

use sha2::{Digest, Sha256};

use super::hashing::{Fingerprint, Hashing};

/// The header of a gzip member with an extra field of 36 bytes: the name `KS`, the length 32, and the hash.
const START: [u8; 16] = [0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 36, 0, b'K', b'S', 32, 0];
/// No content, its checksum and its length.
const END: [u8; 10] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// The length of the whole trailer.
const BYTES: usize = 58;
/// How many bytes are read at once.
const CHUNK: u64 = 64 * 1024;

fn trailer(sha256: [u8; 32]) -> [u8; BYTES] {
    let mut trailer = [0; BYTES];
    for (to, from) in trailer.iter_mut().zip(START.into_iter().chain(sha256).chain(END)) {
        *to = from;
    }
    trailer
}

/// Passes bytes on and adds the trailer.
pub(super) struct TrailerWriter<W>(Hashing<W>);

impl<W: Write> TrailerWriter<W> {
    pub fn new(out: W) -> Self {
        Self(Hashing::new(out))
    }

    pub fn end(self) -> Result<W> {
        let (mut out, Fingerprint { sha256, .. }) = self.0.end();
        out.write_all(&trailer(sha256))?;
        out.flush()?;
        Ok(out)
    }
}

impl<W: Write> Write for TrailerWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        self.0.write(buffer)
    }

    fn flush(&mut self) -> Result<()> {
        self.0.flush()
    }
}

/// Passes on the bytes before the trailer. At their end, it fails if they are not what the trailer says.
pub(super) struct TrailerReader<R> {
    from: R,
    /// What was read and not passed on. Its last bytes may be the trailer.
    held: Vec<u8>,
    passed: Sha256,
    is_at_end: bool,
    is_checked: bool,
}

impl<R: Read> TrailerReader<R> {
    pub fn new(from: R) -> Self {
        Self { from, held: Vec::new(), passed: Sha256::new(), is_at_end: false, is_checked: false }
    }

    /// Reads until there is more than a trailer, or nothing left.
    fn fill(&mut self) -> Result<()> {
        while self.held.len() <= BYTES && !self.is_at_end {
            let read = self.from.by_ref().take(CHUNK).read_to_end(&mut self.held)?;
            self.is_at_end = read == 0;
        }
        Ok(())
    }

    fn check(&mut self) -> Result<()> {
        if self.is_checked {
            return Ok(());
        }
        if self.held != trailer(self.passed.clone().finalize().into()) {
            return Err(Error::new(ErrorKind::InvalidData, "the checksum differs"));
        }
        self.is_checked = true;
        Ok(())
    }
}

impl<R: Read> Read for TrailerReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.fill()?;
        let length = self.held.len().saturating_sub(BYTES).min(buffer.len());
        if length == 0 && !buffer.is_empty() {
            self.check()?;
        }
        let Some(start) = buffer.get_mut(..length) else { return Ok(0) };
        for (to, from) in start.iter_mut().zip(self.held.drain(..length)) {
            *to = from;
        }
        self.passed.update(start);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_missing_or_added_byte_is_noticed() {
        let mut writer = TrailerWriter::new(Vec::new());
        writer.write_all(b"content").unwrap();
        let whole = writer.end().unwrap();
        let read = |bytes: &[u8]| {
            let mut content = Vec::new();
            TrailerReader::new(bytes).read_to_end(&mut content).map(|_| content)
        };
        assert_eq!(read(&whole).unwrap(), b"content");
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            assert!(read(&changed).is_err() && read(&whole[..place]).is_err(), "{place}");
        }
        assert!(read(&[&whole[..], b"x"].concat()).is_err());
    }
}
