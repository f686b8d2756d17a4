//! The task that requests and renews the certificate of a running server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use service::{Clock, causes};
use tokio::time::{sleep, timeout};

use super::super::certificate::Certificate;
use super::super::certificates::Certificates;
use super::super::files;
use super::account::account;
use super::cache::Cache;
use super::error::AcmeError;
use super::https::Https;
use super::order::order;
use super::schedule::{renewal, wait_after};
use crate::config::{AcmeSettings, SettingError};

/// How long an attempt may take altogether.
const ATTEMPT: Duration = Duration::from_mins(10);
/// The longest wait for a renewal before the clock is read again. It may have been set meanwhile.
const SLEEP_MAX: Duration = Duration::from_hours(1);

pub(in crate::tls) struct Acme {
    settings: AcmeSettings,
    cache: Cache,
    https: Https,
    certificates: Arc<Certificates>,
    clock: Clock,
}

impl Acme {
    /// Reads the root certificates that the settings name, and uses a certificate from an earlier start.
    pub(in crate::tls) fn open(
        settings: &AcmeSettings,
        data_dir: &Path,
        certificates: Arc<Certificates>,
    ) -> Result<Self, SettingError> {
        let https = https(settings)?;
        let acme = Self {
            settings: settings.clone(),
            cache: Cache::new(data_dir, settings),
            https,
            certificates,
            clock: Clock::system(),
        };
        if let Some(certificate) = Self::obtained(settings, data_dir) {
            acme.certificates.replace(certificate);
        }
        Ok(acme)
    }

    /// The certificate that was obtained last.
    pub(in crate::tls) fn obtained(settings: &AcmeSettings, data_dir: &Path) -> Option<Certificate> {
        let pem = Cache::new(data_dir, settings).certificate()?;
        Certificate::from_pem(&pem, &pem).ok()
    }

    /// Checks the files that the settings name.
    pub(in crate::tls) fn check(settings: &AcmeSettings) -> Result<(), SettingError> {
        https(settings).map(drop)
    }

    /// Requests a certificate whenever one is due. Never ends.
    pub(in crate::tls) async fn run(self) {
        let mut failures = 0;
        loop {
            self.wait_until_due().await;
            match timeout(ATTEMPT, self.renew()).await.unwrap_or(Err(AcmeError::TooSlow)) {
                Ok(()) => failures = 0,
                Err(error) => {
                    failures += 1;
                    let wait = wait_after(failures);
                    tracing::error!(
                        error = %causes(&error),
                        retry_in_seconds = wait.as_secs(),
                        "no certificate could be obtained from the authority"
                    );
                    sleep(wait).await;
                }
            }
        }
    }

    async fn wait_until_due(&self) {
        while let Some(certificate) = self.certificates.present() {
            let due = renewal(certificate.begins, certificate.ends);
            let left = due.micros() - self.clock.now().micros();
            let Ok(left @ 1..) = u64::try_from(left) else { return };
            sleep(Duration::from_micros(left).min(SLEEP_MAX)).await;
        }
    }

    async fn renew(&self) -> Result<(), AcmeError> {
        let AcmeSettings { domains, directory, .. } = &self.settings;
        tracing::info!(
            names = domains.join(", "),
            authority = directory.host_str(),
            "requesting a certificate"
        );
        let issued = self.order().await.inspect_err(|error| {
            if error.is_unknown_account() {
                self.cache.forget_account();
            }
        })?;
        let certificate = Certificate::from_pem(issued.as_bytes(), issued.as_bytes())?;
        let (begins, ends) = (certificate.begins, certificate.ends);
        if let Err(error) = self.cache.store_certificate(issued.as_bytes()) {
            tracing::error!(
                error = %causes(&error),
                "the new certificate could not be stored, so the next start will request another one"
            );
        }
        self.certificates.replace(certificate);
        tracing::info!(ends = ends.to_rfc3339(), "the authority issued a certificate");
        if renewal(begins, ends) <= self.clock.now() { Err(AcmeError::EndsAtOnce) } else { Ok(()) }
    }

    async fn order(&self) -> Result<zeroize::Zeroizing<String>, AcmeError> {
        let account = account(&self.settings, &self.cache, &self.https).await?;
        order(&account, &self.settings.domains, &self.certificates).await
    }
}

fn https(settings: &AcmeSettings) -> Result<Https, SettingError> {
    const NAME: &str = "tls_acme_ca";
    const RIGHT: &str = "Give a file in PEM with the root certificates of the authority.";
    let file = settings.authority.as_deref();
    let pem = file.map(|file| files::read_file(NAME, file, RIGHT)).transpose()?;
    Https::new(pem.as_ref().map(|pem| pem.as_slice())).ok_or_else(|| {
        let file = file.unwrap_or(Path::new("")).display();
        SettingError::new(
            NAME,
            format!("names {file}, which contains no certificate that can be read"),
            RIGHT,
        )
    })
}
