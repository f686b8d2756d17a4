//! Requests whose last byte arrives after their credential has ended.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::binary::{Answer, Rest, TestFolder};
use crate::ends::{End, Victim};

/// A request whose last byte is still to be sent. The server has already checked its credential, because it has asked
/// for the body.
struct HeldBack {
    stream: TcpStream,
    last: u8,
}

impl HeldBack {
    async fn begin(host: &str, path: &str, secret: &str, body: &Value) -> Self {
        let body = body.to_string();
        let mut stream = TcpStream::connect(host).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nExpect: 100-continue\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut asked = [0; 25];
        stream.read_exact(&mut asked).await.unwrap();
        assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
        let (last, first) = body.as_bytes().split_last().unwrap();
        stream.write_all(first).await.unwrap();
        Self { stream, last: *last }
    }

    /// Sends the last byte, and returns the status of the answer.
    async fn finish(mut self) -> u16 {
        self.stream.write_all(&[self.last]).await.unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_outlasts_its_key_changes_nothing() {
    let place = TestFolder::new();
    let admin = place.bootstrap(&[])["admin_key"].as_str().unwrap().to_owned();
    let server = place.start(&[]);
    let rest = Rest::new(&server.address, &admin);
    for (number, how) in End::ALL.into_iter().enumerate() {
        let victim = Victim::admin(&rest, number).await;
        let name = format!("made by {number}");
        let body = json!({"name": name, "permissions": ["admin"]});
        let creating = HeldBack::begin(server.host(), &Rest::keys(), &victim.secret, &body).await;
        let verify_request = json!({"key": admin});
        let verifying =
            HeldBack::begin(server.host(), "/v1/keys/verify", &victim.secret, &verify_request).await;
        victim.end(&rest, how).await;
        let (created, verified) = (creating.finish().await, verifying.finish().await);
        let is_refused = |status| status == 401 || status == 403;
        assert!(is_refused(created), "{how:?}: {created}");
        // A key that was narrowed to the permission read may not verify other keys either.
        assert!(is_refused(verified), "{how:?}: {verified}");
        let Answer::Done(listed) = rest.send(Method::GET, &Rest::keys(), None).await else {
            panic!("a list")
        };
        assert!(!listed.to_string().contains(&name), "{how:?}");
    }
}
