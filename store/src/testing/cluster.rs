//! PostgreSQL servers for the tests of this process. They listen on free ports of this machine and end with the
//! process.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread::sleep;
use std::time::Duration;

use url::Url;

/// Starts and stops the server on command. It cleans up at the end of its input, which comes when the process at the
/// other end is gone, even if that process was killed. Afterwards there is no server and no folder left.
const SCRIPT: &str = r#"
if [ -n "$4" ]; then
    "$1/pg_basebackup" -h 127.0.0.1 -p "$4" -U postgres -D "$2/data" -R -C -S replica -c fast --no-sync >"$2/log" 2>&1
else
    "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1
fi || exit 1
children() { cat "/proc/$server/task/$server/children"; }
while read -r word; do
    case "$word" in
    start)
        "$1/postgres" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \
            -c cluster_name="${4:+replica}" -c max_connections=300 -c shared_buffers=64MB -c autovacuum_naptime=5s >>"$2/log" 2>&1 </dev/null &
        server=$! ;;
    stop)
        kill -QUIT "$server"
        wait "$server" ;;
    kill)
        # Stops the server first, so that it starts no more child processes. It cannot start again while one of them is
        # left.
        kill -STOP "$server"
        all=$(children)
        kill -KILL "$server" $all
        wait "$server"
        for child in $all; do
            while grep -q ^VmSize "/proc/$child/status" 2>/dev/null; do sleep 0.05; done
        done ;;
    save)
        cp -a "$2/data" "$2/saved" ;;
    restore)
        rm -rf "$2/data"
        cp -a "$2/saved" "$2/data" ;;
    standby)
        touch "$2/data/standby.signal" ;;
    pause)
        kill -STOP "$server" && kill -STOP $(children) ;;
    continue)
        kill -CONT $(children) "$server" ;;
    esac
done
kill -CONT "$server" $(children) 2>/dev/null
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$2"
"#;

/// The longest wait for the server to start or stop, in tenths of a second.
const WAIT_TENTHS: u32 = 600;

/// A PostgreSQL server that tests can stop and restart.
pub struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
    port: u16,
    /// The input of the script. Closing it ends the server.
    input: Mutex<ChildStdin>,
}

/// The URL of the server that the tests of this process share, with the database `postgres`. Starts the server on the
/// first call.
pub(super) fn url() -> &'static Url {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static URL: OnceLock<Url> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("KEYSTEAD_TEST_POSTGRES") {
        Ok(url) => Url::parse(&url).expect("KEYSTEAD_TEST_POSTGRES is a URL"),
        Err(_) => CLUSTER.get_or_init(Cluster::start).url(),
    })
}

/// How a server becomes unavailable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// An immediate shutdown: connections are closed, and new ones are refused.
    Ended,
    /// All processes are killed. There is no orderly shutdown, and the server recovers when it starts again.
    Killed,
    /// All processes are stopped. Connections stay open, the operating system accepts new ones, and nothing is
    /// answered.
    Hanging,
}

impl Outage {
    /// The commands of the script that begin and end the outage.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Ended => ("stop", "start"),
            Self::Killed => ("kill", "start"),
            Self::Hanging => ("pause", "continue"),
        }
    }
}

impl Cluster {
    /// Starts a new server and waits until it answers.
    pub fn start() -> Self {
        Self::start_as(None)
    }

    /// Starts a replica of this server, which streams all changes. Its name in `synchronous_standby_names` is
    /// `replica`.
    #[must_use]
    pub fn replica(&self) -> Self {
        Self::start_as(Some(self.port))
    }

    /// Starts a server that is empty, or a replica of the one on a port.
    fn start_as(source: Option<u16>) -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let binaries = binaries();
        let port = free_port();
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("keystead-postgres-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder for PostgreSQL");
        let mut command = if is_root() {
            // PostgreSQL refuses to run as root.
            run("chown", &["postgres".as_ref(), folder.as_os_str()]);
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command.args(["-c", SCRIPT, "sh"]).arg(&binaries).arg(&folder).arg(port.to_string());
        command.arg(source.map(|port| port.to_string()).unwrap_or_default());
        // A separate process group, so that an interrupt from the terminal does not reach the script before it has
        // cleaned up.
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).process_group(0);
        #[expect(clippy::zombie_processes, reason = "it outlives this function, and ends after this value")]
        let mut child = command.spawn().expect("starting PostgreSQL");
        let input = Mutex::new(child.stdin.take().expect("a pipe"));
        let cluster = Self { binaries, folder, port, input };
        cluster.run_script("start");
        cluster.wait_until(true);
        cluster
    }

    /// The server's URL, with the database `postgres`.
    pub fn url(&self) -> Url {
        Url::parse(&format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)).expect("an address")
    }

    /// Runs a statement and returns its output.
    pub fn run(&self, sql: &str) -> String {
        self.run_at(self.port, sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Runs a statement on the server to which a port of this machine leads, and returns its output. The error is what
    /// `psql` has reported.
    pub fn run_at(&self, port: u16, sql: &str) -> Result<String, String> {
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let mut command = Command::new(self.binaries.join("psql"));
        let output = command.args(["-qAtX", "-c", sql, &url]).output().expect("running psql");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Begins an outage without warning, and waits until the server does not answer any more.
    pub fn begin_outage(&self, how: Outage) {
        self.run_script(how.words().0);
        self.wait_until(false);
    }

    /// Ends the outage, and waits until the server answers.
    pub fn end_outage(&self, how: Outage) {
        self.run_script(how.words().1);
        self.wait_until(true);
    }

    /// Copies the server's data. The server is down meanwhile.
    pub fn save(&self) {
        self.between(Outage::Ended, "save");
    }

    /// Replaces the server's data with the copy. The server is down meanwhile.
    pub fn restore(&self) {
        self.between(Outage::Ended, "restore");
    }

    /// Makes the server a replica, which is read-only. The server is down meanwhile.
    pub fn become_replica(&self) {
        self.between(Outage::Ended, "standby");
    }

    /// Makes a replica the primary.
    pub fn promote(&self) {
        assert_eq!(self.run("SELECT pg_promote()"), "t");
    }

    /// Runs a command of the script during an outage.
    fn between(&self, how: Outage, word: &str) {
        self.begin_outage(how);
        self.run_script(word);
        self.end_outage(how);
    }

    fn run_script(&self, word: &str) {
        let mut input = self.input.lock().expect("no thread panicked while it held the lock");
        writeln!(input, "{word}").and_then(|()| input.flush()).expect("a pipe");
    }

    fn wait_until(&self, is_ready: bool) {
        for _ in 0..WAIT_TENTHS {
            let mut ready = Command::new(self.binaries.join("pg_isready"));
            ready.args(["-q", "-t", "1", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if ready.status().is_ok_and(|status| status.success()) == is_ready {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL did not start or stop: {log}");
    }
}

/// The programs of the newest installed version.
fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.max_by_key(|version| {
        version.file_name().to_str().and_then(|name| name.parse::<u32>().ok()).unwrap_or_default()
    });
    newest.expect("PostgreSQL is installed below /usr/lib/postgresql").path().join("bin")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its number").port()
}

fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").expect("/proc")) == 0
}

fn run(program: &str, arguments: &[&std::ffi::OsStr]) {
    let status = Command::new(program).args(arguments).status().expect("running a program");
    assert!(status.success(), "{program} failed");
}
