//! A PostgreSQL server that cannot be used is refused at the start, with a sentence that says what to do.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use store::testing::{Cluster, Outage};
use store::{Error, Settings, Store, Target};
use tokio::task::spawn_blocking;
use url::Url;

async fn open(url: &str) -> Result<Store, Error> {
    let target = Target::Postgres(Url::parse(url).unwrap());
    Store::open(Settings { target, connections_max: 2 }).await
}

/// The sentence with which a URL is refused.
async fn refusal(url: &str) -> String {
    match open(url).await {
        Err(Error::Settings(sentence)) => sentence,
        other => panic!("{url}: {other:?}"),
    }
}

async fn cluster() -> Cluster {
    spawn_blocking(Cluster::start).await.unwrap()
}

/// The pool would report only a timeout, so the words show that it was not asked.
#[tokio::test]
async fn an_address_without_a_server_is_named_with_the_reason() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let sentence = refusal(&format!("postgres://u@{free}/k")).await;
    assert!(sentence.contains(&format!("nothing listens at {free}")), "{sentence}");
    let sentence = refusal("postgres://u@no-such-host.invalid/k").await;
    assert!(
        sentence.contains("the host no-such-host.invalid in the database URL is not known"),
        "{sentence}"
    );
    let sentence = refusal("postgres://u@localhost/k?host=/nonexistent").await;
    assert!(sentence.contains("there is no socket /nonexistent/.s.PGSQL.5432"), "{sentence}");
}

#[tokio::test]
async fn a_server_that_is_not_postgresql_is_recognized() {
    for answer in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"", b"-ERR unknown command\r\n"] {
        for mode in ["prefer", "disable", "require"] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let server = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let _request = stream.read(&mut [0; 1024]).unwrap();
                stream.write_all(answer).unwrap();
            });
            let sentence = refusal(&format!("postgres://u@{address}/k?sslmode={mode}")).await;
            assert!(
                sentence.contains(&format!("{address} is not PostgreSQL")),
                "{mode} {answer:?}: {sentence}"
            );
            server.join().unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused_with_the_setting_for_trusted_networks() {
    let cluster = cluster().await;
    let mut url = cluster.url();
    url.set_query(Some("sslmode=verify-full"));
    let sentence = refusal(url.as_str()).await;
    assert!(sentence.contains("has no TLS") && sentence.contains("sslmode=disable"), "{sentence}");
}

#[tokio::test]
async fn a_role_without_the_right_to_create_tables_is_told_what_to_run() {
    let cluster = cluster().await;
    cluster.run("CREATE ROLE \"key stead\" LOGIN");
    let mut url = cluster.url();
    url.set_username("key%20stead").unwrap();
    let store = open(url.as_str()).await.unwrap();
    let Err(Error::Settings(sentence)) = store.migrate().await else { panic!("it must be refused") };
    let (_, grant) = sentence.rsplit_once(": ").unwrap();
    assert_eq!(grant, "GRANT USAGE, CREATE ON SCHEMA public TO \"key stead\"");
    cluster.run(grant);
    assert!(!store.migrate().await.unwrap().applied.is_empty());
}

#[tokio::test]
async fn refusals_of_the_server_are_passed_on_with_what_to_do() {
    let cluster = cluster().await;
    let mut url = cluster.url();
    url.set_path("nothing");
    let sentence = refusal(url.as_str()).await;
    assert!(sentence.contains("\"nothing\" does not exist; create the database"), "{sentence}");

    cluster.run("CREATE ROLE locked LOGIN PASSWORD 'right'");
    cluster.run("CREATE ROLE busy LOGIN CONNECTION LIMIT 0");
    // The first line that matches decides.
    cluster.run(
        "COPY (VALUES ('host all locked 127.0.0.1/32 scram-sha-256'), ('host all all 127.0.0.1/32 trust')) \
         TO '/proc/self/cwd/pg_hba.conf'",
    );
    let cluster = spawn_blocking(move || {
        cluster.begin_outage(Outage::Ended);
        cluster.end_outage(Outage::Ended);
        cluster
    })
    .await
    .unwrap();
    let mut url = cluster.url();
    url.set_username("locked").unwrap();
    url.set_password(Some("hunter2")).unwrap();
    let sentence = refusal(url.as_str()).await;
    assert!(
        sentence.contains("correct the user and the password") && !sentence.contains("hunter2"),
        "{sentence}"
    );
    url.set_password(Some("right")).unwrap();
    assert!(open(url.as_str()).await.is_ok());
    let mut url = cluster.url();
    url.set_username("busy").unwrap();
    let sentence = refusal(url.as_str()).await;
    assert!(
        sentence.contains("too many connections for role") && sentence.contains("max_connections"),
        "{sentence}"
    );
}

#[tokio::test]
async fn the_folder_of_a_socket_can_be_the_host_in_every_spelling() {
    let cluster = cluster().await;
    let folder = cluster.run("SHOW unix_socket_directories");
    let port = cluster.url().port().unwrap();
    let encoded = folder.replace('/', "%2F");
    for url in [
        format!("postgres://postgres@{encoded}:{port}/postgres"),
        format!("postgres://postgres@localhost:{port}/postgres?host={folder}"),
        format!("postgres:///postgres?host={folder}&port={port}&user=postgres"),
    ] {
        assert!(open(&url).await.is_ok(), "{url}");
    }
}
