//! Reads the operator's files again when they change, and on request.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use service::{Clock, causes};

use super::certificate::Certificate;
use super::certificates::Certificates;
use super::files;
use crate::config::{CertificateFiles, SettingError};

/// How often the files are looked at. It costs two calls of the system.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The time before the end of a certificate from which the log says so.
const ENDS_SOON_SECONDS: i64 = 14 * 24 * 3600;

/// The files of a running server. Cheap to clone. The thread that watches them ends with the last clone.
#[derive(Clone)]
pub struct WatchedFiles(Arc<Inner>);

struct Inner {
    files: CertificateFiles,
    certificates: Arc<Certificates>,
    clock: Clock,
    last: Mutex<LastRead>,
    _stops_watching: SyncSender<()>,
}

/// The last time that the files were read.
struct LastRead {
    /// What the files were like before they were read.
    seen: Fingerprint,
    /// Why they could not be used.
    error: Option<SettingError>,
}

/// Tells whether files were changed or replaced. Both files are looked at through symbolic links, because certbot and
/// Kubernetes replace the link.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fingerprint([Option<[i64; 7]>; 2]);

impl WatchedFiles {
    /// Reads the files for the first time, and watches them from then on.
    pub(super) fn open(
        files: CertificateFiles,
        certificates: Arc<Certificates>,
        clock: Clock,
    ) -> Result<Self, SettingError> {
        let seen = Fingerprint::of(&files);
        let certificate = files::read(&files)?;
        warn_of_dates(&certificate, &clock);
        certificates.replace(certificate);
        let (stops, stopped) = sync_channel(0);
        let last = Mutex::new(LastRead { seen, error: None });
        let inner = Arc::new(Inner { files, certificates, clock, last, _stops_watching: stops });
        let watched = Arc::downgrade(&inner);
        let thread = thread::Builder::new().name("tls-files".to_owned());
        if let Err(error) = thread.spawn(move || watch(&watched, &stopped)) {
            tracing::warn!(error = %causes(&error), "the files of the certificate are read again only after SIGHUP");
        }
        Ok(Self(inner))
    }

    /// Reads the files again. If they cannot be used, the previous certificate stays.
    pub(crate) fn reread(&self) -> Result<(), SettingError> {
        self.0.read(&mut self.0.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    fn read(&self, last: &mut LastRead) -> Result<(), SettingError> {
        // A file that changes while it is read differs from this the next time.
        last.seen = Fingerprint::of(&self.files);
        let read = files::read(&self.files);
        last.error = read.as_ref().err().cloned();
        let certificate = read?;
        warn_of_dates(&certificate, &self.clock);
        self.certificates.replace(certificate);
        Ok(())
    }

    /// Reads the files if they have changed, or could not be read the last time. Of a pair, one file is always replaced
    /// before the other. The log then says once that they do not match, and that they do.
    fn look(&self) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.error.is_none() && last.seen == Fingerprint::of(&self.files) {
            return;
        }
        let previous = last.error.clone();
        match self.read(&mut last) {
            Ok(()) => tracing::info!("the certificate was read again, because its files have changed"),
            Err(error) if previous.as_ref() == Some(&error) => {}
            Err(error) => {
                tracing::error!(
                    error = %causes(&error),
                    "the files of the certificate have changed and cannot be used; the previous certificate stays in use"
                );
            }
        }
    }
}

fn watch(files: &Weak<Inner>, stopped: &Receiver<()>) {
    while stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
        let Some(files) = files.upgrade() else { return };
        files.look();
    }
}

impl Fingerprint {
    fn of(files: &CertificateFiles) -> Self {
        let of = |file: &Path| {
            let found = fs::metadata(file).ok()?;
            let number = |unsigned: u64| unsigned.cast_signed();
            Some([
                number(found.dev()),
                number(found.ino()),
                number(found.size()),
                found.mtime(),
                found.mtime_nsec(),
                found.ctime(),
                found.ctime_nsec(),
            ])
        };
        Self([of(&files.certificate), of(&files.key)])
    }
}

/// An expired certificate is used all the same: programs that skip its check must not fail for that.
fn warn_of_dates(certificate: &Certificate, clock: &Clock) {
    let (now, ends) = (clock.now(), certificate.ends.to_rfc3339());
    if let Some(trouble) = certificate.trouble_at(now) {
        let begins = certificate.begins.to_rfc3339();
        tracing::error!(begins, ends, "the certificate {trouble}, so clients refuse it; replace its files");
    } else if certificate.ends.seconds_since(now) < ENDS_SOON_SECONDS {
        tracing::warn!(ends, "the certificate ends soon; replace its files");
    }
}
