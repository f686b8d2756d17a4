//! Log lines and output that cannot be written: a full disk, a closed pipe, a reader that has stopped.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Number of requests that are sent at once.
const ROUND: usize = 100;

/// A request's log line has at least 170 bytes. This many lines fill a pipe, the writer's buffer and the queue.
const FLOOD: usize = 13_000;

struct Server {
    child: Child,
    _folder: TempDir,
}

impl Server {
    fn start(out: impl Into<Stdio>, errors: impl Into<Stdio>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_keystead"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .current_dir(&folder)
            .stdout(out)
            .stderr(errors)
            .spawn()
            .unwrap();
        Self { child, _folder: folder }
    }

    /// Connects to the server's port, whether or not the server could print its address.
    fn connect(&mut self) -> TcpStream {
        loop {
            assert_eq!(self.child.try_wait().unwrap(), None, "the server should run");
            let port = listening_port(self.child.id());
            let stream = port.and_then(|port| TcpStream::connect(("127.0.0.1", port)).ok());
            if let Some(stream) = stream {
                stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
                return stream;
            }
            thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Sends requests that need no credential, each of which is logged, and reads all answers.
    fn request(&mut self, requests: usize) {
        let mut stream = self.connect();
        let round = "HEAD /docs/style.css HTTP/1.1\r\nHost: x\r\n\r\n".repeat(ROUND);
        for _ in 0..requests / ROUND {
            stream.write_all(round.as_bytes()).unwrap();
            let mut answers = 0;
            let mut buffer = vec![0; 65536];
            let mut kept = Vec::new();
            while answers < ROUND {
                let read = stream.read(&mut buffer).expect("an answer");
                assert!(read > 0, "the connection ended");
                kept.extend_from_slice(&buffer[..read]);
                answers = kept.windows(9).filter(|part| part == b"HTTP/1.1 ").count();
            }
        }
    }

    /// Tells the server to stop, and waits until it has ended.
    fn end(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The port that a process listens on, found through its open sockets.
fn listening_port(process: u32) -> Option<u16> {
    let names = fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    let links = names.filter_map(|name| fs::read_link(name.ok()?.path()).ok());
    let open: Vec<_> = links.map(|link| link.display().to_string()).collect();
    let table = fs::read_to_string(format!("/proc/{process}/net/tcp")).ok()?;
    table.lines().skip(1).find_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        let is_own = words[3] == "0A" && open.contains(&format!("socket:[{}]", words[9]));
        is_own.then(|| u16::from_str_radix(words[1].split(':').nth(1).unwrap(), 16).unwrap())
    })
}

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

#[track_caller]
fn assert_ended_well(status: ExitStatus) {
    assert_eq!((status.code(), status.signal()), (Some(0), None));
}

#[test]
fn a_full_log_disk_does_not_stop_the_server() {
    let mut server = Server::start(Stdio::null(), full());
    server.request(500);
    assert_ended_well(server.end());
}

#[test]
fn a_server_runs_on_if_it_cannot_print_its_address() {
    let mut server = Server::start(full(), Stdio::piped());
    server.request(ROUND);
    let mut log = server.child.stderr.take().unwrap();
    assert_ended_well(server.end());
    let mut text = String::new();
    log.read_to_string(&mut text).unwrap();
    assert!(text.contains("the server's address could not be written to standard output"), "{text}");
    assert!(!text.contains("panicked"), "{text}");
}

#[test]
fn a_server_runs_on_if_nobody_reads_its_address() {
    let (_never_read, mut writer) = std::io::pipe().unwrap();
    let out = writer.try_clone().unwrap();
    // Fills the pipe, and then blocks until the test ends.
    thread::spawn(move || while writer.write_all(&[b' '; 1024]).is_ok() {});
    let mut server = Server::start(out, Stdio::null());
    server.request(ROUND);
    assert_ended_well(server.end());
}

#[test]
fn a_closed_log_pipe_does_not_stop_the_server() {
    // As in `keystead serve 2>&1 | head -1`.
    let (reader, writer) = std::io::pipe().unwrap();
    let mut server = Server::start(writer.try_clone().unwrap(), writer);
    let mut reader = BufReader::new(reader);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    drop(reader);
    server.request(500);
    assert_ended_well(server.end());
}

#[test]
fn a_log_pipe_that_nobody_reads_does_not_block_the_server() {
    let mut server = Server::start(Stdio::null(), Stdio::piped());
    // The pipe stays open, but nobody reads from it.
    let _log = server.child.stderr.take().unwrap();
    server.request(FLOOD);
    assert_ended_well(server.end());
}

#[test]
fn lines_that_a_slow_reader_missed_are_counted_and_reported() {
    let mut server = Server::start(Stdio::null(), Stdio::piped());
    let log = BufReader::new(server.child.stderr.take().unwrap());
    server.request(FLOOD);
    let (mut written, mut dropped) = (0, 0);
    for line in log.lines() {
        let line = line.unwrap();
        assert!(!line.contains("panicked"), "{line}");
        written += usize::from(line.contains(": answered "));
        if let Some((_, number)) = line.split_once("log lines were dropped log.dropped=") {
            dropped = number.parse().unwrap();
            break;
        }
    }
    assert!(dropped > 0);
    assert_eq!(written + dropped, FLOOD);
    assert_ended_well(server.end());
}

#[test]
fn a_failed_start_has_an_exit_code_even_without_output() {
    let output = Command::new(env!("CARGO_BIN_EXE_keystead"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", "/proc/nowhere"])
        .stderr(full())
        .output()
        .unwrap();
    assert_eq!((output.status.code(), output.status.signal()), (Some(1), None));
}

#[test]
fn a_command_that_cannot_write_its_output_fails_with_a_sentence() {
    let closed = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        Stdio::from(writer)
    };
    for out in [Stdio::from(full()), closed()] {
        let command = Command::new(env!("CARGO_BIN_EXE_keystead")).arg("version").stdout(out).output();
        let output = command.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{said}");
        assert!(said.contains("its result could not be written to standard output: "), "{said}");
    }
    for out in [Stdio::from(full()), closed()] {
        let command = Command::new(env!("CARGO_BIN_EXE_keystead")).arg("--help").stdout(out).output();
        let output = command.unwrap();
        assert_eq!((output.status.signal(), output.stderr), (None, Vec::new()));
    }
}
