//! The process: started, signalled, killed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// The binary of this build, or another one to be tried, such as that of a release build.
pub fn binary() -> String {
    std::env::var("KEYSTEAD_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_keystead").to_owned())
}

/// A folder for one test, with a data folder and a log in it.
pub struct Place {
    folder: TempDir,
}

/// A server of which nobody knows yet whether it is ready.
pub struct Starting {
    child: Option<Child>,
    stdout: Option<ChildStdout>,
}

/// A server that said it is ready. Killed when the test ends.
pub struct Running {
    child: Child,
    pub address: String,
}

impl Place {
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

    /// What all servers of this place have logged.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.path("log")).unwrap()).into_owned()
    }

    /// A program in this place, without the settings of whoever runs the tests.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEYSTEAD_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path());
        command
    }

    /// Makes an organization and gives what the command prints.
    pub fn bootstrap(&self, more: &[&str]) -> Value {
        let mut command = self.command(&binary());
        command.args(["bootstrap", "--organization", "Acme", "--email", super::ADMIN]).args(more);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Starts a server without waiting for it.
    pub fn spawn(&self, arguments: &[&str]) -> Starting {
        let mut command = self.command(&binary());
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        self.spawn_command(command)
    }

    /// Starts a server by a command of choice.
    pub fn spawn_command(&self, mut command: Command) -> Starting {
        let log = File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        Starting { stdout: child.stdout.take(), child: Some(child) }
    }

    /// Starts a server and waits until it says that it is ready.
    pub fn start(&self, arguments: &[&str]) -> Running {
        self.spawn(arguments).ready().unwrap_or_else(|| panic!("no start: {}", self.log()))
    }
}

impl Starting {
    /// Waits for the line that tells the address. Nothing when it ends without one.
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

    /// The address without `http://`.
    pub fn host(&self) -> &str {
        self.address.trim_start_matches("http://")
    }

    /// Asks for an end.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends a signal, named as `kill` does.
    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.pid().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end by itself, for so long.
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

    /// Ends it in the middle of whatever it does.
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
