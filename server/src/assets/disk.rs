//! The console's files in a folder, for development. There is no cache, and there are no precompressed variants.

use std::borrow::Cow;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::File;

/// Finds a file by its URL path.
///
/// The path is compared with the paths of existing files and never used as a file name, so it cannot lead out of the
/// folder.
pub(super) fn find(folder: &Path, path: &str) -> Option<File> {
    let (_, file) = files(folder).into_iter().find(|(address, _)| address == path)?;
    let content = fs::read(file).ok()?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    Some(File {
        path: Cow::Owned(path.to_owned()),
        tag: hasher.finish(),
        plain: Cow::Owned(content),
        brotli: None,
        gzip: None,
    })
}

/// The URL paths of all files. The newest file comes first, because a build in watch mode leaves its older results in
/// the folder.
pub(super) fn newest_first(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> = files(folder)
        .into_iter()
        .map(|(address, file)| {
            let written =
                fs::metadata(file).and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
            (written, address)
        })
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    files.into_iter().map(|(_, address)| address).collect()
}

/// All files below the folder, each with its URL path.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), folder.to_owned())];
    while let Some((address, folder)) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let address = format!("{address}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push((address, entry.path()));
            } else {
                found.push((address, entry.path()));
            }
        }
    }
    found
}
