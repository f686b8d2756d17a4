//! Whether only the user of the server can read its files, and can do so.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::Finding;
use crate::config::{Database, ServeSettings, is_open_to_others, readable_by_others};

const CHECK: &str = "files";
const OF_OTHERS: u32 = 0o077;

pub(super) fn check(settings: &ServeSettings) -> Vec<Finding> {
    let Database::Sqlite(database) = &settings.service.store.database else {
        return vec![Finding::ok(CHECK, "PostgreSQL keeps the data, so this machine has no files of them.")];
    };
    let data_dir = settings.service.store.data_dir.as_path();
    let folder = database.parent().filter(|folder| *folder == data_dir);
    let user = rustix::process::geteuid().as_raw();
    let mut findings: Vec<_> = folder.into_iter().filter_map(|folder| check_folder(folder, user)).collect();
    let owner = fs::metadata(database).ok().map(|file| file.uid());
    for file in beside(database, settings.seal_key_file.is_none()) {
        findings.extend(check_file(&file, user, owner));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(CHECK, "Only the user of the server can read its files."));
    }
    findings
}

/// The files of an embedded database.
fn beside(database: &Path, has_seal_key: bool) -> Vec<PathBuf> {
    let with = |end: &str| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let mut files = vec![database.to_owned(), with("-wal"), with("-shm")];
    files.extend(has_seal_key.then(|| database.with_file_name("seal.key")));
    files
}

fn check_folder(folder: &Path, user: u32) -> Option<Finding> {
    let shown = folder.display();
    match fs::metadata(folder) {
        // The check of the database says what a missing folder means.
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(Finding::problem(CHECK, format!("{shown} cannot be looked at ({error})."))),
        Ok(found) if !found.is_dir() => Some(Finding::problem(CHECK, format!("{shown} is not a folder."))),
        Ok(found) if is_of_another(&found, user) => Some(of_another(folder, found.uid())),
        Ok(found) if found.mode() & OF_OTHERS != 0 => Some(Finding::warning(
            CHECK,
            format!("Other users can look into {shown}. Close it with: chmod 700 {shown}"),
        )),
        Ok(_) => None,
    }
}

/// `owner` is whom the database belongs to.
fn check_file(file: &Path, user: u32, owner: Option<u32>) -> Option<Finding> {
    let shown = file.display();
    let found = match fs::metadata(file) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => {
            return Some(Finding::problem(CHECK, format!("{shown} cannot be looked at ({error}).")));
        }
    };
    if is_of_another(&found, user) {
        return Some(of_another(file, found.uid()));
    }
    if let Some(owner) = owner.filter(|owner| *owner != found.uid()) {
        // As after a command that root ran beside a server with a user of its own.
        let message = format!(
            "{shown} belongs to user {}, and the database to user {owner}. Give both to the user of the server: chown \
             {owner} {shown}",
            found.uid()
        );
        return Some(Finding::problem(CHECK, message));
    }
    is_open_to_others(file).then(|| {
        let message = format!("Other users can read {shown}. {}", readable_by_others(file.as_os_str()));
        Finding::warning(CHECK, message)
    })
}

/// Root can use the files of everybody.
fn is_of_another(found: &Metadata, user: u32) -> bool {
    user != 0 && found.uid() != user
}

fn of_another(path: &Path, owner: u32) -> Finding {
    let message =
        format!("{} belongs to user {owner}. Run the server and its commands as that user.", path.display());
    Finding::problem(CHECK, message)
}
