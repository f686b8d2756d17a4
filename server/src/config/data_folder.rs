//! Finds the data folder: the folder that `data_dir` names, or `keystead` inside it if others use the named folder,
//! too. A volume in a container is such a folder: it belongs to root, a group may write to it, or it has `lost+found`.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

/// The name of the embedded database.
pub(super) const DATABASE_FILE: &str = "keystead.db";
/// The folder inside a shared folder.
const INSIDE: &str = "keystead";
/// The bit of folders such as `/tmp`, in which people rename and remove only what is theirs.
const STICKY: u32 = 0o1000;

/// Returns the data folder, and the folder around it if that is shared. Changes nothing, and trusts nothing that it
/// finds: `boot::shared_folder` decides whether the place is safe. Every command finds the same place, before and after
/// the first start.
pub(super) fn data_folder(named: PathBuf) -> (PathBuf, Option<PathBuf>) {
    let inside = named.join(INSIDE);
    if is_shared(&named, &inside) { (inside, Some(named)) } else { (named, None) }
}

fn is_shared(named: &Path, inside: &Path) -> bool {
    let Ok(found) = fs::metadata(named) else { return false };
    let mode = found.permissions().mode();
    if !found.is_dir() {
        return false;
    }
    // Anybody could have put a database there.
    if mode & STICKY != 0 {
        return true;
    }
    if named.join(DATABASE_FILE).exists() {
        return false;
    }
    if inside.join(DATABASE_FILE).exists() {
        return true;
    }
    mode & 0o077 != 0 && !(is_ours(found.uid()) && is_empty(named))
}

/// Whether this process may change the permissions of something that belongs to a user.
fn is_ours(owner: u32) -> bool {
    let me = geteuid();
    me.is_root() || me.as_raw() == owner
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    /// A folder with a mode and with files, and the data folder that is found in it.
    #[track_caller]
    fn find(mode: u32, files: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
        let (found, shared) = data_folder(folder.path().to_owned());
        assert_eq!(shared.is_some(), found != folder.path());
        found.strip_prefix(folder.path()).unwrap().display().to_string()
    }

    #[test]
    fn a_folder_of_its_own_is_used_itself() {
        assert_eq!(find(0o700, &[]), "");
        assert_eq!(find(0o755, &[]), "");
        assert_eq!(find(0o700, &["notes.txt"]), "");
        let parent = tempfile::tempdir().unwrap();
        let missing = parent.path().join("missing");
        assert_eq!(data_folder(missing.clone()), (missing, None));
    }

    #[test]
    fn a_database_stays_where_it_is_whatever_is_beside_it() {
        for mode in [0o700, 0o755, 0o2775] {
            assert_eq!(find(mode, &["keystead.db"]), "");
            assert_eq!(find(mode, &["keystead.db", "lost+found/1", "keystead/keystead.db"]), "");
            assert_eq!(find(mode, &["keystead/keystead.db"]), "keystead");
        }
    }

    #[test]
    fn a_shared_folder_gets_a_folder_inside() {
        assert_eq!(find(0o755, &["lost+found/1"]), "keystead");
        assert_eq!(find(0o2775, &["lost+found/1"]), "keystead");
        // Not even an empty one is closed to those who share it.
        assert_eq!(find(0o1777, &[]), "keystead");
        // Anybody could have planted this file.
        assert_eq!(find(0o1777, &["keystead.db"]), "keystead");
    }

    #[test]
    fn a_volume_of_root_gets_a_folder_inside_for_other_users() {
        // As root, the tests cannot create a folder that this process does not own.
        if geteuid().is_root() {
            return;
        }
        let root = fs::metadata("/").unwrap();
        assert_eq!((root.uid(), data_folder("/".into()).0), (0, "/keystead".into()));
    }
}
