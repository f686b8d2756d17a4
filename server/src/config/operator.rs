//! Reads the token of the operator's endpoints from a file, because more people can see arguments and variables than
//! can read a file.

use std::ffi::OsStr;

use service::OperatorToken;

use super::{SettingError, is_open_to_others, read_at_most, readable_by_others};

/// Minimum length in characters. Only the length of the token protects it against guessing.
const LENGTH_MIN: usize = 32;
/// Maximum length in characters, so that the token fits into a header.
const LENGTH_MAX: usize = 512;

/// Reads the file that `operator_token_file` names.
pub(super) fn operator_token(name: &'static str, file: &OsStr) -> Result<OperatorToken, SettingError> {
    let refuse = |given: String| {
        let right = format!(
            "Give a file that contains one token of {LENGTH_MIN} to {LENGTH_MAX} visible ASCII characters. Create one \
             with: openssl rand -hex 32."
        );
        SettingError::new(name, given, right)
    };
    if file.is_empty() {
        return Err(refuse("is empty".to_owned()));
    }
    if is_open_to_others(file.as_ref()) {
        let trouble = format!("names {}, which other users can read", file.display());
        return Err(SettingError::new(name, trouble, readable_by_others(file)));
    }
    let bytes = read_at_most(file.as_ref(), LENGTH_MAX as u64 + 2)
        .map_err(|error| refuse(format!("names a file that cannot be read ({error})")))?;
    let token = bytes.trim_ascii_end();
    if !token.iter().all(u8::is_ascii_graphic) {
        return Err(refuse("names a file with characters that a token cannot have".to_owned()));
    }
    match std::str::from_utf8(token) {
        Ok(token) if (LENGTH_MIN..=LENGTH_MAX).contains(&token.len()) => Ok(OperatorToken::of(token)),
        _ => Err(refuse("names a file whose token is too short or too long".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn read(content: &[u8]) -> Result<OperatorToken, SettingError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        operator_token("operator_token_file", file.path().as_os_str())
    }

    #[test]
    fn a_token_is_read_without_its_line_end() {
        for content in [&b"0123456789abcdef0123456789abcdef"[..], b"0123456789abcdef0123456789abcdef\r\n"] {
            assert!(read(content).is_ok());
        }
        assert_eq!(format!("{:?}", read(&[b'a'; 512]).unwrap()), "OperatorToken(…)");
    }

    #[test]
    fn an_invalid_token_is_refused_without_repeating_it() {
        for content in [
            &b""[..],
            b"short",
            &[b'a'; 513],
            b"0123456789abcdef 0123456789abcdef",
            b"0123456789abcdef\n0123456789abcdef",
            "ключ0123456789abcdef0123456789abcdef".as_bytes(),
            b"0123456789abcdef0123456789abcde\0f",
        ] {
            let error = read(content).unwrap_err().to_string();
            assert!(error.contains("KEYSTEAD_OPERATOR_TOKEN_FILE") && !error.contains("89abcd"), "{error}");
        }
        let open = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(open.path(), "0123456789abcdef0123456789abcdef").unwrap();
        std::fs::set_permissions(open.path(), Permissions::from_mode(0o604)).unwrap();
        let error = operator_token("operator_token_file", open.path().as_os_str()).unwrap_err().to_string();
        let advice = format!("chmod 600 {}", open.path().display());
        assert!(error.contains("other users can read") && error.contains(&advice), "{error}");
        let missing = operator_token("operator_token_file", OsStr::new("/nonexistent/token"));
        assert!(missing.unwrap_err().to_string().contains("cannot be read"));
    }
}
