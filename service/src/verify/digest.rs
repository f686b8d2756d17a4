//! The hash of a secret, by which it is found.

use std::hash::{BuildHasherDefault, Hasher};

/// SHA-256 of a secret.
pub(crate) type Digest = [u8; 32];

/// For maps by digest.
pub(crate) type BuildDigestHasher = BuildHasherDefault<DigestHasher>;

/// A digest is as random as any hash of it. Its first bytes choose the shard, so others choose the place.
#[derive(Debug, Default)]
pub(crate) struct DigestHasher(u64);

/// The hash of a digest.
pub(crate) fn hash(digest: &Digest) -> u64 {
    let [_, _, _, _, _, _, _, _, rest @ ..] = digest;
    rest.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(digest) = bytes.first_chunk() {
            self.0 = hash(digest);
        }
    }

    // An array is preceded by its length, which says nothing.
    fn write_usize(&mut self, _length: usize) {}
}
