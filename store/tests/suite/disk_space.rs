//! A full disk of PostgreSQL. A full disk under SQLite is tested with a real one, in
//! `server/tests/metrics/full_disk.rs`.

use store::{Error, disk_space, organizations};

use crate::support::organization;

/// What PostgreSQL reports when it cannot enlarge a table.
const FILL: &str = "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
    RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$; \
    CREATE TRIGGER full_1 BEFORE INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION fill(); \
    CREATE TRIGGER full_2 BEFORE INSERT ON kept_answers FOR EACH ROW EXECUTE FUNCTION fill()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_remembered_until_a_write_succeeds() {
    let db = store::testing::postgres().await;
    let add = async || {
        let mut tx = db.store.begin().await?;
        organizations::insert(&mut tx, &organization()).await?;
        tx.commit().await
    };
    assert!(disk_space::has_room(&db.store).await.unwrap());
    db.run(FILL).await;
    assert!(!db.store.counts().is_disk_full());
    let refused = add().await;
    assert!(matches!(refused, Err(Error::NoSpace(_))), "{refused:?}");
    assert!(db.store.counts().is_disk_full());
    assert!(!disk_space::has_room(&db.store).await.unwrap());

    db.run("DROP FUNCTION fill() CASCADE").await;
    assert!(db.store.counts().is_disk_full(), "nothing was written yet");
    assert!(disk_space::has_room(&db.store).await.unwrap());
    assert!(!db.store.counts().is_disk_full());
    add().await.unwrap();
}

#[tokio::test]
async fn a_try_leaves_nothing_behind() {
    let db = store::testing::postgres().await;
    db.run(FILL).await;
    let mut tx = db.store.begin().await.unwrap();
    organizations::insert(&mut tx, &organization()).await.unwrap_err();
    drop(tx);
    db.run("DROP FUNCTION fill() CASCADE").await;
    assert!(disk_space::has_room(&db.store).await.unwrap());
    let rows: (i64,) = crate::support::ask(&db, "SELECT count(*) FROM kept_answers").await;
    assert_eq!(rows, (0,));
}
