//! The client info of the last use of each secret, until it is written.

use std::net::IpAddr;

use crate::key_cache::{BuildDigestHasher, Digest};
use crate::write_behind::{Collected, Collector};

/// Maximum number of secrets with client info. For further secrets, only the time of use is recorded. Clients decide
/// how many secrets are in use, so the memory for them must have a bound.
const ENTRIES_MAX: usize = 16 * 1024;

/// The latest client info of each secret.
pub(crate) struct ClientInfoLog(Collector<Digest, ClientInfo, BuildDigestHasher>);

/// The address and user agent of a client, if known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ClientInfo {
    pub(crate) address: Option<IpAddr>,
    pub(crate) agent: Option<String>,
}

impl Default for ClientInfoLog {
    fn default() -> Self {
        Self(Collector::new(ENTRIES_MAX))
    }
}

impl ClientInfoLog {
    /// Records the client info of a use. If it is the same as before, nothing is allocated.
    pub(crate) fn record(&self, digest: &Digest, address: Option<IpAddr>, agent: Option<&str>) {
        self.0.record(digest, ClientInfo::default, |client_info| {
            client_info.address = address;
            if client_info.agent.as_deref() != agent {
                client_info.agent = agent.map(str::to_owned);
            }
        });
    }

    /// Removes and returns the client info of a secret.
    pub(crate) fn take(&self, digest: &Digest) -> Option<ClientInfo> {
        self.0.take_one(digest)
    }

    pub(crate) fn find(&self, digest: &Digest) -> Option<ClientInfo> {
        self.0.find(digest)
    }

    /// Puts back client info that could not be written, unless newer info was recorded meanwhile.
    pub(crate) fn put_back(&self, digest: Digest, client_info: ClientInfo) {
        self.0.put_back([(digest, client_info)]);
    }
}

impl Collected for ClientInfo {
    /// Only the latest client info is written.
    fn add_earlier(&mut self, _earlier: Self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_client_info_is_kept() {
        let client_info = ClientInfoLog::default();
        let address = |last| Some(IpAddr::from([10, 0, 0, last]));
        client_info.record(&[1; 32], address(1), None);
        client_info.record(&[1; 32], address(2), Some("curl"));
        let newest = ClientInfo { address: address(2), agent: Some("curl".into()) };
        assert_eq!(client_info.find(&[1; 32]), Some(newest.clone()));
        assert_eq!(client_info.take(&[1; 32]), Some(newest.clone()));
        assert_eq!(client_info.take(&[1; 32]), None);
        client_info.put_back([1; 32], newest.clone());
        client_info.put_back([1; 32], ClientInfo::default());
        assert_eq!(client_info.take(&[1; 32]), Some(newest));
    }
}
