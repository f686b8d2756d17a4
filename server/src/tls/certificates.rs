//! What handshakes use: the present certificate, and the certificates that answer challenges of an authority.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use model::Timestamp;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use super::certificate::Certificate;

/// The protocol by which an authority checks that a name leads to this server (RFC 8737).
pub(super) const CHALLENGE_PROTOCOL: &[u8] = b"acme-tls/1";

/// The certificates of a server. New handshakes use the present one, and connections that are open stay as they are.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    present: RwLock<Option<Arc<Certificate>>>,
    /// By name.
    challenges: Mutex<HashMap<String, Arc<CertifiedKey>>>,
    pub(crate) handshakes: HandshakeCounts,
}

/// How many handshakes there were.
#[derive(Debug, Default)]
pub(crate) struct HandshakeCounts {
    pub(crate) done: AtomicU64,
    pub(crate) failed: AtomicU64,
}

impl Certificates {
    pub(super) fn replace(&self, certificate: Certificate) {
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(certificate));
    }

    pub(super) fn present(&self) -> Option<Arc<Certificate>> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// When the present certificate ends, if there is one.
    pub(crate) fn ends(&self) -> Option<Timestamp> {
        self.present().map(|certificate| certificate.ends)
    }

    pub(super) fn begin_challenge(&self, name: &str, answer: CertifiedKey) {
        self.challenges().insert(name.to_owned(), Arc::new(answer));
    }

    pub(super) fn end_challenges(&self) {
        self.challenges().clear();
    }

    fn challenges(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<CertifiedKey>>> {
        self.challenges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HandshakeCounts {
    pub(crate) fn count_done(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let is_challenge =
            hello.alpn().is_some_and(|mut protocols| protocols.any(|name| name == CHALLENGE_PROTOCOL));
        if is_challenge {
            return self.challenges().get(&hello.server_name()?.to_ascii_lowercase()).cloned();
        }
        self.present().map(|certificate| Arc::clone(&certificate.key))
    }
}
