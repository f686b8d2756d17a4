//! A full disk: changes are refused with one sentence, verifications go on, and nothing that was acknowledged is lost.
//!
//! The disk is a real file system of a few megabytes. Where a test may not mount one, these tests are skipped and say
//! so.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use server::api::ROUTES;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::binary::{ADMIN, Answer, Rest, Running, SmallDisk, TestFolder, binary};
use crate::node::{PASSWORD, client, free_address};
use crate::page::Page;

const OPERATOR: &str = "0123456789abcdef0123456789abcdef";
const FULL: &str =
    "The disk of the database is full, so changes cannot be saved until the operator makes room.";
/// Routes that change nothing although they are asked with POST.
const ASKING: [&str; 3] = ["/v1/keys/verify", "/v1/keys/verify/batch", "/v1/introspect"];
/// The longest time that a test waits for the server to notice that there is room.
const NOTICED_WITHIN: Duration = Duration::from_mins(1);

/// A server whose data are on a small disk.
struct Node<'a> {
    disk: &'a SmallDisk,
    folder: TestFolder,
    server: Running,
    metrics: String,
    admin: String,
    rest: Rest,
}

impl<'a> Node<'a> {
    fn start(disk: &'a SmallDisk) -> Self {
        let folder = TestFolder::new();
        write_secret(&folder, "password", PASSWORD);
        write_secret(&folder, "operator", OPERATOR);
        let mut bootstrap = disk.command(&folder, &binary());
        bootstrap.args([
            "bootstrap",
            "--organization",
            "Acme",
            "--email",
            ADMIN,
            "--password-file",
            "password",
        ]);
        let output = bootstrap.arg("--data-dir").arg(disk.path("data")).output().unwrap();
        let made: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        let admin = made["admin_key"].as_str().unwrap().to_owned();
        let (server, metrics) = serve(disk, &folder);
        let rest = Rest::new(&server.address, &admin);
        Self { disk, folder, server, metrics, admin, rest }
    }

    /// Starts the server again. Its write-ahead log is new, so there is no room in it that could be used again.
    async fn restart(&mut self) {
        self.server.terminate();
        self.server.ended_within(NOTICED_WITHIN).await.unwrap();
        (self.server, self.metrics) = serve(self.disk, &self.folder);
        self.rest = Rest::new(&self.server.address, &self.admin);
        self.wait_for("keystead_key_cache_complete", 1.0).await;
    }

    async fn metric(&self, name: &str) -> f64 {
        let page = client().get(format!("http://{}/metrics", self.metrics)).send().await.unwrap();
        Page::of(page.text().await.unwrap()).value(name)
    }

    async fn wait_for(&self, name: &str, value: f64) {
        let shown = async {
            while self.metric(name).await != value {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(NOTICED_WITHIN, shown).await.unwrap();
    }

    async fn wait_for_line(&self, part: &str) {
        let logged = async {
            while !self.folder.log().contains(part) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(NOTICED_WITHIN, logged).await.unwrap_or_else(|_| panic!("{part}: {}", self.folder.log()));
    }

    async fn send(&self, credential: &str, method: &str, path: &str, body: Option<Value>) -> Response {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = client().request(method, format!("{}{path}", self.server.address));
        let request = request.bearer_auth(credential);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        request.send().await.unwrap()
    }

    /// Sends a request of the admin that succeeds, and returns the body.
    async fn make(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let response = self.send(&self.admin, method, path, body).await;
        assert_eq!(response.status(), 200, "{method} {path}");
        response.json().await.unwrap()
    }

    /// Sends the form of a server function of the console.
    async fn console(&self, function: &str, cookie: &str, form: &str) -> Response {
        let request = client().post(format!("{}/console/api/{function}", self.server.address));
        let request = request.header("origin", &self.server.address).header("accept", "application/json");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.header("cookie", cookie).body(form.to_owned()).send().await.unwrap()
    }
}

fn serve(disk: &SmallDisk, folder: &TestFolder) -> (Running, String) {
    let metrics = free_address();
    let mut command = disk.command(folder, &binary());
    command.args(["serve", "--listen", "127.0.0.1:0", "--metrics-listen", &metrics]);
    command.args(["--operator-token-file", "operator", "--data-dir"]).arg(disk.path("data"));
    let server =
        folder.spawn_command(command).ready().unwrap_or_else(|| panic!("no start: {}", folder.log()));
    (server, metrics)
}

fn write_secret(folder: &TestFolder, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(folder.path(name), text).unwrap();
    std::fs::set_permissions(folder.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// `None` where a test may not mount a file system.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn small_disk(size: &str) -> Option<SmallDisk> {
    let disk = SmallDisk::mount(size);
    if disk.is_none() {
        eprintln!("skipped: this system does not let a test mount a file system");
    }
    disk
}

/// A valid body for every request that has one.
fn body(method: &str, path: &str) -> Option<Value> {
    let new_user = json!({"email": "new@acme.example", "user_name": "New"});
    Some(match (method, path) {
        (_, "/v1/private/organizations/add-user") => {
            json!({"organization_identifier": "{organization_id}", "users": [new_user]})
        }
        ("POST", "/v1/private/organizations") => json!({"organization_name": "New", "users": [new_user]}),
        ("POST", "/v1/organizations/users") => new_user,
        (_, "/v1/service-accounts" | "/v1/service-accounts/{id}") if method != "DELETE" => {
            json!({"name": "new", "permissions": ["apikey:read"]})
        }
        ("PATCH", "/v1/gateways/{gateway_id}") => json!({"name": "renamed"}),
        ("PATCH", "/v1/organizations/users/{user_email}") => json!({"role": "viewer"}),
        ("PATCH", "/v1/organizations/audit/settings") => json!({"read_auditing_enabled": true}),
        ("PATCH", "/v1/organizations" | "/v1/private/organizations/{organization_id}") => {
            json!({"organization_name": "Renamed"})
        }
        ("PATCH", _) => json!({"description": "new"}),
        ("POST", path) if path.ends_with("/rotate") || path.ends_with("/bootstrap-key") => return None,
        ("POST", _) => json!({"name": "new"}),
        _ => return None,
    })
}

async fn assert_full(response: Response, what: &str) {
    assert_eq!(response.status(), 507, "{what}");
    assert!(!response.headers().contains_key("retry-after"), "{what}");
    let body: Value = response.json().await.unwrap();
    // The two groups of endpoints have different envelopes.
    if body["code"] == 507 {
        assert_eq!(body["message"], FULL, "{what}: {body}");
    } else {
        assert_eq!(body["error"]["type"], "InsufficientStorageError", "{what}: {body}");
        assert_eq!(body["error"]["message"], FULL, "{what}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_ends_changes_but_not_verifications_and_the_server_recovers_by_itself() {
    let Some(disk) = small_disk("24m") else { return };
    let mut node = Node::start(&disk);
    let organization = node.make("GET", "/v1/organizations", None).await["organization_id"].clone();
    node.make(
        "POST",
        "/v1/organizations/users",
        Some(json!({"email": "bob@acme.example", "user_name": "Bob"})),
    )
    .await;
    let gateway = node.make("POST", "/v1/gateways", Some(json!({"name": "api"}))).await["gateway_id"].clone();
    let account = json!({"name": "robot", "permissions": ["apikey:read"]});
    let account = node.make("POST", "/v1/service-accounts", Some(account)).await["data"]["id"].clone();
    let key = node.make("POST", "/v1/api-keys", Some(json!({"name": "ci"}))).await["data"].clone();
    let (key_id, secret) = (key["id"].as_str().unwrap(), key["key"].as_str().unwrap());
    let signed_in = node.console("session/sign_in", "", &format!("email={ADMIN}&password={PASSWORD}")).await;
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();

    node.restart().await;
    disk.fill(0);
    let fill = |text: &str, name: &str, value: &str| text.replace(&format!("{{{name}}}"), value);
    for route in ROUTES.iter().filter(|route| !ASKING.contains(&route.path)) {
        for endpoint in route.endpoints.iter().filter(|endpoint| endpoint.method != "GET") {
            let id = if route.path.starts_with("/v1/api-keys") { key_id } else { account.as_str().unwrap() };
            let user = if route.path.contains("key") { ADMIN } else { "bob@acme.example" };
            let filled = |text: String| {
                let text = fill(&text, "organization_id", organization.as_str().unwrap());
                let text = fill(&fill(&text, "gateway_id", gateway.as_str().unwrap()), "user_email", user);
                fill(&fill(&text, "id", id), "key_name", "ci")
            };
            let body = body(endpoint.method, route.path).map(|body| filled(body.to_string()));
            let body = body.map(|body| serde_json::from_str(&body).unwrap());
            let credential = if route.path.starts_with("/v1/private") { OPERATOR } else { &node.admin };
            let path = filled(route.path.to_owned());
            let response = node.send(credential, endpoint.method, &path, body).await;
            assert_full(response, &format!("{} {}", endpoint.method, route.path)).await;
        }
    }
    let repeatable = client().post(format!("{}/v1/api-keys", node.server.address)).bearer_auth(&node.admin);
    let repeatable = repeatable.header("idempotency-key", "once").json(&json!({"name": "once"}));
    assert_full(repeatable.send().await.unwrap(), "with an idempotency key").await;

    for (function, form) in [
        ("session/sign_in", format!("email={ADMIN}&password={PASSWORD}")),
        ("organization/update", "organization_name=Acme 2".to_owned()),
    ] {
        let refused = node.console(function, &cookie, &form).await;
        assert_eq!(refused.status(), 507, "{function}");
        assert!(refused.text().await.unwrap().contains(FULL), "{function}");
    }
    assert_eq!(node.metric("keystead_disk_full").await, 1.0);
    let ready = client().get(format!("{}/readyz", node.server.address)).send().await.unwrap();
    assert_eq!(
        (ready.status().as_u16(), ready.text().await.unwrap().as_str()),
        (200, r#"{"status":"ok","disk":"full"}"#)
    );

    let verified = node.make("POST", "/v1/keys/verify", Some(json!({ "key": secret }))).await;
    assert_eq!(verified["code"], "VALID");
    let asked = client().get(format!("{}/auth/{}/caddy", node.server.address, gateway.as_str().unwrap()));
    let asked = asked.header("x-forwarded-method", "GET").header("x-forwarded-uri", "/").bearer_auth(secret);
    assert_eq!(asked.send().await.unwrap().status(), 200);
    assert_eq!(node.make("GET", "/v1/api-keys", None).await["data"]["items"].as_array().unwrap().len(), 2);
    assert!(node.metric("keystead_write_behind_items{queue=\"verified_uses\"}").await > 0.0);
    node.wait_for_line("the disk of the database is full; make room").await;

    disk.free();
    node.wait_for("keystead_disk_full", 0.0).await;
    node.wait_for_line("the disk of the database has room again").await;
    let ready = client().get(format!("{}/readyz", node.server.address)).send().await.unwrap();
    assert_eq!(ready.text().await.unwrap(), r#"{"status":"ok"}"#);
    node.make("POST", "/v1/api-keys", Some(json!({"name": "afterwards"}))).await;
    node.wait_for("keystead_write_behind_items{queue=\"verified_uses\"}", 0.0).await;
    let written = node.make("GET", &format!("/v1/api-keys/{key_id}"), None).await;
    assert!(written["data"]["lastUsedAt"].is_string(), "{written}");
}

/// The disk becomes full in the middle of shared commits. All changes of a commit that fails are refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_was_acknowledged_while_the_disk_became_full_is_there_and_no_other() {
    let Some(disk) = small_disk("24m") else { return };
    let mut node = Node::start(&disk);
    node.restart().await;
    disk.fill(600_000);
    let mut callers = JoinSet::new();
    for caller in 0..8 {
        let rest = node.rest.clone();
        callers.spawn(async move {
            let mut made = Vec::new();
            for number in 0..500 {
                let name = format!("key {caller} {number}");
                match rest.create(&name).await {
                    Answer::Done(_) => made.push(name),
                    Answer::Refused(507) => return made,
                    other => panic!("{other:?}"),
                }
            }
            panic!("the disk was never full");
        });
    }
    let made: BTreeSet<_> = callers.join_all().await.into_iter().flatten().collect();
    assert!(made.len() >= 8, "{}", made.len());
    node.server.signal("-KILL");
    node.server.ended_within(NOTICED_WITHIN).await.unwrap();
    disk.free();
    (node.server, node.metrics) = serve(&disk, &node.folder);
    node.rest = Rest::new(&node.server.address, &node.admin);
    let list = node.make("GET", &Rest::keys(), None).await;
    let names =
        list["results"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned());
    let there: BTreeSet<_> = names.filter(|name| name.starts_with("key ")).collect();
    assert_eq!(there, made);
}
