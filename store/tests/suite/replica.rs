//! Tests of a PostgreSQL server that becomes a replica while Keystead is running.

use store::testing::Cluster;
use store::{Error, Settings, Store, Target, keys};
use tokio::task::spawn_blocking;

use crate::support::{TestOrganization, hash};

/// Data on a replica may be outdated, so a replica is treated as an unreachable database.
#[tokio::test]
async fn a_replica_is_refused() {
    let cluster = spawn_blocking(Cluster::start).await.unwrap();
    let settings = Settings { target: Target::Postgres(cluster.url()), connections_max: 2 };
    let store = Store::open(settings.clone()).await.unwrap();
    store.migrate().await.unwrap();
    TestOrganization::new(&store).await;
    let ask = async || keys::find_by_hash(&mut store.read().await?, &hash()).await;
    assert_eq!(ask().await.unwrap(), None);

    let cluster = spawn_blocking(move || (cluster.become_replica(), cluster).1).await.unwrap();
    assert_eq!(cluster.run("SELECT pg_is_in_recovery()"), "t");
    // The first query may still use a connection from before the server became a replica.
    let mut asked = ask().await;
    for _ in 0..2 {
        asked = ask().await;
    }
    assert!(asked.as_ref().is_err_and(Error::is_unavailable), "{asked:?}");
    let again = Store::open(settings).await.err();
    assert!(matches!(&again, Some(Error::Settings(sentence)) if sentence.contains("replica")), "{again:?}");

    let cluster = spawn_blocking(move || (cluster.promote(), cluster).1).await.unwrap();
    assert_eq!(ask().await.unwrap(), None);
    TestOrganization::new(&store).await;
    drop(cluster);
}
