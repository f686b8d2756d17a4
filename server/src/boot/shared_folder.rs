//! Decides whether a data folder inside a shared folder is safe: whether others could have put it there, or could put
//! another in its place while the server runs.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::process::geteuid;

use super::BootError;
use crate::config::{Database, StoreSettings};

pub(super) const DATA_DIR: &str = "--data-dir (KEYSTEAD_DATA_DIR)";
const WRITABLE_BY_ALL: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Refuses a data folder that others could replace. Only for an embedded database, because nothing else is kept there.
pub fn check(settings: &StoreSettings) -> Result<(), BootError> {
    match (&settings.shared_dir, &settings.database) {
        (Some(shared), Database::Sqlite(file)) if file.parent() == Some(&settings.data_dir) => {
            check_shared(shared)?;
            check_inside(&settings.data_dir)
        }
        _ => Ok(()),
    }
}

/// Who owns a folder, or may write to it, can rename what is inside. The group may write: its members are those who
/// share the volume, as with `fsGroup` in Kubernetes.
fn check_shared(shared: &Path) -> Result<(), BootError> {
    let found = fs::metadata(shared).map_err(|error| unreadable(shared, error))?;
    let mode = found.permissions().mode();
    if found.uid() != 0 && !is_mine(&found) {
        let trouble = "is shared and belongs to another user, who could replace the database";
        return Err(refuse(
            shared,
            trouble,
            "Give Keystead a folder of its own, or make root the owner of this one.",
        ));
    }
    if mode & WRITABLE_BY_ALL != 0 && mode & STICKY == 0 {
        let trouble = "every user can write to, and so could replace the database";
        return Err(refuse(
            shared,
            trouble,
            "Give Keystead a folder of its own, or close this one with chmod o-w.",
        ));
    }
    Ok(())
}

fn check_inside(folder: &Path) -> Result<(), BootError> {
    let own = "Remove it, or give Keystead a folder of its own.";
    // A link is not followed, because somebody else may have made it.
    match fs::symlink_metadata(folder) {
        Ok(found) if !found.is_dir() => Err(refuse(folder, "is no folder", own)),
        Ok(found) if !is_mine(&found) => {
            let right = "Run this command as the user that owns it, or give Keystead a folder of its own.";
            Err(refuse(folder, "belongs to another user", right))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unreadable(folder, error)),
    }
}

fn is_mine(found: &Metadata) -> bool {
    found.uid() == geteuid().as_raw()
}

fn refuse(path: &Path, trouble: &'static str, right: &'static str) -> BootError {
    BootError::Path { setting: DATA_DIR, path: path.to_owned(), trouble, right, source: None }
}

fn unreadable(path: &Path, error: io::Error) -> BootError {
    BootError::Path {
        setting: DATA_DIR,
        path: path.to_owned(),
        trouble: "cannot be examined",
        right: "Choose a folder that this user can write to",
        source: Some(error),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{chown, symlink};

    use tempfile::TempDir;

    use super::*;

    /// A shared folder with this mode.
    fn shared(mode: u32) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
        folder
    }

    fn check_in(shared: &TempDir) -> Result<(), String> {
        let data_dir = shared.path().join("keystead");
        let settings = StoreSettings {
            database: Database::Sqlite(data_dir.join("keystead.db")),
            data_dir,
            shared_dir: Some(shared.path().to_owned()),
            database_connections_max: 1,
        };
        check(&settings).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn refused(shared: &TempDir, reason: &str) {
        let error = check_in(shared).unwrap_err();
        assert!(error.contains("KEYSTEAD_DATA_DIR") && error.contains(reason), "{error}");
    }

    #[test]
    fn a_folder_in_which_nobody_else_can_rename_is_safe() {
        for mode in [0o755, 0o2775, 0o1777] {
            let shared = shared(mode);
            assert_eq!(check_in(&shared), Ok(()));
            fs::create_dir(shared.path().join("keystead")).unwrap();
            assert_eq!(check_in(&shared), Ok(()));
        }
        for mode in [0o757, 0o2777] {
            refused(&shared(mode), "every user can write to");
        }
    }

    #[test]
    fn a_planted_link_or_file_is_refused() {
        let (shared, other) = (shared(0o1777), tempfile::tempdir().unwrap());
        symlink(other.path(), shared.path().join("keystead")).unwrap();
        refused(&shared, "is no folder");
        fs::remove_file(shared.path().join("keystead")).unwrap();
        fs::write(shared.path().join("keystead"), "").unwrap();
        refused(&shared, "is no folder");
    }

    #[test]
    fn folders_of_other_users_are_refused() {
        // Only root can give a folder away.
        if !geteuid().is_root() {
            return;
        }
        let shared = shared(0o1777);
        let inside = shared.path().join("keystead");
        fs::create_dir(&inside).unwrap();
        chown(&inside, Some(65_534), None).unwrap();
        refused(&shared, "as the user that owns it");
        fs::remove_dir(&inside).unwrap();
        chown(shared.path(), Some(65_534), None).unwrap();
        refused(&shared, "belongs to another user, who could replace");
    }
}
