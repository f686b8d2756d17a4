//! Tests of backups: what is restored is what was there, and a file that is not whole is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use model::key::Precondition;

use super::on_both;
use crate::testing::TestBed;
use crate::{BackupError, BackupFile, BackupSchedule, KeyRef, NewBackup, Owner, Progress, Trouble};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn replacing() -> NewBackup {
    NewBackup { replaces: true, ..NewBackup::default() }
}

fn trouble(outcome: Result<BackupFile, BackupError>) -> Trouble {
    match outcome {
        Err(BackupError::File { trouble, .. }) => trouble,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn keys_are_restored_into_the_other_database_as_they_were(bed: TestBed) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("one.backup");
        let org = bed.organization("Acme").await;
        let works = bed.key(&org, &org.admin, |_| ()).await;
        let revoked = bed.key(&org, &org.admin, |draft| draft.name = Some("old".to_owned())).await;
        let named = KeyRef::Named { owner: Owner::Id(org.admin.user_id.clone()), name: "old".to_owned() };
        bed.service.revoke_key(&org.caller, &named, String::new(), &Precondition::Anything).await.unwrap();
        let made = bed.service.back_up(&file, NewBackup::default(), Progress::default()).await.unwrap();
        assert_eq!(names(folder.path()), ["one.backup"]);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(made.bytes(), fs::metadata(&file).unwrap().len());
        let later = bed.key(&org, &org.admin, |draft| draft.name = Some("later".to_owned())).await;

        let other = if bed.is_sqlite() { TestBed::postgres().await } else { TestBed::sqlite().await };
        let opened = Arc::new(BackupFile::open(&file, None).await.unwrap());
        assert_eq!(opened.sha256(), made.sha256());
        other.service.restore(Arc::clone(&opened), Progress::default()).await.unwrap();
        assert!(other.accepts(&works.secret).await && other.accepts(&org.admin_key).await);
        assert!(!other.accepts(&revoked.secret).await && !other.accepts(&later.secret).await);
        let again = other.service.restore(opened, Progress::default()).await;
        assert!(matches!(again, Err(BackupError::Refused(store::Refusal::NotEmpty))), "{again:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_cut_or_changed_anywhere_is_refused() {
    let bed = TestBed::sqlite().await;
    bed.organization("Acme").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("whole");
    bed.service.back_up(&file, NewBackup::default(), Progress::default()).await.unwrap();
    let whole = fs::read(&file).unwrap();
    let damaged = folder.path().join("damaged");
    let ends = [0, 3, whole.len() - 1];
    for place in (0..whole.len()).step_by(97).chain(ends) {
        let mut changed = whole.clone();
        changed[place] ^= 0x10;
        for content in [&changed[..], &whole[..place]] {
            fs::write(&damaged, content).unwrap();
            let trouble = trouble(BackupFile::open(&damaged, None).await);
            assert!(matches!(trouble, Trouble::Damaged | Trouble::NotABackup), "{place}: {trouble}");
        }
    }
    fs::write(&damaged, [&whole[..], &whole[..]].concat()).unwrap();
    assert!(matches!(trouble(BackupFile::open(&damaged, None).await), Trouble::Damaged));
    fs::write(&damaged, "SQLite format 3").unwrap();
    assert!(matches!(trouble(BackupFile::open(&damaged, None).await), Trouble::NotABackup));
}

/// Otherwise the rows would not be those that were checked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_changes_while_it_is_restored_is_refused() {
    let (bed, other) = (TestBed::sqlite().await, TestBed::sqlite().await);
    bed.organization("Acme").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one");
    let first =
        Arc::new(bed.service.back_up(&file, NewBackup::default(), Progress::default()).await.unwrap());
    bed.organization("Beta").await;
    let next = folder.path().join("next");
    bed.service.back_up(&next, NewBackup::default(), Progress::default()).await.unwrap();
    fs::write(&file, fs::read(next).unwrap()).unwrap();
    let outcome = other.service.restore(first, Progress::default()).await;
    assert!(matches!(&outcome, Err(BackupError::File { trouble: Trouble::Changed, .. })), "{outcome:?}");
    assert!(other.service.is_import_unfinished().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_existing_file_is_replaced_only_on_request() {
    let bed = TestBed::sqlite().await;
    bed.organization("Acme").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one");
    fs::write(&file, "precious").unwrap();
    fs::write(folder.path().join(".one.partial-0"), "of a killed process").unwrap();
    let outcome = bed.service.back_up(&file, NewBackup::default(), Progress::default()).await;
    assert!(matches!(trouble(outcome), Trouble::Exists));
    assert_eq!(fs::read(&file).unwrap(), b"precious");
    let outcome = bed.service.back_up(&file, replacing(), Progress::default()).await;
    assert!(matches!(trouble(outcome), Trouble::NotReplaced));
    assert_eq!(fs::read(&file).unwrap(), b"precious");
    // A backup is replaced, and so is the empty file that `mktemp` makes.
    fs::write(&file, "").unwrap();
    for _ in 0..2 {
        bed.service.back_up(&file, replacing(), Progress::default()).await.unwrap();
    }
    let outcome = bed.service.back_up(&bed.database.path(), replacing(), Progress::default()).await;
    assert!(matches!(trouble(outcome), Trouble::NotReplaced), "the database itself");
    BackupFile::open(&file, None).await.unwrap();
    assert_eq!(names(folder.path()), ["one"], "the file of the killed process is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_cannot_be_written_leaves_nothing() {
    let bed = TestBed::sqlite().await;
    bed.organization("Acme").await;
    for file in ["/dev/full/one", "/proc/one"] {
        let outcome = bed.service.back_up(Path::new(file), replacing(), Progress::default()).await;
        assert!(matches!(trouble(outcome), Trouble::Unwritten(_)), "{file}");
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let outcome = bed.service.write_backup(full, None, Progress::default()).await;
    assert!(matches!(outcome, Err(BackupError::Output(_))), "{outcome:?}");
}

/// The next one is due when the newest file is old enough, so a restart changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_makes_backups_on_schedule_and_keeps_the_newest() {
    let bed = TestBed::sqlite().await;
    bed.organization("Acme").await;
    let folder = tempfile::tempdir().unwrap();
    let schedule =
        BackupSchedule { folder: folder.path().to_owned(), every_seconds: 3600, keep: 2, passphrase: None };
    for other in ["keystead.backup", "keystead-2020-01-01.backup", "notes.txt"] {
        fs::write(folder.path().join(other), other).unwrap();
    }
    // What a killed server has left is removed, and what cannot be removed does not end the rotation.
    let partial = folder.path().join(".keystead-2026-01-01T00-00-00Z.backup.partial-1");
    fs::write(&partial, "half").unwrap();
    fs::create_dir(folder.path().join("keystead-2020-01-01T00-00-00Z.backup")).unwrap();
    let back_up = async || bed.service.back_up_if_due(&schedule, Progress::default()).await;
    let mut made = Vec::new();
    for _ in 0..4 {
        made.push(back_up().await.unwrap().expect("a backup is due"));
        assert_eq!(back_up().await.unwrap(), None);
        bed.clock.advance_seconds(3599);
        assert_eq!(back_up().await.unwrap(), None);
        bed.clock.advance_seconds(1);
    }
    assert!(!partial.exists());
    let left: Vec<_> = made.iter().filter(|file| file.exists()).collect();
    assert_eq!(left, [&made[2], &made[3]]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 6, "other files stay");
    BackupFile::open(&made[3], None).await.unwrap();
    let lock = fs::File::open(folder.path()).unwrap();
    lock.lock().unwrap();
    assert_eq!(back_up().await.unwrap(), None, "another server is making it");
    drop(lock);
    assert!(back_up().await.unwrap().is_some());
}

/// A backup that fails must not cost the ones that are there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_or_stopped_backup_removes_no_earlier_one() {
    let bed = TestBed::sqlite().await;
    bed.organization("Acme").await;
    let folder = tempfile::tempdir().unwrap();
    let schedule =
        BackupSchedule { folder: folder.path().to_owned(), every_seconds: 60, keep: 1, passphrase: None };
    let first = bed.service.back_up_if_due(&schedule, Progress::default()).await.unwrap().unwrap();
    bed.clock.advance_seconds(60);
    let stopped = Progress::default();
    stopped.stop();
    let outcome = bed.service.back_up_if_due(&schedule, stopped).await;
    assert!(matches!(&outcome, Err(BackupError::File { trouble: Trouble::Unwritten(_), .. })), "{outcome:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing of it is left");
    BackupFile::open(&first, None).await.unwrap();
    let running = bed.service.start_backups(schedule);
    running.stop().await;
}
