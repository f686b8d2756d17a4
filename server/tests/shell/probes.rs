//! The probes of a server, the command that asks them, and the signals that do not stop it.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::binary::{Running, TestFolder, binary};
use crate::support::{TestServer, header, status};

/// The longest time that a test waits for anything.
const TIMEOUT: Duration = Duration::from_mins(1);

const OLD: &str = "0123456789abcdef0123456789abcdef";
const NEW: &str = "fedcba9876543210fedcba9876543210";

async fn healthcheck(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(binary());
    command.arg("healthcheck").args(arguments).envs(variables.iter().copied());
    spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[track_caller]
fn assert_refused(output: &Output, part: &str) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{output:?}");
    assert!(said.contains(part), "{said}");
}

/// Waits until the server has read its database.
async fn wait_until_ready(server: &Running) {
    let client = Client::builder().no_proxy().build().unwrap();
    let deadline = Instant::now() + TIMEOUT;
    while client.get(format!("{}/readyz", server.address)).send().await.unwrap().status() != StatusCode::OK {
        assert!(Instant::now() < deadline, "never ready");
        sleep(Duration::from_millis(20)).await;
    }
}

/// The server in the test's process runs no background task, so it does not read its database again and again.
#[tokio::test]
async fn a_server_that_does_not_read_its_database_responds_but_is_not_ready() {
    let server = TestServer::start().await;
    assert_eq!(status(&server.send("GET /healthz", "Host: keystead.internal\r\n").await), 200);
    let answer = server.send("GET /readyz", "Host: keystead.internal\r\n").await;
    assert_eq!((status(&answer), header(&answer, "cache-control").as_deref()), (503, Some("no-store")));
    assert!(answer.contains("The database was not reached"), "{answer}");
    let url = server.origin();
    assert_refused(&healthcheck(&["--url", &url], &[]).await, "503. The database was not reached");
    assert!(healthcheck(&["--alive", "--url", &url], &[]).await.status.success());
}

#[tokio::test]
async fn a_ready_server_passes_the_health_check_with_its_own_variables() {
    let folder = TestFolder::new();
    let server = folder.start(&[]);
    wait_until_ready(&server).await;
    let (port, variable) = (server.host().split_once(':').unwrap().1.to_owned(), "KEYSTEAD_LISTEN");
    let everywhere = format!("0.0.0.0:{port}");
    let variables = [(variable, everywhere.as_str()), ("KEYSTEAD_LOG", "warn"), ("KEYSTEAD_DATA_DIR", "x")];
    let output = healthcheck(&[], &variables).await;
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(said, format!("127.0.0.1:{port} responds to /readyz with 200.\n"), "{output:?}");
    assert!(output.status.success());
    server.kill();
    assert_refused(&healthcheck(&[], &variables).await, "does not respond");
}

#[tokio::test]
async fn a_silent_server_fails_the_health_check() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    assert_refused(&healthcheck(&["--url", &url], &[]).await, "does not respond");
    assert_refused(&healthcheck(&["--url", "https://keys.example"], &[]).await, "--url");
    assert_refused(&healthcheck(&["--listen", "127.0.0.1:0"], &[]).await, "--url");
}

async fn accepts(server: &Running, token: &str) -> bool {
    let client = Client::builder().no_proxy().build().unwrap();
    let path = "/v1/private/organizations/org_0000000000000000000a";
    let answer = client.get(format!("{}{path}", server.address)).bearer_auth(token).send().await.unwrap();
    answer.status() != StatusCode::UNAUTHORIZED
}

async fn wait_for_line(folder: &TestFolder, part: &str) {
    let deadline = Instant::now() + TIMEOUT;
    while !folder.log().contains(part) {
        assert!(Instant::now() < deadline, "no line with {part}: {}", folder.log());
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_hangup_lets_the_server_read_the_operators_token_again() {
    let folder = TestFolder::new();
    let file = folder.path("token");
    fs::write(&file, OLD).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let server = folder.start(&["--operator-token-file", "token"]);
    assert!(accepts(&server, OLD).await && !accepts(&server, NEW).await);

    fs::write(&file, NEW).unwrap();
    server.signal("-HUP");
    wait_for_line(&folder, "read again after SIGHUP: operator_token_file").await;
    assert!(accepts(&server, NEW).await && !accepts(&server, OLD).await);

    fs::write(&file, "short").unwrap();
    server.signal("-HUP");
    wait_for_line(&folder, "the operator's token was not read again after SIGHUP").await;
    assert!(folder.log().contains("KEYSTEAD_OPERATOR_TOKEN_FILE"), "{}", folder.log());
    assert!(accepts(&server, NEW).await && !accepts(&server, "short").await);
}

#[tokio::test]
async fn a_hangup_changes_the_log_filter_and_names_what_needs_a_restart() {
    let folder = TestFolder::new();
    let write = |text: &str| fs::write(folder.path("keystead.toml"), text).unwrap();
    write("log = \"warn\"");
    let server = folder.start(&["--config", "keystead.toml"]);
    wait_until_ready(&server).await;
    let refuse = async || {
        let request = Client::builder().no_proxy().build().unwrap().get(format!("{}/v1/me", server.address));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    };
    refuse().await;
    assert!(!folder.log().contains("refused"), "{}", folder.log());

    write("log = \"info\"\nkey_prefix = \"hunter2_\"\nlisten = \"127.0.0.1:1\"");
    server.signal("-HUP");
    wait_for_line(&folder, "config; log has changed").await;
    refuse().await;
    wait_for_line(&folder, ": refused ").await;
    // The address is also a flag, which wins, so it has not changed.
    let restart = "these settings have changed and need a restart settings=\"key_prefix\"";
    assert!(folder.log().contains(restart) && !folder.log().contains("hunter2"), "{}", folder.log());

    for broken in ["log = \"warning\"", "log = ", "listn = \"hunter2\"\nlog = \"off\""] {
        write(broken);
        let lines = || folder.log().matches("SIGHUP did not change the settings").count();
        let before = lines();
        server.signal("-HUP");
        let deadline = Instant::now() + TIMEOUT;
        while lines() == before {
            assert!(Instant::now() < deadline, "{}", folder.log());
            sleep(Duration::from_millis(20)).await;
        }
    }
    assert!(!folder.log().contains("hunter2"), "{}", folder.log());
    let lines = folder.log().matches(": refused ").count();
    refuse().await;
    let deadline = Instant::now() + TIMEOUT;
    while folder.log().matches(": refused ").count() == lines {
        assert!(Instant::now() < deadline, "the filter has changed: {}", folder.log());
        sleep(Duration::from_millis(20)).await;
    }
    write("log = \"off\"");
    server.signal("-HUP");
    wait_for_line(&folder, "log=\"off\"").await;
}

#[tokio::test]
async fn only_the_signals_to_stop_end_the_server() {
    let folder = TestFolder::new();
    let server = folder.start(&[]);
    for name in ["-HUP", "-USR1", "-USR2", "-PIPE"] {
        server.signal(name);
    }
    wait_for_line(&folder, "read again after SIGHUP: nothing").await;
    wait_until_ready(&server).await;
}

/// Otherwise the next start would take the file for a copy that was made while it was in use.
#[tokio::test]
async fn a_stopped_server_leaves_a_database_that_needs_no_log() {
    let folder = TestFolder::new();
    for _ in 0..3 {
        let mut server = folder.start(&[]);
        server.terminate();
        assert!(server.ended_within(TIMEOUT).await.expect("it ends in time").success());
        assert!(!folder.log().contains("write-ahead log"), "{}", folder.log());
        assert!(!folder.path("data/keystead.db-wal").exists());
    }
}
