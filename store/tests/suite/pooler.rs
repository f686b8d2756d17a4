//! PostgreSQL behind PgBouncer: session pooling works, and transaction pooling is recognized at the start.

use std::fs::{self, Permissions};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use store::testing::Cluster;
use store::{Error, Settings, Store, Target};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use url::Url;

/// How often to check whether the pooler listens, at intervals of 0.1 seconds.
const CHECKS_MAX: u32 = 600;

/// A running PgBouncer. Dropping this value stops it.
struct Pooler {
    child: Child,
    url: Url,
    _folder: TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Pooler {
    async fn start(cluster: &Cluster, pool_mode: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("users"), "\"postgres\" \"\"\n").unwrap();
        let configuration = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = {pool_mode}\ndefault_pool_size = 5\n{more}\n",
            cluster.url().port().unwrap(),
            path("users").display(),
        );
        fs::write(path("pgbouncer.ini"), configuration).unwrap();
        let mut command = Command::new(program());
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            // It refuses to run as root.
            command.args(["-u", "postgres"]);
        }
        let command = command
            .arg(path("pgbouncer.ini"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut url = cluster.url();
        url.set_port(Some(port)).unwrap();
        let pooler = Self { child: command.spawn().unwrap(), url, _folder: folder };
        for _ in 0..CHECKS_MAX {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return pooler;
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("PgBouncer did not start");
    }

    async fn open(&self) -> Result<Store, Error> {
        Store::open(Settings { target: Target::Postgres(self.url.clone()), connections_max: 3 }).await
    }
}

fn program() -> &'static str {
    // Not every user has this folder in the path.
    if fs::exists("/usr/sbin/pgbouncer").unwrap() { "/usr/sbin/pgbouncer" } else { "pgbouncer" }
}

#[tokio::test]
async fn a_pooler_in_session_mode_works_and_one_in_transaction_mode_is_refused() {
    let cluster = spawn_blocking(Cluster::start).await.unwrap();
    let accepted = "ignore_startup_parameters = extra_float_digits";
    for mode in ["transaction", "statement"] {
        let pooler = Pooler::start(&cluster, mode, accepted).await;
        // The second start finds what the first one left in the sessions.
        for _ in 0..2 {
            let Err(Error::Settings(sentence)) = pooler.open().await else {
                panic!("{mode} must be refused")
            };
            assert!(sentence.contains("use pool_mode = session"), "{mode}: {sentence}");
        }
    }
    let pooler = Pooler::start(&cluster, "session", accepted).await;
    for _ in 0..2 {
        let store = pooler.open().await.unwrap();
        store.migrate().await.unwrap();
        store.close().await;
    }
    let pooler = Pooler::start(&cluster, "session", "").await;
    let Err(Error::Settings(sentence)) = pooler.open().await else { panic!("it must be refused") };
    assert!(sentence.contains("ignore_startup_parameters"), "{sentence}");
}
