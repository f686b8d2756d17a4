//! Prepares the file of an embedded database, and closes it to other users whatever the umask is.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::BootError;

/// Creates the database file before SQLite does, because SQLite would let other users read it. SQLite copies the file's
/// mode to the files that it puts beside it. The permissions of another program's file are not changed.
pub(super) fn prepare(file: &Path, setting: &'static str, has_keystead: bool) -> Result<(), BootError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let opened = options.open(file).map_err(|error| unusable(file, setting, error))?;
    let is_ours = has_keystead || opened.metadata().is_ok_and(|found| found.len() == 0);
    for path in existing(file) {
        if !is_open_to_others(&path).unwrap_or(true) {
            continue;
        }
        if !is_ours {
            return Err(BootError::Path {
                setting,
                path,
                trouble: "is open to other users and contains no Keystead database",
                right: "Choose another file. If this one may be used, close it with chmod 600.",
                source: None,
            });
        }
        fs::set_permissions(&path, Permissions::from_mode(0o600))
            .map_err(|error| unusable(&path, setting, error))?;
    }
    open_all(file, setting)
}

/// Opens the files that exist for reading and writing. SQLite would only say that the database is read-only, and not
/// why.
pub(super) fn open_all(file: &Path, setting: &'static str) -> Result<(), BootError> {
    for path in existing(file) {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| unusable(&path, setting, error))?;
    }
    Ok(())
}

/// The database and the files that SQLite keeps beside it, as far as they exist.
fn existing(file: &Path) -> impl Iterator<Item = PathBuf> {
    ["", "-wal", "-shm", "-journal"].into_iter().map(|end| beside(file, end)).filter(|path| path.exists())
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

pub(super) fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

fn unusable(path: &Path, setting: &'static str, error: io::Error) -> BootError {
    BootError::Path {
        setting,
        path: path.to_owned(),
        trouble: "cannot be read and written",
        right: "Choose a file of this user in a folder that exists",
        source: Some(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTING: &str = "--database-url (KEYSTEAD_DATABASE_URL)";

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    /// A database and its log, which others can read.
    fn open_files(folder: &Path, contents: &str) -> [PathBuf; 2] {
        ["keys.db", "keys.db-wal"].map(|name| {
            let path = folder.join(name);
            fs::write(&path, contents).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
            path
        })
    }

    #[test]
    fn a_database_that_is_ours_is_closed_to_others_with_the_files_beside_it() {
        for (contents, has_keystead) in [("", false), ("rows", true)] {
            let folder = tempfile::tempdir().unwrap();
            let files = open_files(folder.path(), contents);
            prepare(&files[0], SETTING, has_keystead).unwrap();
            assert_eq!(files.map(|file| mode(&file)), [0o600; 2]);
        }
    }

    #[test]
    fn the_file_of_another_program_stays_open_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let files = open_files(folder.path(), "Dear Sir or Madam");
        let error = prepare(&files[0], SETTING, false).unwrap_err().to_string();
        assert!(error.contains("KEYSTEAD_DATABASE_URL") && error.contains("no Keystead database"), "{error}");
        assert_eq!(files.map(|file| mode(&file)), [0o644; 2]);
    }
}
