//! A certificate with its private key, as it is read from PEM.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use model::Timestamp;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, InconsistentKeys};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// A certificate that can be used for handshakes.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) key: Arc<CertifiedKey>,
    /// The host names and addresses in the certificate, as they are in an address: in lower case, IPv6 in brackets.
    /// Wildcards are left out.
    pub(super) names: Vec<String>,
    pub(super) begins: Timestamp,
    pub(super) ends: Timestamp,
}

/// Why a certificate cannot be used, as the end of a sentence about one of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    #[error("{0}")]
    Certificate(&'static str),
    #[error("{0}")]
    Key(&'static str),
}

impl Certificate {
    /// Reads a chain, which begins with the server's own certificate, and its key.
    pub(super) fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, Unusable> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
        let chain = chain.map_err(|_| Unusable::Certificate("is not valid PEM"))?;
        let Some(own) = chain.first() else { return Err(Unusable::Certificate("contains no certificate")) };
        let facts =
            Facts::of(own).ok_or(Unusable::Certificate("contains a certificate that cannot be read"))?;
        let key = certified(chain.clone(), private_key(key)?)?;
        let Facts { names, begins, ends } = facts;
        Ok(Self { key: Arc::new(key), names, begins, ends })
    }

    /// What is wrong with the dates of the certificate at this time, as the end of a sentence about it.
    pub(super) fn trouble_at(&self, now: Timestamp) -> Option<&'static str> {
        if now >= self.ends {
            Some("has expired")
        } else if now < self.begins {
            Some("is not valid yet")
        } else {
            None
        }
    }
}

fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, Unusable> {
    let marks: [&[u8]; 2] = [b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED"];
    let is_encrypted = marks.iter().any(|mark| pem.windows(mark.len()).any(|bytes| bytes == *mark));
    if is_encrypted {
        return Err(Unusable::Key("contains a key that is encrypted with a passphrase"));
    }
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| Unusable::Key("contains no private key"))
}

fn certified(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, Unusable> {
    match CertifiedKey::from_der(chain, key, &ring::default_provider()) {
        Ok(key) => Ok(key),
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(Unusable::Key("contains the key of another certificate"))
        }
        Err(Error::InvalidCertificate(_)) => {
            Err(Unusable::Certificate("contains a certificate that cannot be read"))
        }
        Err(_) => Err(Unusable::Key("contains a kind of key that is not supported")),
    }
}

/// What the server needs to know about a certificate.
struct Facts {
    names: Vec<String>,
    begins: Timestamp,
    ends: Timestamp,
}

impl Facts {
    fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
        let alternatives = parsed.subject_alternative_name().ok()?;
        let names = alternatives.iter().flat_map(|found| &found.value.general_names).filter_map(name);
        Some(Self {
            names: names.collect(),
            begins: Timestamp::from_seconds(parsed.validity().not_before.timestamp()),
            ends: Timestamp::from_seconds(parsed.validity().not_after.timestamp()),
        })
    }
}

fn name(found: &GeneralName<'_>) -> Option<String> {
    match found {
        GeneralName::DNSName(name) if !name.contains('*') => Some(name.to_ascii_lowercase()),
        GeneralName::IPAddress(bytes) => match address(bytes)? {
            IpAddr::V4(address) => Some(address.to_string()),
            IpAddr::V6(address) => Some(format!("[{address}]")),
        },
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    <[u8; 4]>::try_from(bytes)
        .map(|bytes| Ipv4Addr::from(bytes).into())
        .or_else(|_| <[u8; 16]>::try_from(bytes).map(|bytes| Ipv6Addr::from(bytes).into()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(names: &[&str]) -> (String, String) {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let issued = rcgen::generate_simple_self_signed(names).unwrap();
        (issued.cert.pem(), issued.signing_key.serialize_pem())
    }

    #[test]
    fn the_names_and_dates_of_a_certificate_are_found() {
        let (chain, key) = issue(&["Keys.example.com", "*.example.com", "192.0.2.1", "2001:db8::1"]);
        let certificate = Certificate::from_pem(chain.as_bytes(), key.as_bytes()).unwrap();
        assert_eq!(certificate.names, ["keys.example.com", "192.0.2.1", "[2001:db8::1]"]);
        let Certificate { begins, ends, .. } = certificate;
        for (now, trouble) in [
            (begins.plus_seconds(-1), Some("is not valid yet")),
            (begins, None),
            (ends.plus_seconds(-1), None),
            (ends, Some("has expired")),
        ] {
            assert_eq!(certificate.trouble_at(now), trouble, "{now:?}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let (chain, key) = issue(&["a.example"]);
        let other = issue(&["a.example"]).1;
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n";
        let broken = chain.replace("-----END", "?\n-----END");
        let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (chain, key, expected) in [
            ("", &*key, Unusable::Certificate("contains no certificate")),
            (&*key, &key, Unusable::Certificate("contains no certificate")),
            (&*broken, &key, Unusable::Certificate("is not valid PEM")),
            (nonsense, &key, Unusable::Certificate("contains a certificate that cannot be read")),
            (&*chain, "", Unusable::Key("contains no private key")),
            (&*chain, &*chain, Unusable::Key("contains no private key")),
            (&*chain, &*other, Unusable::Key("contains the key of another certificate")),
            (&*chain, encrypted, Unusable::Key("contains a key that is encrypted with a passphrase")),
            (&*chain, old, Unusable::Key("contains a key that is encrypted with a passphrase")),
        ] {
            let found = Certificate::from_pem(chain.as_bytes(), key.as_bytes()).unwrap_err();
            assert_eq!(found, expected);
        }
    }
}
