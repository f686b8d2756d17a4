//! Who else may read a file with a secret.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Bits of the mode: what the group and all others may do.
const GROUP: u32 = 0o070;
const GROUP_READS: u32 = 0o040;
const OTHERS: u32 = 0o007;

/// Whether users other than the one who runs the server may read the file. The group may read a file that belongs to
/// root, because that is how Kubernetes hands out secrets (`fsGroup`) and how distributions install them. PostgreSQL
/// has the same rule for its keys. What cannot be asked is left to the reader of the file to report.
pub fn is_open_to_others(file: &Path) -> bool {
    // A pipe, as the shell makes for `<(…)`, has no name by which others could open it.
    fs::metadata(file).is_ok_and(|metadata| metadata.is_file() && is_open(&metadata))
}

fn is_open(metadata: &Metadata) -> bool {
    mode_is_open(metadata.mode(), metadata.uid() == 0)
}

fn mode_is_open(mode: u32, is_of_root: bool) -> bool {
    let group = if is_of_root { GROUP & !GROUP_READS } else { GROUP };
    mode & (group | OTHERS) != 0
}

/// What to do about a file that others may read, after a sentence that names it.
pub fn readable_by_others(file: &OsStr) -> String {
    format!("Close it with: chmod 600 {}", file.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_closed_if_only_its_user_or_the_group_of_root_reads_it() {
        for (mode, is_of_root, is_open) in [
            (0o600, false, false),
            (0o400, false, false),
            (0o640, false, true),
            (0o440, false, true),
            (0o604, false, true),
            (0o640, true, false),
            (0o440, true, false),
            (0o660, true, true),
            (0o644, true, true),
            (0o444, true, true),
        ] {
            assert_eq!(mode_is_open(0o100_000 | mode, is_of_root), is_open, "{mode:o} {is_of_root}");
        }
    }
}
