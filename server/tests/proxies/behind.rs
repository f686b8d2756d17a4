//! nginx, Caddy and Traefik with TLS in front of Keystead itself, with the configurations in `deploy/proxies`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::keystead::Keystead;
use crate::proxy::{self, Proxy};
use crate::{caddy, nginx, traefik};

const NAME: &str = "keys.example.com";
/// Clients have another address than the proxy, so that Keystead can tell them apart.
const CLIENT: &str = "127.0.0.2";
/// A proxy in front of an API, which asks Keystead by way of the proxy in front of Keystead.
const GATEWAY: &str = "127.0.0.3";

/// Keystead behind a proxy.
struct Behind {
    keystead: Keystead,
    certificate: PathBuf,
    port: u16,
    _proxy: Proxy,
    _folder: TempDir,
}

/// Starts a proxy with a configuration, in the folder with the files `cert.pem` and `key.pem`, on a port.
type Start = fn(&str, &TempDir, u16) -> Proxy;

impl Behind {
    fn start(file: &str, start: Start) -> Self {
        let keystead = Keystead::start_behind(&format!("https://{NAME}"));
        let folder = tempfile::tempdir().unwrap();
        let certificate = make_certificate(folder.path());
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/proxies").join(file);
        let server = keystead.address().trim_start_matches("http://");
        let configuration = replaced(&fs::read_to_string(file).unwrap(), "127.0.0.1:3000", server);
        let port = proxy::free_port();
        let proxy = start(&configuration, &folder, port);
        Self { keystead, certificate, port, _proxy: proxy, _folder: folder }
    }

    /// Sends a request from an address to the public name. Returns the status, and the headers and the body as text.
    #[track_caller]
    fn send(&self, from: &str, path: &str, options: &[&str]) -> (u16, String) {
        self.try_send(from, path, options).unwrap()
    }

    /// As [`Self::send`], but the connection may fail.
    fn try_send(&self, from: &str, path: &str, options: &[&str]) -> Result<(u16, String), String> {
        let to = format!("{NAME}:443:127.0.0.1:{}", self.port);
        let sent = Command::new("curl")
            .args(["--silent", "--show-error", "--include", "--noproxy", "*", "--path-as-is"])
            .args(["--interface", from, "--connect-to", &to, "--write-out", "\n%{http_code}", "--cacert"])
            .arg(&self.certificate)
            .args(options)
            .arg(format!("https://{NAME}{path}"))
            .output()
            .unwrap();
        if !sent.status.success() {
            return Err(String::from_utf8_lossy(&sent.stderr).into_owned());
        }
        let text = String::from_utf8(sent.stdout).unwrap();
        let (reply, status) = text.rsplit_once('\n').unwrap();
        Ok((status.parse().unwrap(), reply.to_owned()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_adds_tls_and_hides_nothing_from_keystead() {
    if proxy::is_wanted() {
        let behind = Behind::start("nginx.conf", |configuration, folder, port| {
            let listening = format!("listen 127.0.0.1:{port} ssl;");
            let configuration = replaced(configuration, "listen 443 ssl;", &listening);
            let redirect = format!("listen 127.0.0.1:{};", proxy::free_port());
            let configuration = replaced(&configuration, "listen 80;", &redirect);
            nginx::run(&with_certificate(&configuration, folder), folder, port)
        });
        serves(&behind).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_adds_tls_and_hides_nothing_from_keystead() {
    if proxy::is_wanted() {
        let behind = Behind::start("Caddyfile", |configuration, folder, port| {
            let files = folder.path().display();
            let site =
                format!("\n{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {files}/cert.pem {files}/key.pem\n");
            caddy::run(&replaced(configuration, &format!("\n{NAME} {{\n"), &site), folder, port)
        });
        serves(&behind).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traefik_adds_tls_and_hides_nothing_from_keystead() {
    if proxy::is_wanted() {
        let behind = Behind::start("traefik.yaml", |configuration, folder, port| {
            let entry = format!("--entrypoints.websecure.address=127.0.0.1:{port}");
            let trusted = format!("--entrypoints.websecure.forwardedHeaders.trustedIPs={GATEWAY}");
            traefik::run(&with_certificate(configuration, folder), folder, port, &[entry, trusted])
        });
        // It listens before it has read its configuration. Until then, it has another certificate and answers with 404.
        for _ in 0..100 {
            if behind.try_send(CLIENT, "/healthz", &[]).is_ok_and(|(status, _)| status == 200) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        serves(&behind).await;
    }
}

async fn serves(behind: &Behind) {
    opens_the_console(behind);
    passes_on_addresses(behind);
    passes_on_slashes_in_names(behind);
    answers_proxies(behind).await;
    // The operator's network is this machine itself.
    let (status, _) = behind.send(CLIENT, "/v1/private/organizations", &[]);
    assert_eq!(status, 403);
}

fn opens_the_console(behind: &Behind) {
    let (status, page) = behind.send(CLIENT, "/login", &[]);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("<form"), "{page}");
    assert!(page.to_lowercase().contains("strict-transport-security: max-age=31536000"), "{page}");
}

/// The audit record of a change has the address of the client, and not the one that the client made up.
fn passes_on_addresses(behind: &Behind) {
    let admin = behind.keystead.admin();
    let made_up = "X-Forwarded-For: 203.0.113.7";
    let json = "Content-Type: application/json";
    let body = json!({"name": "from afar"}).to_string();
    let path = "/v1/organizations/users/ada@acme.example/api-keys";
    let options = ["--header", &admin, "--header", made_up, "--header", json, "--data", &body];
    let (status, reply) = behind.send(CLIENT, path, &options);
    assert_eq!(status, 200, "{reply}");
    // A name with a blank is one segment of the path, which no proxy may change.
    let (status, reply) =
        behind.send(CLIENT, &format!("{path}/from%20afar"), &["--header", &admin, "--request", "DELETE"]);
    assert_eq!(status, 200, "{reply}");
    let (_, reply) = behind.send(CLIENT, "/v1/organizations/audit/logs?limit=2", &["--header", &admin]);
    let (_, body) = reply.split_once("\r\n\r\n").unwrap();
    let records: Value = serde_json::from_str(body).unwrap();
    for (record, action) in [(0, "api_key_revoked"), (1, "api_key_created")] {
        let record = &records["results"][record];
        assert_eq!((&record["action"], &record["ip_address"]), (&json!(action), &json!(CLIENT)));
    }
}

/// A proxy that decoded `%2F` would ask for another address.
fn passes_on_slashes_in_names(behind: &Behind) {
    let admin = behind.keystead.admin();
    let body = json!({"name": "deploy/eu"}).to_string();
    let path = "/v1/organizations/users/ada@acme.example/api-keys";
    let options = ["--header", &admin, "--header", "Content-Type: application/json", "--data", &body];
    let (status, reply) = behind.send(CLIENT, path, &options);
    assert_eq!(status, 200, "{reply}");
    let revoke = ["--header", &admin, "--request", "DELETE"];
    let (status, reply) = behind.send(CLIENT, &format!("{path}/deploy%2Feu"), &revoke);
    assert_eq!(status, 200, "{reply}");
}

/// Proxies in front of an API may ask by way of the proxy in front of Keystead, with all headers of a request.
async fn answers_proxies(behind: &Behind) {
    let gateway =
        json!({"name": "api", "rules": [{"method": "GET", "path": "/v1/**", "permission": "read"}]});
    let gateway = behind.keystead.call(Method::POST, "/v1/gateways", gateway).await;
    let id = gateway["gateway_id"].as_str().unwrap();
    let bearer = format!("Authorization: Bearer {}", behind.keystead.key("reader", json!({})).await);
    let cookie = format!("Cookie: a={}", "c".repeat(20_000));
    for (proxy, asked) in [("nginx", "X-Original"), ("caddy", "X-Forwarded"), ("traefik", "X-Forwarded")] {
        let path = format!("/auth/{id}/{proxy}");
        let uri = if proxy == "nginx" { "URI" } else { "Uri" };
        for (method, expected) in [("GET", 200), ("POST", 403)] {
            let asked = [format!("{asked}-Method: {method}"), format!("{asked}-{uri}: /v1/x")];
            let headers = [&asked[0], &asked[1], &bearer, &cookie];
            let options: Vec<_> = headers.iter().flat_map(|header| ["--header", header.as_str()]).collect();
            let (status, reply) = behind.send(GATEWAY, &path, &options);
            assert_eq!(status, expected, "{proxy} {method}: {reply}");
        }
    }
}

fn make_certificate(folder: &Path) -> PathBuf {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args([
            "-days",
            "2",
            "-subj",
            "/CN=keys.example.com",
            "-addext",
            "subjectAltName=DNS:keys.example.com",
        ])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder.join("cert.pem")
}

/// Puts the files of the test into a configuration.
fn with_certificate(configuration: &str, folder: &TempDir) -> String {
    let files = folder.path().display();
    let configuration =
        replaced(configuration, "/etc/ssl/certs/keys.example.com.pem", &format!("{files}/cert.pem"));
    replaced(&configuration, "/etc/ssl/private/keys.example.com.key", &format!("{files}/key.pem"))
}

#[track_caller]
fn replaced(configuration: &str, text: &str, instead: &str) -> String {
    assert_eq!(configuration.matches(text).count(), 1, "{text} in {configuration}");
    configuration.replace(text, instead)
}
