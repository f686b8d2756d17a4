//! The hash by which a secret is found.

use std::hash::{BuildHasherDefault, Hasher};

/// SHA-256 of a secret.
pub type Digest = [u8; 32];

/// The hasher for maps with digests as keys.
pub type BuildDigestHasher = BuildHasherDefault<DigestHasher>;

/// Uses bytes of the digest as its hash, because they are random already. The first bytes are left out, because the
/// first byte chooses the shard.
#[derive(Debug, Default)]
pub struct DigestHasher(u64);

/// The hash of a digest: its second eight bytes.
pub fn hash(digest: &Digest) -> u64 {
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

    // An array is preceded by its length, which is always the same.
    fn write_usize(&mut self, _length: usize) {}
}
