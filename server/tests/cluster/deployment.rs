//! The deployment of docs/operate/scale.md: three nodes, a primary with a synchronous replica, and HAProxy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use service::testing::Cluster;
use tokio::sync::{Mutex, MutexGuard};
use tokio::task::spawn_blocking;

use crate::balancer::{Balancer, free_port};
use crate::binary::Rest;
use crate::clients::Clients;
use crate::keys::Keys;
use crate::network::Namespace;
use crate::node::Node;
use crate::page::postgres_settings;

pub struct Deployment {
    pub nodes: [Node; 3],
    pub balancer: Balancer,
    pub primary: Arc<Cluster>,
    pub replica: Arc<Cluster>,
    pub admin: String,
    pub keys: Arc<Keys>,
    /// The tests of this program take turns, because each keeps all processors busy.
    _turn: MutexGuard<'static, ()>,
}

impl Deployment {
    pub async fn start(to_revoke: usize) -> Self {
        static TURN: Mutex<()> = Mutex::const_new(());
        let turn = TURN.lock().await;
        let (primary, replica) = spawn_blocking(start_databases).await.unwrap();
        let local = || Node::new(format!("127.0.0.1:{}", free_port()), None);
        let mut nodes = [separate().unwrap_or_else(local), local(), local()];
        let hosts = nodes.each_ref().map(|node| node.host.clone());
        let balancer = Balancer::start(&hosts, [port_of(&primary), port_of(&replica)]);
        let (server, port) = (primary.clone(), balancer.primary_port);
        spawn_blocking(move || wait_for_primary(&server, port)).await.unwrap();
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let made = nodes[0].place().bootstrap(&["--database-url", &url]);
        let admin = made["admin_key"].as_str().unwrap().to_owned();
        for node in &mut nodes {
            node.use_database_at(port);
            node.start();
        }
        let keys = Arc::new(Keys::create(&nodes[0].rest(&admin), to_revoke).await);
        Self { nodes, balancer, primary, replica, admin, keys, _turn: turn }
    }

    pub fn clients(&self) -> Clients {
        Clients::start(&self.addresses(), &self.admin, &self.keys)
    }

    /// The address of the load balancer, and those of the nodes.
    pub fn addresses(&self) -> [String; 4] {
        let [one, two, three] = self.nodes.each_ref().map(Node::address);
        [self.balancer.nodes.address.clone(), one, two, three]
    }

    /// A client that uses the load balancer.
    pub fn rest(&self) -> Rest {
        Rest::new(&self.balancer.nodes.address, &self.admin)
    }
}

/// A node in a network of its own, if this machine has such networks.
fn separate() -> Option<Node> {
    let namespace = Namespace::new()?;
    let host = format!("{}:8000", namespace.address());
    Some(Node::new(host, Some(namespace)))
}

fn port_of(server: &Cluster) -> u16 {
    server.url().port().unwrap()
}

/// A primary with a replica, with the settings of the page.
fn start_databases() -> (Arc<Cluster>, Arc<Cluster>) {
    let primary = Cluster::start();
    primary.run("CREATE ROLE haproxy LOGIN");
    let replica = primary.replica();
    for (name, value) in postgres_settings() {
        // The replica has another name here.
        primary.run(&format!("ALTER SYSTEM SET {name} = {}", value.replace("pg2", "replica")));
    }
    primary.run("SELECT pg_reload_conf()");
    let is_synchronous = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'";
    let start = Instant::now();
    while primary.run(is_synchronous) != "1" {
        assert!(start.elapsed() < Duration::from_mins(1), "the replica is not synchronous");
        std::thread::sleep(Duration::from_millis(50));
    }
    (Arc::new(primary), Arc::new(replica))
}

/// Waits until HAProxy has found out which server is the replica. Before, it leads to both in turn.
fn wait_for_primary(server: &Cluster, port: u16) {
    let mut in_a_row = 0;
    for _ in 0..600 {
        // A connection to the replica breaks off when HAProxy notices.
        let is_primary = server.run_at(port, "SELECT pg_is_in_recovery()").is_ok_and(|answer| answer == "f");
        in_a_row = if is_primary { in_a_row + 1 } else { 0 };
        if in_a_row == 4 {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("HAProxy does not find the primary");
}
