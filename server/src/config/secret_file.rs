//! Reads a short secret from a file, because every user of the machine can see the arguments of a command.

use std::path::Path;

use zeroize::Zeroizing;

use super::read_at_most;

/// Every valid secret is shorter.
const BYTES_MAX: u64 = 4096;

/// Reads the whole file. One line end at its end, as left by editors and `echo`, is removed. The error is the end of a
/// sentence about the file.
pub fn read_secret_file(file: &Path) -> Result<Zeroizing<String>, String> {
    let bytes = read_at_most(file, BYTES_MAX).map_err(|error| format!("cannot be read ({error})"))?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(format!("has more than {BYTES_MAX} bytes"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| "is not valid UTF-8".to_owned())?;
    let line = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(Zeroizing::new(line.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn one_line_end_is_removed() {
        for (text, secret) in [
            ("correct horse", "correct horse"),
            ("correct horse\n", "correct horse"),
            ("correct horse\r\n", "correct horse"),
            ("correct horse \n\n", "correct horse \n"),
            ("", ""),
        ] {
            let file = tempfile::NamedTempFile::new().unwrap();
            fs::write(file.path(), text).unwrap();
            assert_eq!(*read_secret_file(file.path()).unwrap(), secret, "{text:?}");
        }
    }

    #[test]
    fn a_file_without_a_secret_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (binary, long) = (folder.path().join("binary"), folder.path().join("long"));
        fs::write(&binary, [0xff, 0xfe]).unwrap();
        fs::write(&long, "a".repeat(5000)).unwrap();
        for (file, trouble) in [
            (folder.path().join("missing"), "cannot be read"),
            (folder.path().to_owned(), "cannot be read"),
            (binary, "is not valid UTF-8"),
            (long, "has more than 4096 bytes"),
        ] {
            let error = read_secret_file(&file).unwrap_err();
            assert!(error.starts_with(trouble), "{error}");
        }
    }
}
