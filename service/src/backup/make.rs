//! Makes a backup.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use store::archive::{Export, TableTally, Tally, export};
use store::{Refusal, newest_migration};
use tokio::task::spawn_blocking;

use super::error::{BackupError, Trouble};
use super::file::{BackupFile, check};
use super::format::Header;
use super::hashing::{Fingerprint, Hashing};
use super::passphrase::Passphrase;
use super::progress::Progress;
use super::read::looks_like_backup;
use super::write::{Stopped, write};
use crate::state::Service;

/// Between the name of a backup and the id of the process that writes it, in a temporary name.
pub(super) const PARTIAL: &str = ".partial-";

/// How a backup is made.
#[derive(Debug, Clone, Default)]
pub struct NewBackup {
    /// Whether an existing file with the same name is replaced.
    pub replaces: bool,
    /// Encrypts the backup.
    pub passphrase: Option<Passphrase>,
}

/// A backup that was written to an output that cannot be read again.
#[derive(Debug)]
pub struct Written {
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub tables: Vec<TableTally>,
}

impl Service {
    /// Makes a backup of everything that was committed before, while others write. The file appears under its name only
    /// when it is on the disk and was read back. A file with this name is replaced only on request.
    pub async fn back_up(
        &self,
        path: &Path,
        new: NewBackup,
        progress: Progress,
    ) -> Result<BackupFile, BackupError> {
        check_place(path, new.replaces).map_err(|trouble| trouble.at(path))?;
        let ((export, header), path) = (self.snapshot().await?, path.to_owned());
        spawn_blocking(move || make(&header, export, &path, new, &progress)).await?
    }

    /// Writes a backup to an output such as a pipe.
    pub async fn write_backup(
        &self,
        out: impl Write + Send + 'static,
        passphrase: Option<Passphrase>,
        progress: Progress,
    ) -> Result<Written, BackupError> {
        let (export, header) = self.snapshot().await?;
        spawn_blocking(move || {
            let out = Hashing::new(BufWriter::new(out));
            let written = write(&header, export.parts, out, passphrase.as_ref(), &progress);
            let (out, tally) = written.map_err(|stopped| match stopped {
                Stopped::Unwritten(error) => BackupError::Output(error),
                Stopped::Source(error) => BackupError::Source(error),
            })?;
            let (_, Fingerprint { bytes, sha256 }) = out.end();
            Ok(Written { bytes, sha256, tables: tally.tables() })
        })
        .await?
    }

    /// Begins to read the database, whose schema must be known to this version.
    pub(super) async fn snapshot(&self) -> Result<(Export, Header), BackupError> {
        let created_at = self.clock.now();
        let export = export(&self.store).await.map_err(BackupError::Source)?;
        let (found, known) = (export.schema, newest_migration());
        if found > known {
            return Err(BackupError::Source(Refusal::UnknownSchema { found, known }.into()));
        }
        let header = Header::new(&export, created_at);
        Ok((export, header))
    }
}

fn make(
    header: &Header,
    export: Export,
    path: &Path,
    new: NewBackup,
    progress: &Progress,
) -> Result<BackupFile, BackupError> {
    let NewBackup { replaces, passphrase } = new;
    let unwritten = |error| Trouble::Unwritten(error).at(path);
    if let Ok(start) = partial_start(path) {
        remove_left_over(folder(path), |name| name.starts_with(&start));
    }
    let partial = Partial::create(path).map_err(unwritten)?;
    let out = Hashing::new(BufWriter::new(&partial.file));
    let (out, tally) =
        write(header, export.parts, out, passphrase.as_ref(), progress).map_err(|stopped| match stopped {
            Stopped::Unwritten(error) => unwritten(error),
            Stopped::Source(error) => BackupError::Source(error),
        })?;
    let (mut out, fingerprint) = out.end();
    out.flush().map_err(unwritten)?;
    drop(out);
    partial.file.sync_all().map_err(unwritten)?;
    let content = check(&partial.file, passphrase.as_ref(), progress).map_err(|trouble| trouble.at(path))?;
    if content.fingerprint != fingerprint || is_other(&content.tally, &tally) {
        return Err(Trouble::Changed.at(path));
    }
    let file = partial.file.try_clone().map_err(unwritten)?;
    partial.publish(path, replaces).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Trouble::Exists.at(path),
        _ => unwritten(error),
    })?;
    Ok(BackupFile { path: path.to_owned(), file, passphrase, content })
}

/// Refuses a place where something is. Only a backup may be replaced, so that a mistyped name costs no other file.
fn check_place(path: &Path, replaces: bool) -> Result<(), Trouble> {
    match fs::symlink_metadata(path) {
        Err(_) => Ok(()),
        Ok(_) if !replaces => Err(Trouble::Exists),
        Ok(found) if found.is_file() && looks_like_backup(path) => Ok(()),
        Ok(_) => Err(Trouble::NotReplaced),
    }
}

fn is_other(one: &Tally, other: &Tally) -> bool {
    one.first_difference(other).is_some()
}

/// A backup under a temporary name beside its own. It is locked while it is written, and removed unless it is
/// published.
struct Partial {
    path: PathBuf,
    file: File,
}

impl Partial {
    /// Creates a new file that only its owner may read. An existing file is not opened, because somebody else may have
    /// put it there.
    fn create(path: &Path) -> io::Result<Self> {
        let partial = path.with_file_name(format!("{}{}", partial_start(path)?, std::process::id()));
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(&partial)?;
        let partial = Self { path: partial, file };
        partial.file.lock()?;
        Ok(partial)
    }

    /// Gives the file its name, and flushes the folder.
    fn publish(self, path: &Path, replaces: bool) -> io::Result<()> {
        if replaces {
            fs::rename(&self.path, path)?;
        } else if let Err(error) = fs::hard_link(&self.path, path) {
            // Most likely the file system does not support hard links.
            if error.kind() == io::ErrorKind::AlreadyExists || fs::symlink_metadata(path).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(&self.path, path)?;
        }
        File::open(folder(path))?.sync_all()
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // If it was renamed, there is nothing to remove.
        let _ = fs::remove_file(&self.path);
    }
}

/// The beginning of the temporary names for a path.
fn partial_start(path: &Path) -> io::Result<String> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    Ok(format!(".{}{PARTIAL}", name.to_string_lossy()))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Removes what killed processes have left: the files in a folder with such a name that nobody has locked.
pub(super) fn remove_left_over(folder: &Path, is_partial: impl Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        // Opening something else, such as a pipe, could block.
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file
            && is_partial(&entry.file_name().to_string_lossy())
            && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok())
        {
            // If it cannot be removed, it is only left there again.
            let _ = fs::remove_file(entry.path());
        }
    }
}
