//! Hashes and counts the bytes that pass through.

use std::io::{Read, Result, Write};

use sha2::{Digest, Sha256};

pub(super) struct Hashing<T> {
    inner: T,
    hash: Sha256,
    bytes: u64,
}

/// Length and SHA-256 of what passed through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub bytes: u64,
    pub sha256: [u8; 32],
}

impl<T> Hashing<T> {
    pub fn new(inner: T) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    pub fn end(self) -> (T, Fingerprint) {
        (self.inner, Fingerprint { bytes: self.bytes, sha256: self.hash.finalize().into() })
    }

    fn add(&mut self, passed: &[u8]) {
        self.hash.update(passed);
        self.bytes += passed.len() as u64;
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let length = self.inner.read(buffer)?;
        self.add(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        let length = self.inner.write(buffer)?;
        self.add(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }

    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}
