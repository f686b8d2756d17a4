//! Finds the key that encrypts idempotency records: in the operator's file, or in a file beside the embedded database
//! that is created at the first start.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use service::{Entropy, SealKey};
use zeroize::Zeroizing;

use super::BootError;
use crate::config::{Database, ServeSettings, is_open_to_others, read_at_most};

const SEAL_KEY_FILE: &str = "--seal-key-file (KEYSTEAD_SEAL_KEY_FILE)";
const DATA_DIR: &str = "--data-dir (KEYSTEAD_DATA_DIR)";

/// Returns the key, or `None` if there is neither a file nor an embedded database. In that case each process makes its
/// own key.
pub fn seal_key(settings: &ServeSettings) -> Result<Option<SealKey>, BootError> {
    let store = &settings.service.store;
    match (&settings.seal_key_file, &store.database) {
        (Some(file), _) => named(file).map(Some),
        (None, Database::Sqlite(database)) => {
            let file = database.with_file_name("seal.key");
            make_if_missing(&file).map_err(|source| BootError::Path {
                setting: DATA_DIR,
                path: file.clone(),
                trouble: "cannot be created",
                right: "Choose a folder that this user can write to",
                source: Some(source),
            })?;
            read(&file, DATA_DIR).map(Some)
        }
        (None, Database::Postgres(_)) => {
            tracing::info!(
                "responses to repeated requests can be returned only by this process; set seal_key_file to share them with \
                 others"
            );
            Ok(None)
        }
    }
}

/// Reads the file that the setting names, if there is one, to find out whether it can be used.
pub fn check_seal_key(settings: &ServeSettings) -> Result<(), BootError> {
    settings.seal_key_file.as_deref().map_or(Ok(()), |file| named(file).map(drop))
}

fn named(file: &Path) -> Result<SealKey, BootError> {
    if is_open_to_others(file) {
        return Err(BootError::OpenFile { setting: SEAL_KEY_FILE, path: file.to_owned() });
    }
    read(file, SEAL_KEY_FILE)
}

/// Writes a new key to a temporary file and links it to its final name, so that an interrupted start leaves no
/// incomplete key. Two processes that start at the same time read the same key, because only one link can be made.
fn make_if_missing(file: &Path) -> io::Result<()> {
    if file.exists() {
        return Ok(());
    }
    let entropy = Entropy::system();
    let key = SealKey::generate(&entropy).map_err(io::Error::other)?;
    // The digits are in a buffer that is wiped, so that no copy of the key stays in memory.
    let mut digits = Zeroizing::new([0; 64]);
    hex::encode_to_slice(key.as_slice(), digits.as_mut_slice()).map_err(io::Error::other)?;
    let (new, mut written) = TemporaryFile::beside(file, &entropy)?;
    written.write_all(digits.as_slice())?;
    written.write_all(b"\n")?;
    written.sync_all()?;
    match fs::hard_link(&new.0, file) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Most likely the file system does not support hard links.
        Err(_) => move_if_missing(&new, file),
    }
}

/// A file that is removed when this is dropped, also after an error.
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    /// Creates a file with a random name. A process id would not do: servers in two containers can have the same one,
    /// and share the folder.
    fn beside(file: &Path, entropy: &Entropy) -> io::Result<(Self, File)> {
        let random: [u8; 16] = entropy.bytes().map_err(io::Error::other)?;
        let path = file.with_extension(format!("new-{}", hex::encode(random)));
        let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok((Self(path), created))
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // This fails if the file was moved. Then there is nothing to remove.
        let _ = fs::remove_file(&self.0);
    }
}

/// Renames a file, unless another process has created `to` meanwhile. The lock of the folder, which ends with the
/// function, keeps two processes from finding at the same time that it is missing.
fn move_if_missing(new: &TemporaryFile, to: &Path) -> io::Result<()> {
    let folder = to.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let folder = File::open(folder)?;
    folder.lock()?;
    if to.exists() { Ok(()) } else { fs::rename(&new.0, to) }
}

fn read(file: &Path, setting: &'static str) -> Result<SealKey, BootError> {
    let refuse = |trouble, source| BootError::Path {
        setting,
        path: file.to_owned(),
        trouble,
        right: "The file must contain one key of 64 hexadecimal digits. Create it with: openssl rand -hex 32",
        source,
    };
    let text = read_at_most(file, 127).map_err(|error| refuse("cannot be read as a key", Some(error)))?;
    let key = decode(text.trim_ascii_end()).ok_or_else(|| refuse("contains no key", None))?;
    Ok(SealKey::new(*key))
}

fn decode(text: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text, key.as_mut_slice()).ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    #[test]
    fn a_seal_key_is_created_once_and_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seal.key");
        make_if_missing(&file).unwrap();
        let first = fs::read_to_string(&file).unwrap();
        make_if_missing(&file).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), first);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(read(&file, DATA_DIR).is_ok());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn without_hard_links_the_first_of_several_processes_creates_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seal.key");
        let seen: Vec<_> = std::thread::scope(|scope| {
            let start = |number: u32| {
                let file = &file;
                scope.spawn(move || {
                    let (new, mut written) = TemporaryFile::beside(file, &Entropy::system()).unwrap();
                    write!(written, "{number}").unwrap();
                    move_if_missing(&new, file).unwrap();
                    fs::read_to_string(file).unwrap()
                })
            };
            let started: Vec<_> = (0..8).map(start).collect();
            started.into_iter().map(|process| process.join().unwrap()).collect()
        });
        let last = fs::read_to_string(&file).unwrap();
        assert!(seen.iter().all(|key| *key == last), "{seen:?} {last}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn processes_with_the_same_id_in_one_folder_do_not_share_a_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seal.key");
        let of_other = file.with_extension(format!("new-{}", std::process::id()));
        fs::write(&of_other, "being written").unwrap();
        make_if_missing(&file).unwrap();
        assert_eq!(fs::read_to_string(&of_other).unwrap(), "being written");
        let [one, other] =
            [(); 2].map(|()| TemporaryFile::beside(&file, &Entropy::system()).unwrap().0.0.clone());
        assert_ne!(one, other);
    }

    #[test]
    fn a_key_that_cannot_be_created_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        // The name is too long for the file system. The temporary file has a short one.
        let file = folder.path().join(format!("seal.{}", "k".repeat(300)));
        make_if_missing(&file).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_named_seal_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seal.key");
        fs::write(&file, "a".repeat(64)).unwrap();
        for mode in [0o640, 0o604] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            // The group may read what belongs to root.
            if mode == 0o604 || fs::metadata(&file).unwrap().uid() != 0 {
                let error = named(&file).unwrap_err().to_string();
                assert!(error.contains("KEYSTEAD_SEAL_KEY_FILE") && error.contains("chmod 600"), "{error}");
            }
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(named(&file).is_ok());
    }

    #[test]
    fn an_invalid_seal_key_is_refused_without_repeating_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seal.key");
        for text in
            ["", "abcd", &"g".repeat(64), &"+1".repeat(32), &"a".repeat(63), &"a".repeat(65), &"é".repeat(32)]
        {
            fs::write(&file, text).unwrap();
            let error = read(&file, SEAL_KEY_FILE).unwrap_err().to_string();
            assert!(error.contains("KEYSTEAD_SEAL_KEY_FILE") && error.contains("contains no key"), "{error}");
        }
        fs::remove_file(&file).unwrap();
        assert!(read(&file, SEAL_KEY_FILE).unwrap_err().to_string().contains("cannot be read"));
    }
}
