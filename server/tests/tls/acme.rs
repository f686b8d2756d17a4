//! The server gets its certificate from an authority, keeps it and renews it.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;

use crate::binary::{Running, TestFolder};
use crate::client::{TlsClient, header, request, send_plain, status};
use crate::node::{listening, now, wait_for_line};
use crate::pebble::{Pebble, free_port, settings};

const OBTAINED: &str = "the authority issued a certificate";

/// Starts a server with TLS at this port.
fn start(folder: &TestFolder, port: u16, settings: &[String]) -> Running {
    let listen = format!("127.0.0.1:{port}");
    let mut arguments = vec!["--tls-listen", &listen];
    arguments.extend(settings.iter().map(String::as_str));
    folder.start(&arguments)
}

fn address(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

#[tokio::test]
async fn a_certificate_is_obtained_once_and_used_again_after_a_restart() {
    let (folder, port) = (TestFolder::new(), free_port());
    let pebble = Pebble::start(&folder, port, 90 * 24 * 3600).await;
    let settings = pebble.settings();
    let mut server = start(&folder, port, &settings);
    assert_eq!(server.address, format!("https://localhost:{port}"));
    wait_for_line(&folder, OBTAINED).await;
    let client = TlsClient::new(address(port), &pebble.root().await);
    let page = client.send("localhost", "GET /login", "Accept: text/html\r\n", "").await;
    assert_eq!((status(&page), header(&page, "location")), (302, Some("/setup")), "{page}");
    assert_eq!(status(&client.send("localhost", "GET /healthz", "", "").await), 200);
    let certificate = client.certificate("localhost").await;

    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let acme = folder.data_dir().join("acme");
    assert_eq!(mode(&acme), 0o700);
    let files: Vec<_> = fs::read_dir(&acme).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");

    server.terminate();
    assert!(server.ended_within(crate::client::TIMEOUT).await.unwrap().success());
    drop(pebble);
    let _server = start(&folder, port, &settings);
    assert_eq!(client.certificate("localhost").await, certificate);
    let log = folder.log();
    assert_eq!(log.matches("requesting a certificate").count(), 1, "{log}");
    assert!(!log.contains("BEGIN"), "{log}");
}

#[tokio::test]
async fn a_certificate_is_renewed_before_its_end() {
    let (folder, port) = (TestFolder::new(), free_port());
    let pebble = Pebble::start(&folder, port, 20).await;
    let _server = start(&folder, port, &pebble.settings());
    wait_for_line(&folder, OBTAINED).await;
    let client = TlsClient::new(address(port), &pebble.root().await);
    let mut held = client.connect("localhost").await.unwrap();
    let healthy = r#"{"status":"ok"}"#;
    held.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    held.read_until(healthy).await;
    let first = held.certificate();
    let started = now();
    while client.certificate("localhost").await == first {
        assert!(started.elapsed() < crate::client::TIMEOUT, "{}", folder.log());
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    held.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    held.read_until(healthy).await;
}

#[tokio::test]
async fn a_name_that_does_not_lead_here_is_reported_with_the_cause() {
    let (folder, port) = (TestFolder::new(), free_port());
    let pebble = Pebble::start(&folder, free_port(), 3600).await;
    let _server = start(&folder, port, &pebble.settings());
    wait_for_line(&folder, "no certificate could be obtained from the authority").await;
    let log = folder.log();
    assert!(
        log.contains("the authority could not check the name localhost: Failed to connect to 127.0.0.1:"),
        "{log}"
    );
    assert!(log.contains("retry_in_seconds=60"), "{log}");
}

#[tokio::test]
async fn without_a_certificate_handshakes_fail_and_the_plain_port_works() {
    let (folder, port) = (TestFolder::new(), free_port());
    let authority = crate::authority::Authority::new();
    fs::write(folder.path("pebble-ca.pem"), authority.pem()).unwrap();
    let _server = start(&folder, port, &settings(free_port()));
    wait_for_line(&folder, "the authority cannot be reached: Connection refused").await;
    assert!(TlsClient::new(address(port), &authority.pem()).connect("localhost").await.is_err());
    wait_for_line(&folder, "there is no certificate yet").await;
    let plain = listening(&folder, " listen=");
    assert_eq!(status(&send_plain(plain, request("GET /healthz", "x", "", "").as_bytes()).await), 200);
}

#[test]
fn a_file_without_a_root_certificate_is_refused() {
    let folder = TestFolder::new();
    fs::write(folder.path("pebble-ca.pem"), "nothing").unwrap();
    let mut command = folder.command(&crate::binary::binary());
    let output = command.args(["config", "check"]).args(settings(9)).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let expected = "--tls-acme-ca (KEYSTEAD_TLS_ACME_CA) names pebble-ca.pem, which contains no certificate";
    assert!(error.contains(expected), "{error}");
}
