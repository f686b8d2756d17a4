//! A server on a database that can be made unavailable, and clients that ask the server in every way all the time.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use service::testing::{Cluster, Outage};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use crate::binary::{Answer, Rest, Running, TestFolder};
use crate::relay::Relay;
use crate::verifier::{Exchange, Reply, Verifier};

/// How long the key cache may be used without the database.
pub const CACHE_VALIDITY: Duration = Duration::from_secs(1);
/// Maximum time until keys are accepted again after the database is back.
pub const BACK: Duration = Duration::from_secs(10);

/// All ways to ask about a key.
pub const INTERFACES: [Interface; 7] = [
    Interface::Verify,
    Interface::Show,
    Interface::Proxy("nginx"),
    Interface::Proxy("caddy"),
    Interface::Proxy("traefik"),
    Interface::Proxy("envoy"),
    Interface::Grpc,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interface {
    /// `POST /v1/keys/verify`.
    Verify,
    /// A request with the key as its credential.
    Show,
    /// The request of a proxy, by its name.
    Proxy(&'static str),
    /// The request of Envoy over gRPC.
    Grpc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Living,
    Dead,
}

#[derive(Debug, Clone)]
pub struct Observed {
    pub subject: Subject,
    pub interface: Interface,
    pub ask: Exchange,
}

/// A server, its database, and a relay between them if there is one.
pub struct Trial {
    cluster: Arc<Cluster>,
    relay: Option<Relay>,
    pub server: Running,
    _place: TestFolder,
    gateway: String,
    grpc: SocketAddr,
    pub admin: String,
    pub rest: Rest,
    pub verifier: Verifier,
}

impl Trial {
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// Starts with a relay between server and database that can fall silent.
    pub async fn start_behind_a_relay() -> Self {
        Self::start_with(Some(Relay::start().await)).await
    }

    async fn start_with(relay: Option<Relay>) -> Self {
        let cluster = Arc::new(spawn_blocking(Cluster::start).await.unwrap());
        let place = TestFolder::new();
        let mut url = cluster.url();
        if let Some(relay) = &relay {
            relay.forward_to(url.port().unwrap());
            url.set_port(Some(relay.port)).unwrap();
        }
        let url = url.to_string();
        let admin = place.bootstrap(&["--database-url", &url])["admin_key"].as_str().unwrap().to_owned();
        let grpc = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let grpc_listen = grpc.to_string();
        let limit = ["--rate-limit-default", "2000000000", "--envoy-grpc-listen", &grpc_listen];
        let server = place.start(&[&["--database-url", &url], limit.as_slice()].concat());
        let (rest, verifier) = (Rest::new(&server.address, &admin), Verifier::new(&server.address, &admin));
        let made = rest.send(Method::POST, "/v1/gateways", Some(json!({"name": "api"}))).await;
        let Answer::Done(made) = made else { panic!("{made:?}") };
        let gateway = made["gateway_id"].as_str().unwrap().to_owned();
        Self { cluster, relay, server, _place: place, admin, gateway, grpc, rest, verifier }
    }

    pub async fn begin_outage(&self, how: Outage) {
        let cluster = self.cluster.clone();
        spawn_blocking(move || cluster.begin_outage(how)).await.unwrap();
    }

    pub async fn end_outage(&self, how: Outage) {
        let cluster = self.cluster.clone();
        spawn_blocking(move || cluster.end_outage(how)).await.unwrap();
    }

    /// Copies the database in its current state.
    pub async fn save(&self) {
        let cluster = self.cluster.clone();
        spawn_blocking(move || cluster.save()).await.unwrap();
    }

    /// Replaces the database by the copy.
    pub async fn restore(&self) {
        let cluster = self.cluster.clone();
        spawn_blocking(move || cluster.restore()).await.unwrap();
    }

    /// Starts another server on the same database.
    pub fn another(&self) -> (TestFolder, Running) {
        let place = TestFolder::new();
        let running = place.start(&["--database-url", self.cluster.url().as_str()]);
        (place, running)
    }

    /// Runs a statement on the database directly.
    pub async fn run(&self, sql: &'static str) {
        let cluster = self.cluster.clone();
        spawn_blocking(move || cluster.run(sql)).await.unwrap();
    }

    /// Stops all traffic on the existing connections.
    pub fn silence(&self) {
        self.relay.as_ref().unwrap().silence();
    }

    /// Asks about a living key and a dead one, in every way, until [`RequestLoop::end`].
    pub fn keep_asking(&self, living: &str, dead: &str) -> RequestLoop {
        let is_over = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for (subject, secret) in [(Subject::Living, living), (Subject::Dead, dead)] {
            for interface in INTERFACES {
                let (secret, gateway) = (secret.to_owned(), self.gateway.clone());
                let (mut verifier, is_over, grpc) = (self.verifier.clone(), is_over.clone(), self.grpc);
                tasks.spawn(async move {
                    let mut asks = Vec::new();
                    while !is_over.load(Ordering::SeqCst) {
                        let ask = match interface {
                            Interface::Verify => verifier.verify(&secret).await,
                            Interface::Show => verifier.show(&secret).await,
                            Interface::Proxy(proxy) => verifier.ask_as(proxy, &gateway, &secret).await,
                            Interface::Grpc => verifier.ask_over_grpc(grpc, &gateway, &secret).await,
                        };
                        asks.push(Observed { subject, interface, ask });
                        sleep(Duration::from_millis(5)).await;
                    }
                    asks
                });
            }
        }
        RequestLoop { is_over, tasks }
    }
}

/// Tasks that ask all the time.
pub struct RequestLoop {
    is_over: Arc<AtomicBool>,
    tasks: JoinSet<Vec<Observed>>,
}

impl RequestLoop {
    pub async fn end(self) -> Vec<Observed> {
        self.is_over.store(true, Ordering::SeqCst);
        self.tasks.join_all().await.concat()
    }
}

impl Observed {
    /// Whether the answer contained no verdict.
    pub fn is_refused(&self) -> bool {
        matches!(self.ask.outcome, Reply::Later(_))
    }

    /// Checks that a living key was not refused and a dead one not accepted. An answer without a verdict must say when
    /// to try again.
    pub fn assert_no_wrong_verdict(&self) {
        match (self.subject, &self.ask.outcome) {
            (_, Reply::Later(seconds)) => assert!(*seconds >= 1, "{self:?}"),
            (Subject::Living, outcome) => {
                assert_eq!(*outcome, Reply::Yes, "a living key is refused: {self:?}");
            }
            (Subject::Dead, outcome) => {
                assert!(matches!(outcome, Reply::No(_)), "a dead key is accepted: {self:?}");
            }
        }
    }
}
