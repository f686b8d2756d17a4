//! Every confirmed write was on the disk before its answer was sent. The test reads this from a trace of the server's
//! system calls.

use std::process::Command;
use std::time::Duration;

use crate::binary::{Answer, Rest, Running, TestFolder, binary};
use crate::trace::Trace;

/// In the case with many callers: the number of concurrent callers, and the number of keys that each creates.
const CALLERS: u32 = 16;
const CREATES: u32 = 25;
/// Maximum number of flushes per creation, for a single caller and for many. Both exclude the flushes for last uses,
/// which happen once a second.
const ALONE_MAX: f64 = 1.0;
const TOGETHER_MAX: f64 = 0.15;

/// Starts a server under strace. Returns `None` if the system does not permit a process to trace another.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn start(place: &TestFolder) -> Option<Running> {
    let mut probe = Command::new("strace");
    let output = probe.args(["-qq", "-e", "trace=none", "true"]).output().expect("strace is installed");
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        eprintln!("Skipped: this machine does not permit ptrace, which strace needs: {said}");
        return None;
    }
    let mut command = place.command("strace");
    // With -D, the server itself is our child process and ends with the test. -s is longer than a page of the database.
    command.args(["-D", "-f", "-qq", "-y", "-s", "5000", "-o", "calls"]);
    command.args(["-e", "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg"]);
    command.args([binary().as_str(), "serve", "--listen", "127.0.0.1:0"]);
    command.args(["--rate-limit-default", "2000000000", "--log", "warn"]);
    Some(place.spawn_command(command).ready().expect("a start"))
}

/// Stops the server and reads the trace.
async fn read(place: &TestFolder, mut server: Running) -> Trace {
    server.terminate();
    assert!(server.ended_within(Duration::from_secs(30)).await.is_some());
    let path = place.path("calls");
    // strace ends after the server, and writes until then.
    let mut length = None;
    loop {
        let now = std::fs::metadata(&path).unwrap().len();
        if length.replace(now) == Some(now) {
            return Trace::read(&path);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

fn client(place: &TestFolder, server: &Running) -> Rest {
    let key = std::fs::read_to_string(place.path("admin-key")).unwrap();
    Rest::new(&server.address, &key)
}

fn place() -> TestFolder {
    let place = TestFolder::new();
    let made = place.bootstrap(&[]);
    std::fs::write(place.path("admin-key"), made["admin_key"].as_str().unwrap()).unwrap();
    place
}

fn assert_done(answer: &Answer) {
    assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_single_write_is_synced_before_its_response() {
    let place = place();
    let Some(server) = start(&place) else { return };
    let rest = client(&place, &server);
    let mut marks = (0..36).map(|number| format!("alone-{number:04}"));
    let mut next = || rest.named(&marks.next().unwrap());
    for name in ["one", "two", "three", "four", "five", "six"] {
        assert_done(&next().create(name).await);
        assert_done(&next().describe(name, "changed").await);
        assert_done(&next().rotate(name, 0).await);
        assert_done(&next().rotate(name, 3600).await);
        assert_done(&next().describe(name, "changed again").await);
        assert_done(&next().revoke(name).await);
    }
    let trace = read(&place, server).await;
    for number in 0..36 {
        trace.assert_synced_before_answer(&format!("alone-{number:04}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simultaneous_writes_share_their_flushes() {
    for (callers, creates, most) in [(1, 36, ALONE_MAX), (CALLERS, CREATES, TOGETHER_MAX)] {
        let place = place();
        let Some(server) = start(&place) else { return };
        let rest = client(&place, &server);
        assert_done(&rest.named("the-first").create("first").await);
        let started = tokio::time::Instant::now();
        let mut working = tokio::task::JoinSet::new();
        for caller in 0..callers {
            let rest = rest.clone();
            working.spawn(async move {
                for number in 0..creates {
                    let name = format!("c{caller:02}-{number:04}");
                    assert_done(&rest.named(&name).create(&name).await);
                }
            });
        }
        working.join_all().await;
        // Last uses are written once a second, each time in an additional transaction.
        let others = started.elapsed().as_secs_f64() + 2.0;
        let trace = read(&place, server).await;
        for caller in 0..callers {
            for number in 0..creates {
                trace.assert_synced_before_answer(&format!("c{caller:02}-{number:04}"));
            }
        }
        let made = f64::from(callers * creates);
        let flushes = trace.flushes_between("the-first", &format!("-{:04}", creates - 1));
        let flushes = f64::from(u32::try_from(flushes).unwrap());
        println!("{callers} callers: {flushes} flushes for {made} creates, {:.3} each", flushes / made);
        assert!(flushes <= made * most + others, "{flushes} flushes for {made} creates");
    }
}
