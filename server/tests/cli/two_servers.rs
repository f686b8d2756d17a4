//! Several servers on one database: a request that is repeated at another server is carried out once.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use service::testing::TestBed;

use crate::program::{Program, Running};

const KEYS: &str = "/v1/organizations/users/ada%40acme.example/api-keys";

struct Answer {
    status: u16,
    is_repeated: bool,
    body: Value,
}

async fn post(server: &Running, key: &Value, path: &str, name: &str, body: &Value) -> Answer {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("{}{path}", server.address)).bearer_auth(key.as_str().unwrap());
    let response = request.header("idempotency-key", name).json(body).send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        is_repeated: response.headers().get("idempotent-replayed").is_some_and(|value| value == "true"),
        body: response.json().await.unwrap(),
    }
}

async fn get(server: &Running, key: &Value, path: &str) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}{path}", server.address)).bearer_auth(key.as_str().unwrap());
    request.send().await.unwrap().json().await.unwrap()
}

/// Creates and rotates a key at one server and repeats both requests at another, which must return the same answers.
async fn repeat(one: &Running, other: &Running, admin: &Value) {
    let mut path = KEYS.to_owned();
    for body in [json!({"name": "ci"}), json!({"grace_period_seconds": 0})] {
        let first = post(one, admin, &path, "a", &body).await;
        assert_eq!((first.status, first.is_repeated), (200, false), "{}", first.body);
        for server in [other, one] {
            let again = post(server, admin, &path, "a", &body).await;
            assert_eq!((again.status, again.is_repeated), (200, true), "{}", again.body);
            assert_eq!(again.body, first.body);
        }
        for server in [one, other] {
            assert_eq!(server.status("/v1/me", &first.body["key"]).await, 200);
        }
        path = format!("{KEYS}/ci/rotate");
    }
    let keys = get(other, admin, KEYS).await;
    assert_eq!(keys["total"], 2, "the new key and the admin's: {keys}");
}

/// Creates a key at one server and repeats the request at another, which must report that it cannot repeat the answer.
async fn repeat_without_the_key(one: &Running, other: &Running, admin: &Value) {
    let mut path = KEYS.to_owned();
    for body in [json!({"name": "ci"}), json!({"grace_period_seconds": 0})] {
        let first = post(one, admin, &path, "a", &body).await;
        assert_eq!(first.status, 200, "{}", first.body);
        let again = post(other, admin, &path, "a", &body).await;
        assert_eq!((again.status, again.is_repeated), (409, false), "{}", again.body);
        assert_eq!(again.body["error"]["type"], "ConflictError");
        let message = again.body["error"]["message"].as_str().unwrap();
        assert!(
            message.contains("Idempotency-Key") && message.contains("cannot be returned again"),
            "{message}"
        );
        assert_eq!(other.status("/v1/me", &first.body["key"]).await, 200, "the secret is still the first");
        path = format!("{KEYS}/ci/rotate");
    }
    assert_eq!(get(other, admin, KEYS).await["total"], 2, "nothing was made twice");
}

fn bootstrap(program: &Program, more: &[&str]) -> Value {
    let arguments = [&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"], more].concat();
    program.run_json(&arguments)["admin_key"].clone()
}

fn seal_key(program: &Program, name: &str, digit: &str) -> String {
    let file = program.path(name);
    std::fs::write(&file, digit.repeat(64)).unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    file.display().to_string()
}

#[tokio::test]
async fn with_one_seal_key_a_server_repeats_the_response_of_another() {
    let (program, bed) = (Program::new(), TestBed::postgres().await);
    let url = bed.database.url().to_string();
    let file = seal_key(&program, "seal.key", "5");
    let start = || program.serve(&["--database-url", &url, "--seal-key-file", &file]);
    let (one, other) = (start(), start());
    repeat(&one, &other, &bootstrap(&program, &["--database-url", &url])).await;
}

#[tokio::test]
async fn on_one_file_the_seal_key_is_shared_and_survives_a_restart() {
    let program = Program::new();
    let admin = bootstrap(&program, &[]);
    let (one, other) = (program.serve(&[]), program.serve(&[]));
    repeat(&one, &other, &admin).await;
    drop((one, other));
    let next = program.serve(&[]);
    let again = post(&next, &admin, KEYS, "a", &json!({"name": "ci"})).await;
    assert_eq!((again.status, again.is_repeated), (200, true), "{}", again.body);
}

#[tokio::test]
async fn without_the_seal_key_a_server_refuses_to_create_a_second_secret() {
    let (program, bed) = (Program::new(), TestBed::postgres().await);
    let url = bed.database.url().to_string();
    let own = program.serve(&["--database-url", &url]);
    let other = program.serve(&["--database-url", &url]);
    repeat_without_the_key(&own, &other, &bootstrap(&program, &["--database-url", &url])).await;
}

#[tokio::test]
async fn with_another_seal_key_a_server_refuses_to_create_a_second_secret() {
    let (program, bed) = (Program::new(), TestBed::postgres().await);
    let url = bed.database.url().to_string();
    let files = [seal_key(&program, "one.key", "5"), seal_key(&program, "other.key", "6")];
    let [one, other] = files.map(|file| program.serve(&["--database-url", &url, "--seal-key-file", &file]));
    repeat_without_the_key(&one, &other, &bootstrap(&program, &["--database-url", &url])).await;
}
