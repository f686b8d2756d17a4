//! Tests that a copy of a SQLite file without its write-ahead log is noticed.

use std::fs;
use std::path::Path;

use store::{Settings, Store, Target, WithoutLog};

use crate::support::TestOrganization;

async fn open(path: &Path) -> Store {
    let settings = Settings { target: Target::Sqlite(path.to_owned()), connections_max: 1 };
    Store::open(settings).await.unwrap()
}

async fn without_log(path: &Path) -> Option<WithoutLog> {
    Store::without_log(&Target::Sqlite(path.to_owned())).await.unwrap()
}

/// Copies the file to a folder where nothing is beside it, and returns what is found there.
async fn of_copy(path: &Path) -> Option<WithoutLog> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("keystead.db");
    fs::copy(path, &copy).unwrap();
    let found = without_log(&copy).await;
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the check creates no file");
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_without_the_log_is_noticed_until_the_database_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keystead.db");
    assert_eq!(without_log(&path).await, None, "there is no file");
    let store = open(&path).await;
    store.migrate().await.unwrap();
    assert_eq!(without_log(&path).await, None);
    assert_eq!(of_copy(&path).await, Some(WithoutLog::Empty));
    TestOrganization::new(&store).await;

    // Whoever closes the database beside others leaves the log to them.
    let other = open(&path).await;
    other.close().await;
    assert_eq!(without_log(&path).await, None);
    assert!(of_copy(&path).await.is_some());

    store.close().await;
    assert_eq!((without_log(&path).await, of_copy(&path).await), (None, None));

    let again = open(&path).await;
    again.read().await.unwrap();
    assert_eq!(of_copy(&path).await, Some(WithoutLog::InUse));
    again.close().await;
}

#[tokio::test]
async fn a_file_of_another_kind_lacks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for content in ["", "SQLite format 3", "SQLite format 3\0\u{10}\0\u{1}\u{1}", "Dear Sir or Madam, yours"]
    {
        let path = folder.path().join("file");
        fs::write(&path, content).unwrap();
        assert_eq!(without_log(&path).await, None, "{content:?}");
    }
}
