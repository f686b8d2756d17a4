//! Reads the value of a setting from a file of its own, as Docker and Kubernetes hand out secrets.

use std::ffi::OsStr;
use std::path::Path;

use super::declared::Secret;
use crate::config::error::flag;
use crate::config::{SettingError, read_secret_file};

/// Returns the content of the file without the line end at its end. A message never contains the content.
pub(super) fn read(secret: &Secret, file: &OsStr) -> Result<String, SettingError> {
    let refuse = |trouble: String| {
        let right = format!("Give a file that contains only the value of {}.", flag(secret.name));
        SettingError::new(secret.file, trouble, right)
    };
    if file.is_empty() {
        return Err(refuse("is empty".to_owned()));
    }
    let name = file.display();
    let text = read_secret_file(Path::new(file))
        .map_err(|trouble| refuse(format!("names {name}, which {trouble}")))?;
    if text.contains(char::is_control) {
        return Err(refuse(format!("names {name}, which is not one line of text")));
    }
    if text.trim().is_empty() {
        return Err(refuse(format!("names {name}, which is empty")));
    }
    Ok(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sources::declared::SECRETS;

    fn read_bytes(bytes: &[u8]) -> Result<String, SettingError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        read(&SECRETS[0], file.path().as_os_str())
    }

    #[test]
    fn a_secret_is_read_without_the_line_end() {
        for content in ["postgres://a:b@c/d", "postgres://a:b@c/d\n", "postgres://a:b@c/d\r\n"] {
            assert_eq!(read_bytes(content.as_bytes()).unwrap(), "postgres://a:b@c/d");
        }
    }

    #[test]
    fn an_unusable_file_is_refused_without_repeating_its_content() {
        let huge = vec![b'h'; 20_000];
        let contents: [&[u8]; 6] =
            [b"", b"\n", b" \n", b"hunter2\nhunter2\n", b"hunter2\0", b"\xff\xfehunter2"];
        for content in contents.into_iter().chain([huge.as_slice()]) {
            let error = read_bytes(content).unwrap_err().to_string();
            assert!(error.contains("KEYSTEAD_DATABASE_URL_FILE") && !error.contains("hunter2"), "{error}");
            assert!(!error.contains("hhh") && error.lines().count() == 1, "{error}");
        }
        for file in ["", "/nonexistent/url", "/"] {
            let error = read(&SECRETS[0], OsStr::new(file)).unwrap_err().to_string();
            assert!(error.contains("--database-url-file"), "{error}");
        }
    }
}
