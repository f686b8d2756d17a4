//! Tests of PostgreSQL servers that become replicas or primaries while Keystead is running.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use store::testing::Cluster;
use store::{Error, Settings, Store, Target, keys, organizations};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
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

/// A name or an address that is moved to the new primary leaves the open connections to the old one, which still works
/// and does not know that it was replaced.
#[tokio::test]
async fn an_old_primary_that_still_works_is_not_used() {
    let old = spawn_blocking(Cluster::start).await.unwrap();
    let address = Address::leading_to(&old).await;
    let settings = Settings { target: Target::Postgres(address.url(&old)), connections_max: 1 };
    let store = Store::open(settings).await.unwrap();
    store.migrate().await.unwrap();
    let id = &TestOrganization::new(&store).await.organization.organization_id;
    let (old, new) = spawn_blocking(move || {
        let new = old.replica();
        new.promote();
        (old, new)
    })
    .await
    .unwrap();
    new.run("UPDATE organizations SET name = 'Changed since'");
    let is_new = async || {
        let found = organizations::find(&mut store.read().await.unwrap(), id).await.unwrap();
        found.unwrap().name == "Changed since"
    };

    assert!(!is_new().await, "nothing has changed for the open connection");
    address.lead_to(&new);
    store.look_for_new_primary().await.unwrap();
    assert!(is_new().await);

    // The address leads back to the old primary, as when a load balancer finds two primaries.
    address.lead_to(&old);
    let looked = store.look_for_new_primary().await;
    assert!(looked.is_err(), "{looked:?}");
    assert!(is_new().await, "the connection to the new primary stays in use");
    drop((old, new));
}

/// A port of this machine that leads to one server or another. Open connections stay where they lead.
struct Address {
    port: u16,
    target: Arc<AtomicU16>,
}

impl Address {
    async fn leading_to(server: &Cluster) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = Arc::new(AtomicU16::new(0));
        let to = target.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = TcpStream::connect(("127.0.0.1", to.load(Ordering::SeqCst))).await.unwrap();
                tokio::spawn(async move { copy_bidirectional(&mut near, &mut far).await });
            }
        });
        let address = Self { port, target };
        address.lead_to(server);
        address
    }

    fn lead_to(&self, server: &Cluster) {
        self.target.store(server.url().port().unwrap(), Ordering::SeqCst);
    }

    fn url(&self, server: &Cluster) -> url::Url {
        let mut url = server.url();
        url.set_port(Some(self.port)).unwrap();
        url
    }
}
