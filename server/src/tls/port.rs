//! What the port with TLS consists of besides its listener.

use std::io;
use std::path::Path;
use std::sync::Arc;

use model::Timestamp;
use service::Clock;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::server::TlsStream;

use super::acme::Acme;
use super::certificates::{CHALLENGE_PROTOCOL, Certificates, HandshakeCounts};
use super::files;
use super::watched_files::WatchedFiles;
use crate::config::{CertificateSource, SettingError, TlsSettings};

/// The port with TLS.
pub(crate) struct TlsPort {
    pub(crate) certificates: Arc<Certificates>,
    /// The operator's files, unless the certificate comes from an authority.
    pub(crate) files: Option<WatchedFiles>,
    acme: Option<Acme>,
}

impl TlsPort {
    /// Reads the files that the settings name, or a certificate that was obtained earlier.
    pub(crate) fn open(settings: &TlsSettings, data_dir: &Path) -> Result<Self, SettingError> {
        let certificates = Arc::<Certificates>::default();
        let shared = Arc::clone(&certificates);
        let (files, acme) = match &settings.certificate {
            CertificateSource::Files(files) => {
                (Some(WatchedFiles::open(files.clone(), shared, Clock::system())?), None)
            }
            CertificateSource::Acme(acme) => (None, Some(Acme::open(acme, data_dir, shared)?)),
        };
        Ok(Self { certificates, files, acme })
    }

    /// Starts to request and renew the certificate, if it comes from an authority. This continues until the task is
    /// aborted.
    pub(crate) fn start_renewal(&mut self) -> Option<JoinHandle<()>> {
        self.acme.take().map(|acme| tokio::spawn(acme.run()))
    }

    pub(crate) fn handshakes(&self) -> Handshakes {
        Handshakes {
            acceptor: acceptor(Arc::clone(&self.certificates)),
            certificates: Arc::clone(&self.certificates),
        }
    }
}

/// Reads the files that the settings name, to find out whether they can be used.
pub(crate) fn check(settings: &TlsSettings) -> Result<(), SettingError> {
    match &settings.certificate {
        CertificateSource::Files(files) => files::read(files).map(drop),
        CertificateSource::Acme(acme) => Acme::check(acme),
    }
}

/// When the certificate ends that a server with these settings begins with. `None` if it has yet to be obtained from an
/// authority.
pub(crate) fn end_of_certificate(
    settings: &TlsSettings,
    data_dir: &Path,
) -> Result<Option<Timestamp>, SettingError> {
    match &settings.certificate {
        CertificateSource::Files(files) => files::read(files).map(|certificate| Some(certificate.ends)),
        CertificateSource::Acme(acme) => {
            Ok(Acme::obtained(acme, data_dir).map(|certificate| certificate.ends))
        }
    }
}

/// Makes handshakes. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Handshakes {
    acceptor: TlsAcceptor,
    certificates: Arc<Certificates>,
}

impl Handshakes {
    /// Makes a handshake. Returns `None` if it only answered the challenge of an authority.
    pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> io::Result<Option<TlsStream<S>>> {
        let accepted = self.acceptor.accept(stream).await?;
        let is_challenge = accepted.get_ref().1.alpn_protocol() == Some(CHALLENGE_PROTOCOL);
        Ok((!is_challenge).then_some(accepted))
    }

    pub(crate) fn counts(&self) -> &HandshakeCounts {
        &self.certificates.handshakes
    }

    pub(crate) fn has_certificate(&self) -> bool {
        self.certificates.present().is_some()
    }
}

fn acceptor(certificates: Arc<Certificates>) -> TlsAcceptor {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    // The provider supports both versions, so this cannot fail.
    #[expect(clippy::expect_used, reason = "the provider is built in")]
    let builder =
        builder.with_safe_default_protocol_versions().expect("ring has cipher suites for TLS 1.2 and 1.3");
    let mut config = builder.with_no_client_auth().with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"http/1.1".to_vec(), CHALLENGE_PROTOCOL.to_vec()];
    TlsAcceptor::from(Arc::new(config))
}
