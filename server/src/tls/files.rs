//! Reads the operator's files with the certificate and the key.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::certificate::{Certificate, Unusable};
use crate::config::{CertificateFiles, SettingError, is_open_to_others, readable_by_others};

const CERTIFICATE: &str = "tls_cert";
const KEY: &str = "tls_key";
/// Maximum size of a file, in bytes. A chain of four certificates has about 8 kilobytes.
const BYTES_MAX: u64 = 256 * 1024;

/// Reads both files.
pub(super) fn read(files: &CertificateFiles) -> Result<Certificate, SettingError> {
    let CertificateFiles { certificate, key } = files;
    let chain = read_file(CERTIFICATE, certificate, RIGHT_CERTIFICATE)?;
    if is_open_to_others(key) {
        let trouble = format!("names {}, which other users can read", key.display());
        return Err(SettingError::new(KEY, trouble, readable_by_others(key.as_os_str())));
    }
    let secret = read_file(KEY, key, RIGHT_KEY)?;
    Certificate::from_pem(&chain, &secret).map_err(|unusable| match unusable {
        Unusable::Certificate(trouble) => refuse(CERTIFICATE, certificate, trouble, RIGHT_CERTIFICATE),
        Unusable::Key(trouble) => refuse(KEY, key, trouble, RIGHT_KEY),
    })
}

const RIGHT_CERTIFICATE: &str =
    "Give a file in PEM with the certificate of the server, followed by those that lead to its root.";
const RIGHT_KEY: &str = "Give a file in PEM with the private key of the certificate, without a passphrase.";

/// Reads a file in PEM. A pipe is refused, because it could be read only once and might never end.
pub(super) fn read_file(
    name: &'static str,
    file: &Path,
    right: &'static str,
) -> Result<Zeroizing<Vec<u8>>, SettingError> {
    let unreadable = |error| refuse(name, file, &format!("cannot be read ({error})"), right);
    if !fs::metadata(file).map_err(unreadable)?.is_file() {
        return Err(refuse(name, file, "is not a file", right));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    let opened = File::open(file).map_err(unreadable)?;
    opened.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(refuse(name, file, &format!("has more than {BYTES_MAX} bytes"), right));
    }
    Ok(bytes)
}

fn refuse(name: &'static str, file: &Path, trouble: &str, right: &str) -> SettingError {
    SettingError::new(name, format!("names {}, which {trouble}", file.display()), right)
}
