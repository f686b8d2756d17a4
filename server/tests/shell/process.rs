//! The server process: what it prints, the files that it creates, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    folder: TempDir,
}

fn serve() -> Process {
    serve_at("127.0.0.1:0")
}

fn serve_at(listen: &str) -> Process {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_keystead"))
        .args(["serve", "--listen", listen])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    Process { child, stdout, folder }
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The host and port of the printed address.
fn host(line: &str) -> String {
    let rest = line.strip_prefix("Keystead is ready at http://").unwrap_or_else(|| panic!("{line}"));
    rest.split('/').next().unwrap().trim().to_owned()
}

#[test]
fn a_server_prints_its_address_and_exits_cleanly_on_a_signal() {
    for name in ["-TERM", "-INT"] {
        let mut process = serve();
        let mut line = String::new();
        process.stdout.read_line(&mut line).unwrap();
        let mut stream = TcpStream::connect(host(&line)).unwrap();
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.ends_with(r#"{"status":"ok"}"#), "{answer}");

        signal(&process.child, name);
        assert_eq!(process.child.wait().unwrap().code(), Some(0));
        let mut rest = String::new();
        process.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "one line and no more");
        let mut log = String::new();
        process.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(log.contains("Keystead is starting") && log.contains(": stopped"), "{log}");
        if let Some((_, token)) = line.trim().split_once("token=") {
            assert!(!log.contains(token), "the setup link must not be in the log");
        }
    }
}

/// As in a container, whose port is published under another number.
#[test]
fn a_server_at_all_addresses_says_what_to_open() {
    let mut process = serve_at("0.0.0.0:0");
    let mut line = String::new();
    process.stdout.read_line(&mut line).unwrap();
    assert!(host(&line).starts_with("127.0.0.1:"), "{line}");
    signal(&process.child, "-TERM");
    process.child.wait().unwrap();
    let mut log = String::new();
    process.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(
        log.contains("as localhost, with the port at which this server is reached; set public_url"),
        "{log}"
    );
}

#[test]
fn the_data_is_closed_to_other_users_with_any_umask() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new("sh")
        .args(["-c", "umask 000; exec \"$0\" serve --listen 127.0.0.1:0", env!("CARGO_BIN_EXE_keystead")])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("Keystead is ready at "), "{line}");
    let data = folder.path().join("data");
    assert_eq!(mode(&data), 0o700);
    let files: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.contains(&data.join("keystead.db")), "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    signal(&child, "-TERM");
    child.wait().unwrap();
}

#[test]
fn secrets_in_a_request_do_not_reach_the_log() {
    let mut process = serve();
    let mut line = String::new();
    process.stdout.read_line(&mut line).unwrap();
    let host = host(&line);
    let key = "sk_live_0123456789abcdefghijABCDEFGHIJxy1a2B3c";
    let mut stream = TcpStream::connect(&host).unwrap();
    let headers = format!(
        "X-Request-Id: {key}\r\nUser-Agent: \x1b[31m{key}\r\nReferer: http://x/{key}\r\nCookie: a={key}\r\n"
    );
    write!(stream, "GET /{key}?key={key} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    let _reset = stream.read_to_string(&mut answer);
    signal(&process.child, "-TERM");
    process.child.wait().unwrap();
    let mut log = String::new();
    process.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(!log.contains("0123456789abcdefghij") && !log.contains('\x1b'), "{log}");
    assert!(!process.folder.path().join("core").exists());
}

#[test]
fn every_command_accepts_the_database_flags() {
    let output = Command::new(env!("CARGO_BIN_EXE_keystead"))
        .args(["version", "--data-dir", "x", "--database-url", "sqlite:x"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let version = format!("keystead {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), version);
}

#[test]
fn the_version_is_printed_whatever_the_settings_are() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keystead"));
    command.arg("version").env("KEYSTEAD_CONFIG", "/nonexistent/keystead.toml").env("KEYSTEAD_LISTN", "x");
    let output = command.output().unwrap();
    assert!(output.status.success() && output.stdout.starts_with(b"keystead "), "{output:?}");
}

/// A named pipe to which nobody writes.
#[test]
fn a_silent_pipe_as_a_file_is_refused_and_does_not_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").args(["-m", "600"]).arg(&pipe).status().unwrap().success());
    for setting in ["--config", "--database-url-file", "--operator-token-file", "--seal-key-file"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keystead"));
        command.args(["serve", "--listen", "127.0.0.1:0", setting]).arg(&pipe).current_dir(&folder);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && said.contains("nobody writes"), "{setting}: {said}");
    }
}
