//! Kills the server while it revokes the many keys of a suspended owner in batches.

use std::path::Path;

use reqwest::Method;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::binary::{Answer, Rest, TestFolder};

const KEYS: usize = 450;
const CALLERS: usize = 6;
const BOB: &str = "/v1/organizations/users/bob@acme.example";

async fn done(rest: &Rest, method: Method, path: &str, body: Option<Value>) -> Value {
    match rest.send(method, path, body).await {
        Answer::Done(body) => body,
        other => panic!("{path}: {other:?}"),
    }
}

/// Creates keys of the member, with several clients at once.
async fn make_keys(rest: &Rest) -> Vec<String> {
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let rest = rest.clone();
        callers.spawn(async move {
            let mut secrets = Vec::new();
            for number in (caller..KEYS).step_by(CALLERS) {
                let body = json!({"name": format!("key {number}"), "permissions": ["write"]});
                let made = done(&rest, Method::POST, &format!("{BOB}/api-keys"), Some(body)).await;
                secrets.push(made["key"].as_str().unwrap().to_owned());
            }
            secrets
        });
    }
    callers.join_all().await.concat()
}

/// Returns how many keys of the member are stored as active, and how many keys have an audit record of their
/// revocation.
fn stored(file: &Path) -> (i64, i64) {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    (
        number(
            "SELECT count(*) FROM keys JOIN users USING (user_id) WHERE email LIKE 'bob%' AND keys.status = 'active'",
        ),
        number("SELECT count(DISTINCT resource_id) FROM audit_events WHERE action = 'api_key_revoked'"),
    )
}

async fn active(rest: &Rest) -> usize {
    done(rest, Method::GET, &format!("{BOB}/api-keys"), None).await["results"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_revocation_is_finished_after_kills_and_revives_no_key() {
    let place = TestFolder::new();
    let made = place.bootstrap(&[]);
    let admin_key = made["admin_key"].as_str().unwrap();
    let arguments = ["--rate-limit-default", "2000000000"];
    let mut server = place.start(&arguments);
    let mut rest = Rest::new(&server.address, admin_key);
    let body = json!({"email": "bob@acme.example", "user_name": "Bob"});
    done(&rest, Method::POST, "/v1/organizations/users", Some(body)).await;
    let secrets = make_keys(&rest).await;
    let sample = || secrets.iter().step_by(50);
    for secret in sample() {
        assert!(rest.accepts(secret).await);
    }
    for status in ["suspended", "active"] {
        done(&rest, Method::PATCH, BOB, Some(json!({"status": status}))).await;
    }
    let mut revoked = 0;
    for _ in 0..3 {
        server.kill();
        let (left, records) = stored(&place.database());
        assert_eq!(usize::try_from(left + records).unwrap(), KEYS, "a batch is whole or absent");
        assert!(records >= revoked);
        revoked = records;
        server = place.start(&arguments);
        rest = Rest::new(&server.address, admin_key);
        assert_eq!(active(&rest).await, 0);
        for secret in sample() {
            assert!(!rest.accepts(secret).await);
        }
    }
    let body = json!({"name": "key 0", "permissions": ["write"]});
    let new = done(&rest, Method::POST, &format!("{BOB}/api-keys"), Some(body)).await;
    while stored(&place.database()) != (1, i64::try_from(KEYS).unwrap()) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(rest.accepts(new["key"].as_str().unwrap()).await);
    for secret in &secrets {
        assert!(!rest.accepts(secret).await);
    }
    assert_eq!(active(&rest).await, 1);
}
