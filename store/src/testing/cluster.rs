//! A PostgreSQL server for the tests of this process, on a free port of this machine, gone with the process.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use url::Url;

/// Starts the server and waits for the end of its input, which comes when the process that holds the other end is gone,
/// however it went. Then nothing is left: no server, no folder.
const SCRIPT: &str = r#"
"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$2/log" 2>&1 || exit 1
"$1/postgres" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \
    -c max_connections=300 -c shared_buffers=64MB -c autovacuum_naptime=5s >>"$2/log" 2>&1 </dev/null &
cat >/dev/null
kill -QUIT $!
wait $!
rm -rf "$2"
"#;

/// Longest wait for the server, in tenths of a second.
const START_TENTHS: u32 = 600;

/// The server's address, with the database `postgres`. Starts the server if that has not happened yet.
pub(super) fn url() -> &'static Url {
    static URL: OnceLock<Url> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("KEYSTEAD_TEST_POSTGRES") {
        Ok(url) => Url::parse(&url).expect("KEYSTEAD_TEST_POSTGRES is a URL"),
        Err(_) => start(),
    })
}

fn start() -> Url {
    /// Held open as long as the process lives.
    static INPUT: OnceLock<ChildStdin> = OnceLock::new();
    let binaries = binaries();
    let port = free_port();
    let folder = std::env::temp_dir().join(format!("keystead-postgres-{}", std::process::id()));
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
    // A group of its own: an interrupt from the terminal must not reach it before the cleaning up.
    command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).process_group(0);
    #[expect(clippy::zombie_processes, reason = "it outlives this function, and ends after this process")]
    let mut child = command.spawn().expect("starting PostgreSQL");
    let mut input = child.stdin.take().expect("a pipe");
    input.flush().expect("a pipe");
    assert!(INPUT.set(input).is_ok(), "the server is started once");
    wait_until_ready(&binaries, &folder, port);
    Url::parse(&format!("postgres://postgres@127.0.0.1:{port}/postgres")).expect("an address")
}

fn wait_until_ready(binaries: &Path, folder: &Path, port: u16) {
    for _ in 0..START_TENTHS {
        let mut ready = Command::new(binaries.join("pg_isready"));
        ready.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
        if ready.status().is_ok_and(|status| status.success()) {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    panic!("PostgreSQL did not start: {log}");
}

/// The newest installed version's programs.
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
