//! Who may read the description of the API, for each value of the setting.

use server::config::{DocsReaders, Network, Origin};

use crate::support::{TestServer, header, status};

const ADDRESSES: [&str; 2] = ["GET /openapi.json", "GET /docs"];

async fn statuses(server: &TestServer, headers: &str) -> [u16; 2] {
    let mut found = [0; 2];
    for (place, line) in found.iter_mut().zip(ADDRESSES) {
        *place = status(&server.send(line, headers).await);
    }
    found
}

#[tokio::test]
async fn without_a_public_address_local_clients_can_read() {
    let server = TestServer::start().await;
    assert_eq!(statuses(&server, "").await, [200, 200]);
    assert_eq!(header(&server.send("GET /docs", "").await, "cache-control").unwrap(), "public, max-age=300");
}

#[tokio::test]
async fn with_a_public_address_unauthenticated_clients_cannot_read() {
    let public = |settings: &mut server::config::ServeSettings| {
        settings.http.public_url = Some(Origin::parse("https://keys.example.com").unwrap());
    };
    let server = TestServer::with(public, |_| {}).await;
    assert_eq!(statuses(&server, "").await, [401, 401]);
    assert_eq!(statuses(&server, "X-Forwarded-For: 127.0.0.1\r\n").await, [401, 401]);
    assert_eq!(status(&server.send("GET /docs/style.css", "").await), 200);
}

#[tokio::test]
async fn behind_a_proxy_the_address_of_the_client_counts() {
    let proxied = |settings: &mut server::config::ServeSettings| {
        settings.http.trusted_proxies = vec![Network::parse("127.0.0.1").unwrap()];
    };
    let server = TestServer::with(proxied, |_| {}).await;
    assert_eq!(statuses(&server, "X-Forwarded-For: 203.0.113.9\r\n").await, [401, 401]);
    assert_eq!(statuses(&server, "X-Forwarded-For: 127.0.0.1, 203.0.113.9\r\n").await, [401, 401]);
    assert_eq!(statuses(&server, "X-Forwarded-For: ::1\r\n").await, [200, 200]);
}

#[tokio::test]
async fn addresses_of_proxies_and_clients_are_read_in_any_form() {
    for proxy in ["127.0.0.1", "::ffff:127.0.0.1", "::ffff:127.0.0.0/104"] {
        let proxied = |settings: &mut server::config::ServeSettings| {
            settings.http.trusted_proxies = vec![Network::parse(proxy).unwrap()];
        };
        let server = TestServer::with(proxied, |_| {}).await;
        for client in ["203.0.113.9:51234", "[2001:db8::1]:443", "203.0.113.9,", "\"203.0.113.9\"", "unknown"]
        {
            let header = format!("X-Forwarded-For: 127.0.0.9, {client}\r\n");
            assert_eq!(statuses(&server, &header).await, [401, 401], "{proxy} {client}");
        }
        for client in ["[::1]:443", "127.0.0.2:51234", "::ffff:127.0.0.2"] {
            assert_eq!(
                statuses(&server, &format!("X-Forwarded-For: {client}\r\n")).await,
                [200, 200],
                "{client}"
            );
        }
    }
}

#[tokio::test]
async fn each_value_of_the_setting_has_its_effect() {
    for (readers, expected) in [
        (DocsReaders::Open, [200, 200]),
        (DocsReaders::Local, [200, 200]),
        (DocsReaders::SignedIn, [401, 401]),
        (DocsReaders::Off, [404, 404]),
    ] {
        let server = TestServer::with(|settings| settings.docs = readers, |_| {}).await;
        assert_eq!(statuses(&server, "").await, expected, "{readers:?}");
        let style = status(&server.send("GET /docs/style.css", "").await);
        assert_eq!(style, if readers == DocsReaders::Off { 404 } else { 200 }, "{readers:?}");
    }
}
