//! Starts a proxy on a free port.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The port in the generated configurations.
const PORT: &str = "8000";
/// How often to check whether a proxy listens, at intervals of 0.1 seconds. Starting takes long on a busy machine.
const CHECKS_MAX: u32 = 600;

/// A running proxy. Dropping this value stops it.
pub struct Proxy {
    child: Child,
    pub address: String,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // SIGTERM also ends the worker processes. SIGKILL would leave them running.
        let id = self.child.id().to_string();
        let _already_ended = Command::new("kill").args(["-TERM", &id]).status();
        let _reaped = self.child.wait();
    }
}

/// Whether the tests with proxies are to run. They run unless the variable that skips them is set.
pub fn is_wanted() -> bool {
    std::env::var_os("KEYSTEAD_WITHOUT_PROXIES").is_none()
}

/// The path of an installed program.
pub fn program(name: &str) -> PathBuf {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let home = variable("HOME");
    // The same folder as in scripts/tools.
    let cache = Some(variable("XDG_CACHE_HOME"))
        .filter(|cache| !cache.is_empty())
        .unwrap_or(format!("{home}/.cache"));
    let tools = Some(variable("KEYSTEAD_TOOLS")).filter(|tools| !tools.is_empty());
    let tools = tools.unwrap_or(format!("{cache}/keystead/tools"));
    let [python, haproxy] = ["proxies", "haproxy"].map(|part| format!("{tools}/{part}/bin"));
    let paths = variable("PATH");
    let folders = paths.split(':').chain([&python, &haproxy, "/usr/sbin", "/usr/local/sbin"]).map(Path::new);
    let mut found = folders.map(|folder| folder.join(name)).filter(|file| file.is_file());
    found.next().unwrap_or_else(|| panic!("{name} is not installed: run scripts/install test"))
}

/// A port of this machine that nothing uses.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Changes the port of a generated configuration to a free port of this machine. `listening` is the place that names
/// the port and `instead` is its replacement. In both, `PORT` stands for the port.
pub fn on_free_port(configuration: &str, listening: &str, instead: &str) -> (String, u16) {
    let port = free_port();
    let listening = listening.replace("PORT", PORT);
    assert_eq!(configuration.matches(&listening).count(), 1, "{configuration}");
    (configuration.replace(&listening, &instead.replace("PORT", &port.to_string())), port)
}

/// Starts a program, and waits until it listens on its port.
pub fn start(command: &mut Command, port: u16) -> Proxy {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    for _ in 0..CHECKS_MAX {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Proxy { child, address: format!("http://127.0.0.1:{port}") };
        }
        assert!(child.try_wait().unwrap().is_none(), "the proxy ended; see its lines above");
        std::thread::sleep(Duration::from_millis(100));
    }
    let _already_ended = child.kill();
    panic!("the proxy does not listen");
}
