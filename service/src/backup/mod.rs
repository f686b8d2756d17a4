//! Backups: the whole database in one file, from which either kind of database can be restored. A database is moved to
//! the other kind in the same way, without a file.

mod copy;
mod encryption;
mod error;
mod file;
mod format;
mod hashing;
mod make;
mod passphrase;
mod progress;
mod read;
mod restore;
mod schedule;
mod trailer;
mod write;

pub use copy::Copied;
pub use error::{BackupError, Trouble};
pub use file::BackupFile;
pub use make::{NewBackup, Written};
pub use passphrase::{Passphrase, PassphraseTooShort};
pub use progress::Progress;
pub use schedule::{BackupSchedule, ScheduledBackups};
