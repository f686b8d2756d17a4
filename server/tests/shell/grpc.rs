//! The port for Envoy has the same limits as the other port.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use server::boot::Server;
use server::config::ServeSettings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::grpc_client::{Checked, GrpcClient, TOO_LONG};
use crate::support::TestServer;

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(5);
/// The preface of HTTP/2 and an empty SETTINGS frame.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Starts a server with a port for Envoy, and returns its address.
async fn start(
    change_settings: impl FnOnce(&mut ServeSettings),
    change_server: impl FnOnce(&mut Server),
) -> (TestServer, SocketAddr) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let change = |settings: &mut ServeSettings| {
        settings.http.envoy_grpc_listen = Some(address);
        change_settings(settings);
    };
    (TestServer::with(change, change_server).await, address)
}

/// Asks about a gateway that does not exist. The server answers that it is unknown.
async fn ask(client: &mut GrpcClient) -> Checked {
    client.check("gw_00000000000000000000", &[]).await.unwrap()
}

fn unknown() -> Checked {
    Checked::Denied(403, "unknown_gateway".to_owned())
}

#[tokio::test]
async fn idle_grpc_connections_do_not_block_new_clients() {
    let change = |settings: &mut ServeSettings| {
        settings.http.connections_max = 20;
        settings.http.header_timeout = Duration::from_hours(1);
    };
    let (_server, address) = start(change, |_| {}).await;
    for beginning in [b"" as &[u8], &PREFACE[..10], PREFACE] {
        let mut crowd = Vec::new();
        for _ in 0..60 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            // Writing may fail, because the server may have closed the connection already.
            let _sent = stream.write_all(beginning).await;
            crowd.push(stream);
        }
        let mut client = GrpcClient::connect(address).await.unwrap();
        assert_eq!(timeout(LONG, ask(&mut client)).await.unwrap(), unknown());
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_for_a_new_one() {
    let (_server, address) = start(|settings| settings.http.connections_max = 1, |_| {}).await;
    let mut first = GrpcClient::connect(address).await.unwrap();
    assert_eq!(ask(&mut first).await, unknown());
    let mut second = GrpcClient::connect(address).await.unwrap();
    assert_eq!(timeout(LONG, ask(&mut second)).await.unwrap(), unknown());
    timeout(LONG, first.ended()).await.expect("an end");
}

#[tokio::test]
async fn a_connection_without_requests_is_closed() {
    let (_server, address) = start(|settings| settings.http.header_timeout = SHORT, |_| {}).await;
    for beginning in [b"" as &[u8], &PREFACE[..10], PREFACE] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        let started = Instant::now();
        let mut answer = Vec::new();
        let _reset_or_end = timeout(LONG, stream.read_to_end(&mut answer)).await.expect("an end");
        let elapsed = started.elapsed();
        assert!(elapsed > SHORT.mul_f32(0.9) && elapsed < SHORT + Duration::from_secs(1), "{elapsed:?}");
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_at_its_limit_but_not_while_in_use() {
    let (_server, address) = start(|_| {}, |server| server.limits.idle = SHORT).await;
    let mut client = GrpcClient::connect(address).await.unwrap();
    for _ in 0..5 {
        assert_eq!(ask(&mut client).await, unknown());
        sleep(SHORT / 2).await;
    }
    let started = Instant::now();
    timeout(LONG, client.ended()).await.expect("an end");
    assert!(started.elapsed() < SHORT + Duration::from_secs(1));
    assert_eq!(ask(&mut GrpcClient::connect(address).await.unwrap()).await, unknown());
}

#[tokio::test]
async fn a_message_that_is_too_long_is_refused_and_the_next_one_answered() {
    let (_server, address) = start(|_| {}, |_| {}).await;
    let mut client = GrpcClient::connect(address).await.unwrap();
    let long = "x".repeat(300 * 1024);
    let Checked::Failed(code) = client.check("gw_1", &[("x-long", &long)]).await.unwrap() else {
        panic!("it was read");
    };
    assert!(TOO_LONG.contains(&code), "{code}");
    assert_eq!(ask(&mut client).await, unknown());
}

#[tokio::test]
async fn a_connected_envoy_does_not_delay_the_stop() {
    let (server, address) = start(|_| {}, |_| {}).await;
    let mut client = GrpcClient::connect(address).await.unwrap();
    assert_eq!(ask(&mut client).await, unknown());
    let (stopped, _data) = server.stop();
    timeout(Duration::from_secs(3), stopped).await.expect("nothing to wait for").unwrap();
}
