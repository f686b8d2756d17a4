//! Prepares the data folder, and closes it to other users whatever the umask is.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::database_file::is_open_to_others;
use super::shared_folder::DATA_DIR;
use super::{BootError, database_file, shared_folder};
use crate::config::{Database, StoreSettings};

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
/// A file that exists is closed to others only if it is empty or contains a Keystead.
pub fn prepare(settings: &StoreSettings, has_keystead: bool) -> Result<(), BootError> {
    let Database::Sqlite(file) = &settings.database else { return Ok(()) };
    if file.parent() != Some(settings.data_dir.as_path()) {
        return database_file::prepare(file, DATABASE_URL, has_keystead);
    }
    prepare_folder(settings, file)?;
    database_file::prepare(file, DATA_DIR, has_keystead)
}

/// Finds out why the file of an embedded database cannot be used. Changes nothing.
pub fn explain(settings: &StoreSettings) -> Result<(), BootError> {
    let Database::Sqlite(file) = &settings.database else { return Ok(()) };
    database_file::open_all(file, named(settings).0)
}

fn prepare_folder(settings: &StoreSettings, database: &Path) -> Result<(), BootError> {
    let folder = settings.data_dir.as_path();
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
    // Again, because somebody else may have been faster.
    shared_folder::check(settings)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(data_dir: &Path) -> StoreSettings {
        StoreSettings {
            data_dir: data_dir.to_owned(),
            shared_dir: None,
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
        prepare(&settings(&folder), false).unwrap();
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("keystead.db")), 0o600);
    }

    #[test]
    fn a_folder_with_an_open_database_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("keystead.db"), "").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        prepare(&settings(folder.path()), false).unwrap();
        assert_eq!(mode(folder.path()), 0o700);
    }

    #[test]
    fn a_folder_inside_a_shared_one_is_closed_and_the_shared_one_stays_as_it_is() {
        let shared = tempfile::tempdir().unwrap();
        fs::write(shared.path().join("letters.txt"), "").unwrap();
        fs::set_permissions(shared.path(), Permissions::from_mode(0o2775)).unwrap();
        let folder = shared.path().join("keystead");
        let settings = StoreSettings { shared_dir: Some(shared.path().to_owned()), ..settings(&folder) };
        for _ in 0..2 {
            prepare(&settings, false).unwrap();
            assert_eq!(mode(&folder), 0o700);
            assert_eq!(mode(&folder.join("keystead.db")), 0o600);
            assert_eq!(mode(shared.path()), 0o775);
            // As Kubernetes does for the group of the volume at every start.
            fs::set_permissions(&folder, Permissions::from_mode(0o2770)).unwrap();
        }
    }

    #[test]
    fn a_planted_folder_is_refused_and_not_followed() {
        let (shared, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::set_permissions(shared.path(), Permissions::from_mode(0o1777)).unwrap();
        fs::set_permissions(other.path(), Permissions::from_mode(0o755)).unwrap();
        let folder = shared.path().join("keystead");
        std::os::unix::fs::symlink(other.path(), &folder).unwrap();
        let settings = StoreSettings { shared_dir: Some(shared.path().to_owned()), ..settings(&folder) };
        assert!(prepare(&settings, false).is_err());
        assert_eq!((mode(other.path()), fs::read_dir(other.path()).unwrap().count()), (0o755, 0));
    }

    #[test]
    fn a_folder_that_became_shared_meanwhile_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("letters.txt"), "").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let error = prepare(&settings(folder.path()), false).unwrap_err().to_string();
        assert!(error.contains("KEYSTEAD_DATA_DIR") && error.contains("a folder of its own"), "{error}");
        assert_eq!(mode(folder.path()), 0o755);
        assert!(!folder.path().join("keystead.db").exists());
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = prepare(&settings(file.path()), false).unwrap_err().to_string();
        assert!(error.contains("KEYSTEAD_DATA_DIR"), "{error}");
    }

    #[test]
    fn a_database_in_a_missing_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(folder.path());
        settings.database = Database::Sqlite(folder.path().join("missing/keys.db"));
        let error = prepare(&settings, false).unwrap_err().to_string();
        assert!(error.contains("KEYSTEAD_DATABASE_URL"), "{error}");
    }
}
