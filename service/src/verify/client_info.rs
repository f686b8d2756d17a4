//! The client info of the last use of each secret, until it is written.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::digest::{BuildDigestHasher, Digest};

const SHARDS: usize = 16;
/// Maximum number of secrets with client info. For further secrets, only the time of use is recorded. Clients decide
/// how many secrets are in use, so the memory for them must have a bound.
const ENTRIES_MAX: usize = 16 * 1024;

/// The latest client info of each secret.
pub(crate) struct ClientInfoLog([Mutex<Shard>; SHARDS]);

type Shard = HashMap<Digest, ClientInfo, BuildDigestHasher>;

/// The address and user agent of a client, if known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ClientInfo {
    pub(crate) address: Option<IpAddr>,
    pub(crate) agent: Option<String>,
}

impl Default for ClientInfoLog {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

impl ClientInfoLog {
    /// Records the client info of a use. If it is the same as before, nothing is allocated.
    pub(crate) fn record(&self, digest: &Digest, address: Option<IpAddr>, agent: Option<&str>) {
        let Some(mut shard) = self.shard(digest) else { return };
        let is_full = shard.len() >= ENTRIES_MAX / SHARDS;
        let client_info = match shard.get_mut(digest) {
            Some(client_info) => client_info,
            None if is_full => return,
            None => shard.entry(*digest).or_default(),
        };
        client_info.address = address;
        if client_info.agent.as_deref() != agent {
            client_info.agent = agent.map(str::to_owned);
        }
    }

    /// Removes and returns the client info of a secret.
    pub(crate) fn take(&self, digest: &Digest) -> Option<ClientInfo> {
        self.shard(digest)?.remove(digest)
    }

    pub(crate) fn find(&self, digest: &Digest) -> Option<ClientInfo> {
        self.shard(digest)?.get(digest).cloned()
    }

    /// Puts back client info that could not be written, unless newer info was recorded meanwhile.
    pub(crate) fn put_back(&self, digest: &Digest, client_info: ClientInfo) {
        if let Some(mut shard) = self.shard(digest) {
            shard.entry(*digest).or_insert(client_info);
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
    fn the_latest_client_info_is_kept_for_a_bounded_number_of_keys() {
        let client_info = ClientInfoLog::default();
        let address = |last| Some(IpAddr::from([10, 0, 0, last]));
        client_info.record(&[1; 32], address(1), None);
        client_info.record(&[1; 32], address(2), Some("curl"));
        let newest = ClientInfo { address: address(2), agent: Some("curl".into()) };
        assert_eq!(client_info.take(&[1; 32]), Some(newest.clone()));
        assert_eq!(client_info.take(&[1; 32]), None);
        client_info.put_back(&[1; 32], newest.clone());
        client_info.put_back(&[1; 32], ClientInfo::default());
        assert_eq!(client_info.take(&[1; 32]), Some(newest));
        for number in 0..u32::try_from(2 * ENTRIES_MAX).unwrap() {
            let mut digest = [0; 32];
            digest[8..12].copy_from_slice(&number.to_le_bytes());
            client_info.record(&digest, address(1), None);
        }
        assert_eq!(client_info.shard(&[0; 32]).unwrap().len(), ENTRIES_MAX / SHARDS);
    }
}
