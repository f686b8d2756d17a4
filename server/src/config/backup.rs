//! Checks when the server makes backups.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use service::{BackupSchedule, Passphrase};

use super::number::number;
use super::{BackupArgs, SettingError, is_open_to_others, read_secret_file, readable_by_others};

impl BackupArgs {
    pub(super) fn check(&self) -> Result<Option<BackupSchedule>, SettingError> {
        let every_seconds = seconds(&self.backup_every)?;
        let keep = number("backup_keep", &self.backup_keep, 1..=100_000)?;
        let folder = self.backup_dir.as_deref().map(folder).transpose()?;
        let passphrase = self.backup_passphrase_file.as_deref().map(passphrase).transpose()?;
        Ok(folder.map(|folder| BackupSchedule { folder, every_seconds, keep, passphrase }))
    }
}

/// A folder that exists. It is not created, because a disk that is not mounted would then be noticed too late.
fn folder(folder: &OsStr) -> Result<PathBuf, SettingError> {
    let folder = PathBuf::from(folder);
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(SettingError::new(
        "backup_dir",
        "is not a folder",
        "Give a folder that exists, or leave the setting out.",
    ))
}

fn passphrase(file: &OsStr) -> Result<Passphrase, SettingError> {
    let refuse = |trouble: String| {
        let given = format!("names a file that {trouble}");
        SettingError::new("backup_passphrase_file", given, "Give a file that contains only the passphrase.")
    };
    if is_open_to_others(Path::new(file)) {
        let given = format!("names {}, which other users can read", file.display());
        return Err(SettingError::new("backup_passphrase_file", given, readable_by_others(file)));
    }
    let text = read_secret_file(Path::new(file)).map_err(refuse)?;
    Passphrase::parse(&text).map_err(|error| refuse(format!("contains a passphrase that {error}")))
}

/// A number of minutes, hours or days.
fn seconds(text: &str) -> Result<u32, SettingError> {
    let text = text.trim();
    let refuse = |given| {
        let right = "Give a number of minutes, hours or days from 1m to 365d, such as 15m, 24h or 7d.";
        SettingError::new("backup_every", given, right)
    };
    let unit = match text.chars().last() {
        None => return Err(refuse("is empty")),
        Some('m') => 60,
        Some('h') => 3600,
        Some('d') => 86_400,
        Some(_) => return Err(refuse("has no unit")),
    };
    let digits = text.get(..text.len() - 1).unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse("is not a whole number with a unit"));
    }
    let seconds = digits.parse::<u32>().ok().and_then(|number| number.checked_mul(unit));
    match seconds {
        Some(0) => Err(refuse("is too short")),
        Some(seconds) if seconds <= 365 * 86_400 => Ok(seconds),
        _ => Err(refuse("is too long")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_with_a_unit() {
        for (text, expected) in [("1m", 60), (" 15m ", 900), ("24h", 86_400), ("365d", 31_536_000)] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "m", "24", "0h", "-1h", "1.5h", "24 h", "366d", "99999999999d", "24H", "1h30m", "2µ"]
        {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
