//! Runs the binary.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A temporary folder for one test, in which the binary runs.
pub struct Program {
    folder: TempDir,
}

/// A running server. It is killed when the test ends.
pub struct Running {
    child: Child,
    pub address: String,
}

impl Program {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn data_dir(&self) -> PathBuf {
        self.path("data")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_keystead"));
        command.args(arguments);
        command
    }

    fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEYSTEAD_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path());
        command
    }

    /// Runs a command and waits for its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that prints one line of JSON.
    #[track_caller]
    pub fn run_json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Runs a command that prints any number of lines of JSON.
    #[track_caller]
    pub fn run_lines(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Runs a command that must fail, and returns its error message.
    #[track_caller]
    pub fn run_refused(&self, arguments: &[&str]) -> String {
        Self::sentence(self.run(arguments))
    }

    /// As [`Self::run_refused`], but without root's privilege to open every file. If the server starts nevertheless, it
    /// is stopped after 20 seconds.
    #[track_caller]
    pub fn run_refused_as_nobody_special(&self, arguments: &[&str]) -> String {
        Self::sentence(self.run_as_nobody_special(arguments))
    }

    /// Runs a command without root's privilege to open every file, for at most 20 seconds.
    pub fn run_as_nobody_special(&self, arguments: &[&str]) -> Output {
        use std::os::unix::fs::MetadataExt;
        let binary = env!("CARGO_BIN_EXE_keystead");
        let mut command = if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
            let mut command = self.program("setpriv");
            command.args(["--bounding-set", "-dac_override,-dac_read_search", "timeout", "20", binary]);
            command
        } else {
            let mut command = self.program("timeout");
            command.args(["20", binary]);
            command
        };
        command.args(arguments).output().unwrap()
    }

    /// As [`Self::run_refused`], but no file may become larger than 100 KiB.
    #[track_caller]
    pub fn run_refused_with_file_limit(&self, arguments: &[&str]) -> String {
        let mut command = self.program("sh");
        command.args(["-c", "ulimit -f 200; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_keystead")]);
        Self::sentence(command.args(arguments).output().unwrap())
    }

    /// Starts a command without waiting for its end.
    pub fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    #[track_caller]
    fn sentence(output: Output) -> String {
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{output:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| line.starts_with("keystead: ")).collect();
        assert_eq!(lines.len(), 1, "{text}");
        assert!(!text.contains("Error") && !text.contains("panicked"), "{text}");
        lines[0].trim_start_matches("keystead: ").to_owned()
    }

    /// Starts a server in the same folder.
    pub fn serve(&self, arguments: &[&str]) -> Running {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut child =
            self.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().trim_start_matches("Keystead is ready at ");
        let address = url.split('/').take(3).collect::<Vec<_>>().join("/");
        assert!(address.starts_with("http://127.0.0.1:"), "{line}");
        Running { child, address }
    }
}

impl Running {
    /// Sends a GET request with a key, and returns the status of the answer.
    pub async fn status(&self, path: &str, key: &Value) -> u16 {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.get(format!("{}{path}", self.address)).bearer_auth(key.as_str().unwrap());
        request.send().await.unwrap().status().as_u16()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
