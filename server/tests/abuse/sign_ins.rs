//! Many clients that sign in at once, and clients that disconnect without waiting for the answer.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::TURN;
use crate::binary::{ADMIN, Running, TestFolder};

const PASSWORD: &str = "correct horse battery";
const CROWD: usize = 300;

/// Starts a server that trusts the client addresses of a proxy on this machine. Its admin can sign in with a password.
fn start(place: &TestFolder) -> Running {
    std::fs::write(place.path("password"), PASSWORD).unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(place.path("password"), private).unwrap();
    place.bootstrap(&["--password-file", place.path("password").to_str().unwrap()]);
    place.start(&["--trusted-proxies", "127.0.0.1"])
}

async fn sign_in(address: String, email: String, password: &'static str, client: String) -> StatusCode {
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(2)).build().unwrap();
    let request = http
        .post(format!("{address}/console/api/session/sign_in"))
        .header("origin", &address)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", client)
        .body(format!("email={email}&password={password}"));
    request.send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_signs_in_does_not_lock_out_an_admin_from_elsewhere() {
    let _turn = TURN.lock().await;
    let place = TestFolder::new();
    let server = start(&place);
    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        let (email, client) = (format!("{number}@acme.example"), format!("[2001:db8::{number:x}]:443"));
        crowd.spawn(sign_in(server.address.clone(), email, "wrong", client));
    }
    let admin = sign_in(server.address.clone(), ADMIN.into(), PASSWORD, "198.51.100.7:4711".into()).await;
    assert_eq!(admin, StatusCode::OK);
    let mut answers = std::collections::BTreeMap::new();
    while let Some(status) = crowd.join_next().await {
        *answers.entry(status.unwrap().as_u16()).or_insert(0) += 1;
    }
    println!("the crowd was answered {answers:?}");
    assert!(answers.keys().all(|status| [401, 429].contains(status)), "{answers:?}");
    assert!(answers[&429] >= CROWD - 60 - 18, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abandoned_sign_ins_block_nobody() {
    let _turn = TURN.lock().await;
    let place = TestFolder::new();
    let server = start(&place);
    for number in 0..900 {
        let body = format!("email={number}@acme.example&password=wrong");
        let head = format!(
            "POST /console/api/session/sign_in HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nX-Forwarded-For: 10.{}.{}.1\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            server.host(),
            server.address,
            number / 250,
            number % 250,
            body.len()
        );
        let mut stream = TcpStream::connect(server.host()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
    }
    let admin = sign_in(server.address.clone(), ADMIN.into(), PASSWORD, "198.51.100.7".into()).await;
    assert_eq!(admin, StatusCode::OK);
}
