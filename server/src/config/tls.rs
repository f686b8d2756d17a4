//! Checks the settings of TLS. The files that they name are read when the server starts.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::PathBuf;

use model::email::Email;
use url::{Host, Url};

use super::error::{flag, variable};
use super::{SettingError, TlsArgs};

/// The most names that a certificate may have. Let's Encrypt has the same limit.
const DOMAINS_MAX: usize = 100;

/// A port with TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSettings {
    pub listen: SocketAddr,
    pub certificate: CertificateSource,
}

/// Where the certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateSource {
    Files(CertificateFiles),
    Acme(AcmeSettings),
}

/// The operator's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// An authority that issues certificates by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcmeSettings {
    /// The names in the certificate, in the order of the setting. There is at least one.
    pub domains: Vec<String>,
    pub directory: Url,
    /// The e-mail address for messages of the authority.
    pub contact: Option<String>,
    /// File with the root certificates of a private authority. If it is `None`, the public ones are trusted.
    pub authority: Option<PathBuf>,
}

impl TlsArgs {
    /// Returns `None` if there is no port with TLS.
    pub(super) fn check(&self, listen: SocketAddr) -> Result<Option<TlsSettings>, SettingError> {
        let (files, acme) = (self.files()?, self.acme()?);
        let certificate = match (files, acme) {
            (None, None) => return Ok(None),
            (Some(files), None) => CertificateSource::Files(files),
            (None, Some(acme)) => CertificateSource::Acme(acme),
            (Some(_), Some(_)) => return Err(together("tls_acme", "tls_cert")),
        };
        Ok(Some(TlsSettings { listen, certificate }))
    }

    fn files(&self) -> Result<Option<CertificateFiles>, SettingError> {
        match (file("tls_cert", self.tls_cert.as_deref())?, file("tls_key", self.tls_key.as_deref())?) {
            (Some(certificate), Some(key)) => Ok(Some(CertificateFiles { certificate, key })),
            (Some(_), None) => Err(alone("tls_cert", "tls_key")),
            (None, Some(_)) => Err(alone("tls_key", "tls_cert")),
            (None, None) => Ok(None),
        }
    }

    fn acme(&self) -> Result<Option<AcmeSettings>, SettingError> {
        let (contact, authority) = (self.contact()?, file("tls_acme_ca", self.tls_acme_ca.as_deref())?);
        let directory = authority_url(&self.tls_acme_directory)?;
        let Some(domains) = self.tls_acme.as_deref().map(domains).transpose()? else {
            return match (contact, authority) {
                (Some(_), _) => Err(alone("tls_acme_contact", "tls_acme")),
                (None, Some(_)) => Err(alone("tls_acme_ca", "tls_acme")),
                (None, None) => Ok(None),
            };
        };
        Ok(Some(AcmeSettings { domains, directory, contact, authority }))
    }

    fn contact(&self) -> Result<Option<String>, SettingError> {
        let right = "Give one e-mail address, such as ops@example.com.";
        let parse = |text: &String| {
            Email::parse(text)
                .map(|email| email.as_str().to_owned())
                .map_err(|_| SettingError::new("tls_acme_contact", "is not an e-mail address", right))
        };
        self.tls_acme_contact.as_ref().map(parse).transpose()
    }
}

fn alone(name: &'static str, missing: &str) -> SettingError {
    let trouble = format!("is set without {} ({})", flag(missing), variable(missing));
    SettingError::new(name, trouble, "Set both, or none of the two.")
}

fn together(name: &'static str, other: &str) -> SettingError {
    let trouble = format!("is set together with {} ({})", flag(other), variable(other));
    SettingError::new(name, trouble, "Set only one of the two.")
}

fn file(name: &'static str, file: Option<&OsStr>) -> Result<Option<PathBuf>, SettingError> {
    match file {
        Some(file) if file.is_empty() => {
            Err(SettingError::new(name, "is empty", "Give a file in PEM, or leave the setting out."))
        }
        file => Ok(file.map(PathBuf::from)),
    }
}

fn authority_url(text: &str) -> Result<Url, SettingError> {
    let refuse = |given: &str| {
        let right = "Give the https address of the authority's directory.";
        SettingError::new("tls_acme_directory", given, right)
    };
    let url = Url::parse(text.trim()).map_err(|_| refuse("is not an address"))?;
    if url.scheme() != "https" {
        return Err(refuse("does not use https, without which anybody could answer for the authority"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("contains a user name or a password"));
    }
    Ok(url)
}

fn domains(text: &str) -> Result<Vec<String>, SettingError> {
    let refuse = |given: String, right: &str| Err(SettingError::new("tls_acme", given, right));
    let (mut names, mut seen) = (Vec::new(), BTreeSet::new());
    for part in text.split(',').map(str::trim) {
        let right = "Give names, separated by commas, such as keys.example.com.";
        if part.contains('*') {
            let right = "Give each name by itself. Wildcards need another kind of challenge.";
            return refuse("contains a wildcard".to_owned(), right);
        }
        match Host::parse(part) {
            Ok(Host::Domain(name)) if is_domain(&name) => {
                if seen.insert(name.clone()) {
                    names.push(name);
                }
            }
            Ok(Host::Ipv4(_) | Host::Ipv6(_)) => return refuse("contains an IP address".to_owned(), right),
            _ if text.trim().is_empty() => return refuse("is empty".to_owned(), right),
            _ => return refuse("contains something that is not a domain name".to_owned(), right),
        }
    }
    if names.len() > DOMAINS_MAX {
        return refuse(format!("has more than {DOMAINS_MAX} names"), "Give fewer names.");
    }
    Ok(names)
}

fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> TlsArgs {
        TlsArgs {
            tls_cert: None,
            tls_key: None,
            tls_acme: None,
            tls_listen: "0.0.0.0:443".to_owned(),
            tls_acme_directory: "https://acme.example/directory".to_owned(),
            tls_acme_contact: None,
            tls_acme_ca: None,
        }
    }

    fn check(args: &TlsArgs) -> Result<Option<TlsSettings>, String> {
        args.check("0.0.0.0:443".parse().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_certificate_comes_from_two_files_or_from_an_authority() {
        assert_eq!(check(&args()), Ok(None));
        let files = TlsArgs { tls_cert: Some("a".into()), tls_key: Some("b".into()), ..args() };
        let source = check(&files).unwrap().unwrap().certificate;
        let expected = CertificateFiles { certificate: "a".into(), key: "b".into() };
        assert_eq!(source, CertificateSource::Files(expected));
        let acme =
            TlsArgs { tls_acme: Some("Keys.Example.com, b.example,keys.example.com".into()), ..args() };
        let CertificateSource::Acme(acme) = check(&acme).unwrap().unwrap().certificate else { panic!() };
        assert_eq!(acme.domains, ["keys.example.com", "b.example"]);
    }

    #[test]
    fn settings_that_need_each_other_or_exclude_each_other_are_refused() {
        let cases = [
            (
                TlsArgs { tls_cert: Some("a".into()), ..args() },
                "--tls-cert (KEYSTEAD_TLS_CERT) is set without --tls-key",
            ),
            (
                TlsArgs { tls_key: Some("a".into()), ..args() },
                "--tls-key (KEYSTEAD_TLS_KEY) is set without --tls-cert",
            ),
            (TlsArgs { tls_cert: Some("".into()), ..args() }, "--tls-cert (KEYSTEAD_TLS_CERT) is empty"),
            (
                TlsArgs {
                    tls_cert: Some("a".into()),
                    tls_key: Some("b".into()),
                    tls_acme: Some("a.example".into()),
                    ..args()
                },
                "--tls-acme (KEYSTEAD_TLS_ACME) is set together with --tls-cert",
            ),
            (
                TlsArgs { tls_acme_contact: Some("ops@acme.example".into()), ..args() },
                "--tls-acme-contact (KEYSTEAD_TLS_ACME_CONTACT) is set without --tls-acme",
            ),
            (
                TlsArgs { tls_acme_ca: Some("a".into()), ..args() },
                "is set without --tls-acme (KEYSTEAD_TLS_ACME)",
            ),
        ];
        for (args, expected) in cases {
            let error = check(&args).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn names_that_no_authority_can_check_are_refused() {
        for (text, expected) in [
            ("", "is empty"),
            ("*.example.com", "contains a wildcard"),
            ("192.0.2.1", "contains an IP address"),
            ("a.example,", "contains something that is not a domain name"),
            ("a b", "contains something that is not a domain name"),
            ("https://a.example", "contains something that is not a domain name"),
            ("a.example:443", "contains something that is not a domain name"),
            ("a.example.", "contains something that is not a domain name"),
            ("-a.example", "contains something that is not a domain name"),
            ("a_b.example", "contains something that is not a domain name"),
        ] {
            let error = check(&TlsArgs { tls_acme: Some(text.into()), ..args() }).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let many: Vec<_> = (0..=DOMAINS_MAX).map(|number| format!("a{number}.example")).collect();
        let error = check(&TlsArgs { tls_acme: Some(many.join(",")), ..args() }).unwrap_err();
        assert!(error.contains("has more than 100 names"), "{error}");
    }

    #[test]
    fn an_authority_is_asked_only_over_https() {
        for (text, expected) in [
            ("http://acme.example/directory", "does not use https"),
            ("acme", "is not an address"),
            ("https://me:hunter2@acme.example", "contains a user name or a password"),
        ] {
            let error = check(&TlsArgs { tls_acme_directory: text.into(), ..args() }).unwrap_err();
            assert!(error.contains(expected) && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}
