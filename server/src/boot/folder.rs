//! Prepares the data folder and the database file, and closes them to other users whatever the umask is.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::BootError;
use crate::config::{Database, StoreSettings};

const DATA_DIR: &str = "--data-dir (KEYSTEAD_DATA_DIR)";
const DATABASE_URL: &str = "--database-url (KEYSTEAD_DATABASE_URL)";

/// Returns the setting that names the database, and the location of the database without a password.
pub fn named(settings: &StoreSettings) -> (&'static str, String) {
    match &settings.database {
        Database::Sqlite(file) if file.parent() == Some(settings.data_dir.as_path()) => {
            (DATA_DIR, settings.data_dir.display().to_string())
        }
        Database::Sqlite(file) => (DATABASE_URL, file.display().to_string()),
        Database::Postgres(_) => (DATABASE_URL, "a database".to_owned()),
    }
}

/// Creates the file of an embedded database, and the data folder if the file belongs there. PostgreSQL needs neither.
pub fn prepare(settings: &StoreSettings) -> Result<(), BootError> {
    let Database::Sqlite(file) = &settings.database else { return Ok(()) };
    if file.parent() == Some(settings.data_dir.as_path()) {
        prepare_folder(&settings.data_dir, file)?;
        prepare_file(file, DATA_DIR)
    } else {
        prepare_file(file, DATABASE_URL)
    }
}

fn prepare_folder(folder: &Path, database: &Path) -> Result<(), BootError> {
    let refuse = |trouble, right, source| BootError::Path {
        setting: DATA_DIR,
        path: folder.to_owned(),
        trouble,
        right,
        source,
    };
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| {
        refuse("cannot be created as a folder", "Choose a folder that this user can write to", Some(error))
    })?;
    if is_open_to_others(folder).unwrap_or(true) {
        // The setting may name a shared folder such as /tmp, whose permissions must not be changed.
        if !database.exists() && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
            let right = "Give Keystead a folder of its own, or close this one with chmod 700.";
            return Err(refuse("contains other files and is open to other users", right, None));
        }
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(|error| {
            let right = "Choose a folder that belongs to this user";
            refuse("is open to other users and cannot be closed to them", right, Some(error))
        })?;
    }
    check_writable(folder).map_err(|error| {
        refuse("cannot be written to", "Choose a folder that this user can write to", Some(error))
    })
}

/// Checks by writing a file, because permission bits do not show that a file system is read-only.
fn check_writable(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".write-check-{}", std::process::id()));
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&probe)?;
    fs::remove_file(probe)
}

/// Creates the database file before SQLite does, because SQLite would let other users read it. SQLite copies the file's
/// mode to the files that it puts beside it.
fn prepare_file(file: &Path, setting: &'static str) -> Result<(), BootError> {
    let refuse = |path: &Path, source| BootError::Path {
        setting,
        path: path.to_owned(),
        trouble: "cannot be read and written",
        right: "Choose a file of this user in a folder that exists",
        source: Some(source),
    };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(file).map_err(|error| refuse(file, error))?;
    for path in [file.to_owned(), beside(file, "-wal"), beside(file, "-shm"), beside(file, "-journal")] {
        if !path.exists() {
            continue;
        }
        if is_open_to_others(&path).unwrap_or(true) {
            fs::set_permissions(&path, Permissions::from_mode(0o600))
                .map_err(|error| refuse(&path, error))?;
        }
        // Checked here, because SQLite would only say that the database is read-only, and not why.
        OpenOptions::new().read(true).write(true).open(&path).map_err(|error| refuse(&path, error))?;
    }
    Ok(())
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(data_dir: &Path) -> StoreSettings {
        StoreSettings {
            data_dir: data_dir.to_owned(),
            database: Database::Sqlite(data_dir.join("keystead.db")),
            database_connections_max: 1,
        }
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_folder_and_its_database_are_closed_to_others() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/data");
        prepare(&settings(&folder)).unwrap();
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("keystead.db")), 0o600);
    }

    #[test]
    fn an_open_database_is_closed_to_others_with_its_companion_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["keystead.db", "keystead.db-wal"] {
            fs::write(folder.path().join(name), "").unwrap();
            fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o644)).unwrap();
        }
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        prepare(&settings(folder.path())).unwrap();
        assert_eq!(mode(folder.path()), 0o700);
        assert_eq!(mode(&folder.path().join("keystead.db")), 0o600);
        assert_eq!(mode(&folder.path().join("keystead.db-wal")), 0o600);
    }

    #[test]
    fn a_shared_folder_with_other_files_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("letters.txt"), "").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let error = prepare(&settings(folder.path())).unwrap_err().to_string();
        assert!(error.contains("KEYSTEAD_DATA_DIR") && error.contains("a folder of its own"), "{error}");
        assert_eq!(mode(folder.path()), 0o755);
        assert!(!folder.path().join("keystead.db").exists());
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = prepare(&settings(file.path())).unwrap_err().to_string();
        assert!(error.contains("KEYSTEAD_DATA_DIR"), "{error}");
    }

    #[test]
    fn a_database_in_a_missing_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(folder.path());
        settings.database = Database::Sqlite(folder.path().join("missing/keys.db"));
        let error = prepare(&settings).unwrap_err().to_string();
        assert!(error.contains("KEYSTEAD_DATABASE_URL"), "{error}");
    }
}
