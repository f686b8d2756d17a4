//! The server process: starts it, sends it signals, kills it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// The path of the binary under test: the one of this build, or the one in `KEYSTEAD_BIN`, for example of a release
/// build.
pub fn binary() -> String {
    std::env::var("KEYSTEAD_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_keystead").to_owned())
}

/// A temporary folder for one test, with a data folder and a log.
pub struct TestFolder {
    folder: TempDir,
}

/// A server that was started and is perhaps not ready yet.
pub struct Starting {
    child: Option<Child>,
    stdout: Option<ChildStdout>,
}

/// A server that has printed that it is ready. It is killed when the test ends.
pub struct Running {
    child: Child,
    pub address: String,
}

impl TestFolder {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data_dir(&self) -> PathBuf {
        self.path("data")
    }

    pub fn database(&self) -> PathBuf {
        self.path("data/keystead.db")
    }

    /// Everything that all servers in this folder have logged.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.path("log")).unwrap()).into_owned()
    }

    /// A command that runs in this folder, without the `KEYSTEAD_*` variables of the environment in which the tests
    /// run.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEYSTEAD_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path());
        command
    }

    /// Creates an organization with the command line, and returns the JSON that the command prints.
    pub fn bootstrap(&self, more: &[&str]) -> Value {
        let mut command = self.command(&binary());
        command.args(["bootstrap", "--organization", "Acme", "--email", super::ADMIN]).args(more);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Starts a server without waiting until it is ready.
    pub fn spawn(&self, arguments: &[&str]) -> Starting {
        let mut command = self.command(&binary());
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        self.spawn_command(command)
    }

    /// Starts a server with the given command, without waiting until it is ready.
    pub fn spawn_command(&self, mut command: Command) -> Starting {
        let log = File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        Starting { stdout: child.stdout.take(), child: Some(child) }
    }

    /// Starts a server and waits until it prints that it is ready.
    pub fn start(&self, arguments: &[&str]) -> Running {
        self.spawn(arguments).ready().unwrap_or_else(|| panic!("no start: {}", self.log()))
    }
}

impl Starting {
    /// Waits for the line with the address. Returns `None` if the server ends without printing one.
    pub fn ready(mut self) -> Option<Running> {
        let (mut child, stdout) = (self.child.take()?, self.stdout.take()?);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let Some(url) = line.strip_prefix("Keystead is ready at ") else {
            child.wait().unwrap();
            return None;
        };
        let address = url.trim().split('/').take(3).collect::<Vec<_>>().join("/");
        Some(Running { child, address })
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            end(&mut child);
        }
    }
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    /// Asks the server to stop.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends a signal, named as for `kill`.
    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.pid().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until the server ends by itself. Returns `None` if it still runs after `limit`.
    pub async fn ended_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            sleep(Duration::from_millis(5)).await;
        }
        None
    }

    /// Kills the server, whatever it is doing.
    pub fn kill(mut self) {
        end(&mut self.child);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    let _already_ended = child.kill();
    let _reaped = child.wait();
}
