//! Whether there is room on the disks.

use std::path::Path;

use super::Finding;
use crate::config::{Database, ServeSettings};

const CHECK: &str = "disk";
const MIB: u64 = 1024 * 1024;
/// With less, the server may soon refuse changes. The write-ahead log alone can grow to 256 MiB.
const LOW: u64 = 1024 * MIB;
/// With less, the server may refuse the next change.
const FULL: u64 = 64 * MIB;

pub(super) fn check(settings: &ServeSettings) -> Vec<Finding> {
    let data = match &settings.service.store.database {
        Database::Sqlite(file) => Some(file.parent().unwrap_or(Path::new("."))),
        Database::Postgres(_) => None,
    };
    let data = data.map(|folder| if folder == Path::new("") { Path::new(".") } else { folder });
    let backups = settings.backup.as_ref().map(|backup| backup.folder.as_path());
    let folders =
        data.map(|folder| ("data", folder)).into_iter().chain(backups.map(|folder| ("backups", folder)));
    folders.filter(|(_, folder)| folder.is_dir()).map(|(what, folder)| of_folder(what, folder)).collect()
}

fn of_folder(what: &str, folder: &Path) -> Finding {
    let shown = folder.display();
    match rustix::fs::statvfs(folder) {
        Ok(found) => of_free_space(what, &shown.to_string(), found.f_bavail.saturating_mul(found.f_frsize)),
        Err(error) => Finding::warning(CHECK, format!("The free space of {shown} is not known ({error}).")),
    }
}

fn of_free_space(what: &str, folder: &str, free: u64) -> Finding {
    let found = format!("{} MiB are free for the {what} in {folder}.", free / MIB);
    match free {
        ..FULL => Finding::problem(CHECK, format!("{found} Make room, or changes are refused.")),
        FULL..LOW => Finding::warning(CHECK, format!("{found} Make room soon.")),
        _ => Finding::ok(CHECK, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_a_warning_and_hardly_any_a_problem() {
        let level =
            |free| of_free_space("data", "/data", free).text().split_whitespace().next().map(str::to_owned);
        assert_eq!(level(0).as_deref(), Some("problem"));
        assert_eq!(level(FULL).as_deref(), Some("warning"));
        assert_eq!(level(LOW).as_deref(), Some("ok"));
    }
}
