//! The names under which browsers can open the console over TLS.

use super::files;
use crate::config::{CertificateSource, TlsSettings};

/// The names in the certificate. If its files cannot be read now, there are none: commands that print a link need not
/// be able to read the private key.
pub(crate) fn names(settings: &TlsSettings) -> Vec<String> {
    match &settings.certificate {
        CertificateSource::Files(files) => files::read(files).map(|found| found.names).unwrap_or_default(),
        CertificateSource::Acme(acme) => acme.domains.clone(),
    }
}
