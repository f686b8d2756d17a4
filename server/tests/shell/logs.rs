//! The log of the server process: its first line, and how to find out why a key was refused.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::binary::{Answer, Rest, Running, TestFolder, binary};
use crate::grpc_client::GrpcClient;

/// The longest time for a stopped server to end.
const ENDS_WITHIN: Duration = Duration::from_secs(30);

/// A running server with an organization, a revoked key and a gateway.
struct Trial {
    folder: TestFolder,
    server: Running,
    client: Client,
    admin: String,
    revoked: String,
    revoked_id: String,
    gateway: String,
}

impl Trial {
    async fn start(arguments: &[&str]) -> Self {
        let folder = TestFolder::new();
        let made = folder.bootstrap(&[]);
        let admin = made["admin_key"].as_str().unwrap().to_owned();
        let server = folder.start(arguments);
        let rest = Rest::new(&server.address, &admin);
        let Answer::Done(key) = rest.create("ci").await else { panic!("no key") };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let gateway = rest.send(Method::POST, "/v1/gateways", Some(json!({"name": "api"}))).await;
        let Answer::Done(gateway) = gateway else { panic!("{gateway:?}") };
        assert!(matches!(rest.revoke("ci").await, Answer::Done(_)));
        Self {
            client: Client::builder().no_proxy().build().unwrap(),
            revoked: text(&key["key"]),
            revoked_id: text(&key["key_id"]),
            gateway: text(&gateway["gateway_id"]),
            folder,
            server,
            admin,
        }
    }

    fn request(&self, method: Method, path: &str, key: &str, id: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.server.address));
        request.bearer_auth(key).header("x-request-id", id)
    }

    fn verify(&self, id: &str) -> RequestBuilder {
        let body = json!({ "key": self.revoked });
        self.request(Method::POST, "/v1/keys/verify", &self.admin, id).json(&body)
    }

    /// Stops the server, and returns everything that it has logged.
    async fn log(mut self) -> String {
        self.server.terminate();
        self.server.ended_within(ENDS_WITHIN).await.expect("it ends in time");
        self.folder.log()
    }
}

/// The line of a refused request.
#[track_caller]
fn refusal<'a>(log: &'a str, id: &str) -> &'a str {
    let id = format!("request.id=\"{id}\"");
    let mut lines = log.lines().filter(|line| line.contains(": refused ") && line.contains(&id));
    lines.next().unwrap_or_else(|| panic!("no refusal with {id}: {log}"))
}

#[track_caller]
fn assert_has(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part} in {line}");
    }
}

/// The operator's token is as secret as a key, wherever a client puts it.
#[tokio::test]
async fn what_is_not_http_is_logged_with_its_address_and_a_token_as_request_id_is_not() {
    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    let folder = TestFolder::new();
    std::fs::write(folder.path("token"), TOKEN).unwrap();
    std::fs::set_permissions(folder.path("token"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .unwrap();
    let mut server = folder.start(&["--operator-token-file", "token"]);
    let mut stream = std::net::TcpStream::connect(server.host()).unwrap();
    stream.write_all(b"\x16\x03\x01 no HTTP\r\n\r\n").unwrap();
    let _answer = std::io::copy(&mut stream, &mut std::io::sink());
    let client = Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}/v1/me", server.address)).header("x-request-id", TOKEN);
    let answer = request.send().await.unwrap();
    assert!(answer.headers()["x-request-id"].to_str().unwrap().starts_with("req_"));
    server.terminate();
    server.ended_within(ENDS_WITHIN).await.expect("it ends in time");
    let log = folder.log();
    let line = log.lines().find(|line| line.contains("not_http")).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("client.address=127.0.0.1") && !log.contains(TOKEN), "{log}");
}

#[tokio::test]
async fn a_refused_key_is_found_by_its_request_id_on_every_path() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let trial = Trial::start(&["--envoy-grpc-listen", &port.to_string()]).await;
    let key_id = format!("key.id=\"{}\"", trial.revoked_id);
    // The first one may be answered by the router and the later ones by the fast path.
    for id in ["verify-1", "verify-2", "verify-3"] {
        let answer: Value = trial.verify(id).send().await.unwrap().json().await.unwrap();
        assert_eq!((answer["code"].as_str(), answer["request_id"].as_str()), (Some("REVOKED"), Some(id)));
    }
    let introspection = trial
        .request(Method::POST, "/v1/introspect", &trial.admin, "introspect-1")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("token={}", trial.revoked));
    assert_eq!(introspection.send().await.unwrap().status(), StatusCode::OK);
    for (path, id) in
        [(format!("/auth/{}/nginx", trial.gateway), "gateway-1"), (unknown_gateway(), "gateway-2")]
    {
        let answer = trial.request(Method::GET, &path, &trial.revoked, id).send().await.unwrap();
        assert_eq!(answer.headers()["x-request-id"], id);
    }
    let mut grpc = GrpcClient::connect(port).await.unwrap();
    let bearer = format!("Bearer {}", trial.revoked);
    grpc.check(&trial.gateway, &[("authorization", &bearer), ("x-request-id", "grpc-1")]).await.unwrap();
    grpc.check("", &[("x-request-id", "grpc-2")]).await.unwrap();
    for (path, key, status, id) in [
        ("/v1/me", &trial.revoked, 401, "rest-1"),
        ("/v1/api-keys/key_0000000000000000000a", &trial.admin, 404, "rest-2"),
        ("/v1/nothing", &trial.admin, 404, "rest-3"),
    ] {
        let answer = trial.request(Method::GET, path, key, id).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
    let (secret, gateway) = (trial.revoked.clone(), format!("gateway.id=\"{}\"", trial.gateway));
    let log = trial.log().await;
    let client = "client.address=127.0.0.1";
    for id in ["verify-1", "verify-2", "verify-3"] {
        let route = "http.route=\"/v1/keys/verify\"";
        assert_has(refusal(&log, id), &["INFO", "reason=\"REVOKED\"", &key_id, route, client]);
    }
    assert_has(refusal(&log, "introspect-1"), &["reason=\"REVOKED\"", &key_id, "/v1/introspect", client]);
    let invalid = ["reason=\"invalid_key\"", "verdict=\"REVOKED\"", &key_id, &gateway];
    assert_has(refusal(&log, "gateway-1"), &invalid);
    assert_has(refusal(&log, "gateway-1"), &["http.route=\"/auth/{gateway_id}/nginx\"", client]);
    assert_has(
        refusal(&log, "gateway-2"),
        &["reason=\"unknown_gateway\"", "gateway.id=\"gw_0000000000000000000a\""],
    );
    assert_has(refusal(&log, "grpc-1"), &invalid);
    assert_has(refusal(&log, "grpc-2"), &["reason=\"unknown_gateway\"", "Authorization/Check"]);
    let refused = ["reason=\"UnauthorizedError\"", "verdict=\"REVOKED\"", &key_id, "http.status=401", client];
    assert_has(refusal(&log, "rest-1"), &refused);
    assert_has(
        refusal(&log, "rest-2"),
        &["reason=\"NotFoundError\"", "verdict=\"VALID\"", "http.status=404"],
    );
    assert_has(refusal(&log, "rest-3"), &["reason=\"NotFoundError\"", "http.method=\"GET\""]);
    assert!(!log.contains(&secret[..20]), "{log}");
}

fn unknown_gateway() -> String {
    "/auth/gw_0000000000000000000a/nginx".to_owned()
}

#[tokio::test]
async fn a_flood_of_refusals_is_sampled_and_counted_to_the_last() {
    const FLOOD: u64 = 300;
    let trial = Trial::start(&[]).await;
    for _ in 0..FLOOD {
        assert_eq!(trial.verify("flood").send().await.unwrap().status(), StatusCode::OK);
    }
    let log = trial.log().await;
    let lines = log.lines().filter(|line| line.contains(": refused ") && line.contains("reason=\"REVOKED\""));
    let (mut written, mut left_out) = (0, 0);
    for line in lines {
        written += u64::from(line.contains("request.id=\"flood\""));
        let number = line.split_once("left_out=").map(|(_, rest)| rest.split(' ').next().unwrap_or_default());
        left_out += number.map_or(0, |number| number.parse::<u64>().unwrap());
    }
    assert_eq!(written + left_out, FLOOD, "{log}");
}

#[tokio::test]
async fn the_first_line_says_what_starts_and_where() {
    for format in ["text", "json"] {
        let folder = TestFolder::new();
        let database = format!("sqlite:{}", folder.path("keys.db").display());
        let arguments =
            ["--log-format", format, "--envoy-grpc-listen", "127.0.0.1:0", "--database-url", &database];
        let server = folder.start(&arguments);
        let log = folder.log();
        let line = log.lines().next().unwrap();
        let place = folder.path("").display().to_string();
        let parts =
            ["Keystead is starting", env!("CARGO_PKG_VERSION"), server.host(), "SQLite", "envoy_grpc_listen"];
        assert_has(line, &parts);
        assert_has(line, &[place.trim_end_matches('/')]);
        if format == "json" {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!((&line["listen"], &line["database"]), (&json!(server.host()), &json!("SQLite")));
        }
    }
}

#[tokio::test]
async fn probes_are_not_logged_at_any_level() {
    let trial = Trial::start(&["--log", "trace"]).await;
    for path in ["/healthz", "/readyz", "/docs/style.css"] {
        trial.request(Method::GET, path, "none", "probe").send().await.unwrap();
    }
    let log = trial.log().await;
    let own: Vec<_> = log.lines().filter(|line| line.contains(" server::")).collect();
    assert!(own.iter().any(|line| line.contains("/docs/style.css")), "{log}");
    assert!(!own.iter().any(|line| line.contains("/healthz") || line.contains("/readyz")), "{own:?}");
}

/// On a busy machine, the thread that writes gets its turn late. Here, nobody reads what it writes at first.
#[test]
fn the_last_sentence_of_a_command_is_not_lost() {
    let folder = TestFolder::new();
    folder.bootstrap(&[]);
    let (reader, mut writer) = std::io::pipe().unwrap();
    let errors = writer.try_clone().unwrap();
    let mut command = folder.command(&binary());
    command.args(["admin-key", "--email", "nobody@acme.example"]).stdout(Stdio::null()).stderr(errors);
    // Keeps the pipe full until it is read, whatever its size is.
    let full = std::thread::spawn(move || writer.write_all(&vec![b' '; 1 << 20]));
    let mut child = command.spawn().unwrap();
    drop(command);
    for _ in 0..50 {
        std::thread::park_timeout(Duration::from_millis(20));
        if child.try_wait().unwrap().is_some() {
            break;
        }
    }
    let said = std::io::read_to_string(reader).unwrap();
    assert!(said.contains("keystead: "), "{:?}", said.trim());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    full.join().unwrap().unwrap();
}
