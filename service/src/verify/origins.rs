//! From where and with which agent secrets were last used, for as long as that is not written.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::digest::{BuildDigestHasher, Digest};

const SHARDS: usize = 16;
/// Secrets whose origin is remembered. Of further ones only the time of their use is kept: their number is for others to
/// choose, and this memory is not.
const ORIGINS_MAX: usize = 16 * 1024;

/// The newest origins.
pub(crate) struct Origins([Mutex<Shard>; SHARDS]);

type Shard = HashMap<Digest, Origin, BuildDigestHasher>;

/// An address and an agent, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) address: Option<IpAddr>,
    pub(crate) agent: Option<String>,
}

impl Default for Origins {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

impl Origins {
    /// Notes the origin of a use. Whoever comes from where they came before costs nothing more.
    pub(crate) fn note(&self, digest: &Digest, address: Option<IpAddr>, agent: Option<&str>) {
        let Some(mut origins) = self.shard(digest) else { return };
        let is_full = origins.len() >= ORIGINS_MAX / SHARDS;
        let origin = match origins.get_mut(digest) {
            Some(origin) => origin,
            None if is_full => return,
            None => origins.entry(*digest).or_default(),
        };
        origin.address = address;
        if origin.agent.as_deref() != agent {
            origin.agent = agent.map(str::to_owned);
        }
    }

    /// Takes the origin of a secret.
    pub(crate) fn take(&self, digest: &Digest) -> Option<Origin> {
        self.shard(digest)?.remove(digest)
    }

    /// The origin of a secret.
    pub(crate) fn find(&self, digest: &Digest) -> Option<Origin> {
        self.shard(digest)?.get(digest).cloned()
    }

    /// Puts back what could not be written, unless something newer was noted meanwhile.
    pub(crate) fn put_back(&self, digest: &Digest, origin: Origin) {
        if let Some(mut origins) = self.shard(digest) {
            origins.entry(*digest).or_insert(origin);
        }
    }

    fn shard(&self, digest: &Digest) -> Option<MutexGuard<'_, Shard>> {
        let [first, ..] = digest;
        let shard = self.0.get(usize::from(*first) % SHARDS)?;
        Some(shard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_origin_is_kept_of_a_bounded_number() {
        let origins = Origins::default();
        let address = |last| Some(IpAddr::from([10, 0, 0, last]));
        origins.note(&[1; 32], address(1), None);
        origins.note(&[1; 32], address(2), Some("curl"));
        let newest = Origin { address: address(2), agent: Some("curl".into()) };
        assert_eq!(origins.take(&[1; 32]), Some(newest.clone()));
        assert_eq!(origins.take(&[1; 32]), None);
        origins.put_back(&[1; 32], newest.clone());
        origins.put_back(&[1; 32], Origin::default());
        assert_eq!(origins.take(&[1; 32]), Some(newest));
        for number in 0..u32::try_from(2 * ORIGINS_MAX).unwrap() {
            let mut digest = [0; 32];
            digest[8..12].copy_from_slice(&number.to_le_bytes());
            origins.note(&digest, address(1), None);
        }
        assert_eq!(origins.shard(&[0; 32]).unwrap().len(), ORIGINS_MAX / SHARDS);
    }
}
