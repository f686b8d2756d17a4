//! Keeps the account and the certificate in the data folder, so that a restart asks the authority for nothing.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use instant_acme::AccountCredentials;
use service::Entropy;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::config::AcmeSettings;

/// Maximum size of a file, in bytes.
const BYTES_MAX: u64 = 256 * 1024;

/// The folder, and the names of the files for one authority and one list of names. With other settings, other files are
/// used.
#[derive(Debug, Clone)]
pub(super) struct Cache {
    folder: PathBuf,
    account: String,
    certificate: String,
}

impl Cache {
    pub(super) fn new(data_dir: &Path, settings: &AcmeSettings) -> Self {
        let mut names = settings.domains.clone();
        names.sort();
        let directory = settings.directory.as_str();
        Self {
            folder: data_dir.join("acme"),
            account: format!("account-{}.json", short_hash(directory)),
            certificate: format!(
                "certificate-{}.pem",
                short_hash(&format!("{directory} {}", names.join(",")))
            ),
        }
    }

    pub(super) fn account(&self) -> Option<AccountCredentials> {
        serde_json::from_slice(&self.read(&self.account)?).ok()
    }

    pub(super) fn store_account(&self, credentials: &AccountCredentials) -> io::Result<()> {
        let text = Zeroizing::new(serde_json::to_vec(credentials)?);
        self.write(&self.account, &text)
    }

    pub(super) fn forget_account(&self) {
        // If the file stays, it is tried once more.
        let _ = fs::remove_file(self.folder.join(&self.account));
    }

    /// The certificate and its key, which are in one file so that they always match.
    pub(super) fn certificate(&self) -> Option<Zeroizing<Vec<u8>>> {
        self.read(&self.certificate)
    }

    pub(super) fn store_certificate(&self, pem: &[u8]) -> io::Result<()> {
        self.write(&self.certificate, pem)
    }

    fn read(&self, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::new());
        File::open(self.folder.join(name)).ok()?.take(BYTES_MAX).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Replaces a file in one step, so that an interruption leaves the old one or the new one.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let random: [u8; 8] = Entropy::system().bytes().map_err(io::Error::other)?;
        let new = self.folder.join(format!(".new-{}", hex::encode(random)));
        let written = write_new(&new, bytes).and_then(|()| fs::rename(&new, self.folder.join(name)));
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written.and_then(|()| File::open(&self.folder)?.sync_all())
    }
}

fn write_new(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn short_hash(text: &str) -> String {
    let hash = Sha256::digest(text);
    hex::encode(hash).chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn settings(domains: &[&str], directory: &str) -> AcmeSettings {
        AcmeSettings {
            domains: domains.iter().map(|name| (*name).to_owned()).collect(),
            directory: directory.parse().unwrap(),
            contact: None,
            authority: None,
        }
    }

    #[test]
    fn a_certificate_is_kept_for_one_authority_and_one_list_of_names() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().join("data");
        let cache = |domains: &[&str], directory: &str| Cache::new(&data_dir, &settings(domains, directory));
        let one = cache(&["a.example", "b.example"], "https://acme.example");
        one.store_certificate(b"first").unwrap();
        one.store_certificate(b"next").unwrap();
        let stored = |cache: Cache| cache.certificate().map(|bytes| bytes.to_vec());
        assert_eq!(
            stored(cache(&["b.example", "a.example"], "https://acme.example")),
            Some(b"next".to_vec())
        );
        assert_eq!(stored(cache(&["a.example"], "https://acme.example")), None);
        assert_eq!(stored(cache(&["a.example", "b.example"], "https://other.example")), None);
    }

    #[test]
    fn the_folder_and_its_files_are_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let cache =
            Cache::new(&folder.path().join("data"), &settings(&["a.example"], "https://acme.example"));
        cache.store_certificate(b"secret").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&cache.folder), 0o700);
        let files: Vec<_> = fs::read_dir(&cache.folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        assert_eq!(mode(&files[0]), 0o600);
    }
}
