//! TLS: `docs/operate/tls.md`, with a certificate of our own, with one from Pebble, and with one that is replaced.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;

use crate::authority::Authority;
use crate::client::TlsClient;
use crate::machine::Machine;
use crate::node::{listening, now, wait_for_line};
use crate::page::Page;
use crate::pebble::{Pebble, free_port};

const PAGE: &str = "operate/tls.md";

/// Sets the port with TLS, as the page says where port 443 is not free.
fn listen_at(machine: &mut Machine, port: u16) -> SocketAddr {
    machine.export(&format!("export KEYSTEAD_TLS_LISTEN=127.0.0.1:{port}\n"));
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// Waits until new connections get this certificate.
async fn wait_for_certificate(client: &TlsClient, expected: &[u8]) {
    let started = now();
    while client.certificate("keys.example.com").await != expected {
        assert!(started.elapsed() < crate::client::TIMEOUT, "the certificate is not used");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_ones_own_is_used_and_replaced() {
    let (mut page, mut machine) = (Page::read(PAGE), Machine::new());
    let authority = Authority::new();
    let first = authority.issue(&["keys.example.com"]);
    let path = |machine: &Machine, name: &str| machine.folder.path(name);
    first.write(&path(&machine, "fullchain.pem"), &path(&machine, "privkey.pem"));
    fs::write(path(&machine, "ca.pem"), authority.pem()).unwrap();
    let address = listen_at(&mut machine, free_port());
    let server = machine.serve(&page.block("--tls-cert"));
    assert_eq!(server.address, format!("https://keys.example.com:{}", address.port()));

    machine.call("curl --cacert", &format!("curl -sS --connect-to keys.example.com:443:{address} --cacert"));
    assert!(machine.run(&page.block("curl --cacert")).await.contains("ok"));

    // The plain port: a browser is redirected, and a program is answered.
    let plain = listening(&machine.folder, " listen=");
    let asked =
        format!("curl -sS --output page --write-out '%{{http_code}} %{{redirect_url}}' http://{plain}");
    let redirected = machine.run(&format!("{asked}/login -H 'Accept: text/html'")).await;
    assert_eq!(
        redirected,
        format!("308 https://localhost:{}/login", address.port()).replace("localhost", "127.0.0.1")
    );
    assert_eq!(machine.run(&format!("{asked}/v1/me")).await, "401 ");

    // certbot puts a new certificate into place by the hook of the page.
    let second = authority.issue(&["keys.example.com"]);
    fs::create_dir(path(&machine, "renewed")).unwrap();
    second.write(&path(&machine, "renewed/fullchain.pem"), &path(&machine, "renewed/privkey.pem"));
    let here = path(&machine, "").display().to_string();
    machine.call("install -o keystead ", "install ");
    machine.call("/etc/keystead/", &here);
    machine.call("$RENEWED_LINEAGE", "renewed");
    machine.call("systemctl kill --signal=HUP keystead", &format!("kill -HUP {}", server.pid()));
    machine.run(&page.block("RENEWED_LINEAGE")).await;
    let mode = fs::metadata(path(&machine, "privkey.pem")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    machine.run(&page.block("--signal=HUP")).await;
    let client = TlsClient::new(address, &authority.pem());
    wait_for_certificate(&client, &second.der).await;

    let public = page.block("ops@example.com");
    machine.run(&public.replace("keystead serve", "keystead config check")).await;
    let _private = page.block("--tls-acme-directory");
    page.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_authority_issues_the_certificate() {
    let (mut page, mut machine, port) = (Page::read(PAGE), Machine::new(), free_port());
    let pebble = Pebble::start(&machine.folder, port, 90 * 24 * 3600).await;
    let settings = pebble.settings();
    let directory = settings[1].strip_prefix("--tls-acme-directory=").unwrap();
    machine.call("https://ca.internal/acme/acme/directory", directory);
    machine.call("keys.internal", "localhost");
    machine.call("ca.pem", "pebble-ca.pem");
    let address = listen_at(&mut machine, port);
    let _server = machine.serve(&page.block("--tls-acme-directory"));
    wait_for_line(&machine.folder, "the authority issued a certificate").await;
    let client = TlsClient::new(address, &pebble.root().await);
    assert!(client.send("localhost", "GET /healthz", "", "").await.starts_with("HTTP/1.1 200"));
}
