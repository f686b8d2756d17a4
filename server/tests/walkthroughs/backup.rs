//! Backups: `docs/operate/backup.md`, with a server that is written to meanwhile and a disk that is lost.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use service::testing::TestBed;
use tokio::time::sleep;

use crate::binary::{ADMIN, Answer, Rest, Running};
use crate::machine::{Machine, text, verify};
use crate::page::Page;

const PAGE: &str = "operate/backup.md";
/// Keys that exist before the backup begins.
const KEYS: usize = 20;

fn serve(machine: &Machine) -> Running {
    machine.serve("keystead serve --data-dir /var/lib/keystead --listen 127.0.0.1:0")
}

async fn create(server: &Running, admin_key: &str, name: String) -> String {
    match Rest::new(&server.address, admin_key).create(&name).await {
        Answer::Done(key) => text(&key["key"]),
        other => panic!("{other:?}"),
    }
}

/// Creates keys without pause until it is told to stop.
async fn keep_writing(address: String, admin_key: String, stop: Arc<AtomicBool>) -> usize {
    let (rest, mut made) = (Rest::new(&address, &admin_key), 0);
    while !stop.load(Ordering::Relaxed) {
        assert!(matches!(rest.create(&format!("during-{made}")).await, Answer::Done(_)));
        made += 1;
    }
    made
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_are_made_under_load_and_restored_after_the_disk_was_lost() {
    let (mut page, mut machine) = (Page::read(PAGE), Machine::new());
    // What is not on this machine: a service manager, a user of the service, another machine.
    machine.call("-o keystead -g keystead ", "");
    machine.call("sudo -u keystead ", "");
    fs::create_dir(machine.path("/remote")).unwrap();
    machine.call("ssh backups.example.com", "env --chdir=remote sh -c");
    let admin_key = text(&machine.bootstrap("").await["admin_key"]);
    let server = serve(&machine);
    let mut secrets = Vec::new();
    for number in 0..KEYS {
        secrets.push(create(&server, &admin_key, format!("before-{number}")).await);
    }
    let stop = Arc::<AtomicBool>::default();
    let writer = tokio::spawn(keep_writing(server.address.clone(), admin_key.clone(), Arc::clone(&stop)));

    machine.run(&page.block("keystead backup /backups/")).await;
    machine.run(&page.block("| ssh")).await;
    machine.run(&page.block("backup.passphrase")).await;
    stop.store(true, Ordering::Relaxed);
    assert!(writer.await.unwrap() > 0);
    machine.run(&page.block("keystead verify-backup /backups/")).await;
    machine.run("keystead verify-backup remote/keystead.backup").await;
    // This one is encrypted.
    assert!(!machine.output("keystead verify-backup keystead.backup").await.status.success());

    // The disk is lost: nothing of the data folder can be used.
    let _stop = page.block("systemctl stop");
    drop(server);
    machine.run(&page.block("mv /var/lib/keystead")).await;
    machine.run(&page.block("keystead restore /backups/")).await;
    machine.run(&page.block("cp -p")).await;
    let _start = page.block("systemctl start");
    let server = serve(&machine);
    for secret in &secrets {
        assert_eq!(verify(&server, &admin_key, secret).await, "VALID");
    }
    drop(server);

    let drill = page.block("/tmp/drill");
    let mut steps = drill.lines();
    machine.run(steps.next().unwrap()).await;
    machine.call("127.0.0.1:3999", "127.0.0.1:0");
    let server = machine.serve(steps.next().unwrap());
    machine.call("127.0.0.1:3999", server.host());
    machine.call("$KEY", &admin_key);
    assert!(machine.run(steps.next().unwrap()).await.contains(ADMIN));
    drop(server);

    let server = machine.serve(&page.block("--backup-every"));
    while !fs::read_dir(machine.path("/backups")).unwrap().any(|file| {
        let name = file.unwrap().file_name().into_string().unwrap();
        name.starts_with("keystead-") && name.ends_with("Z.backup")
    }) {
        sleep(Duration::from_millis(50)).await;
    }
    drop(server);
    page.block("keystead copy");
    page.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_moves_to_postgresql_with_its_keys() {
    let (mut page, mut machine, bed) = (Page::read(PAGE), Machine::new(), TestBed::postgres().await);
    let url = bed.database.url().to_string();
    machine.call("postgres://keystead@db.example.com/keystead", &url);
    let admin_key = text(&machine.bootstrap("").await["admin_key"]);
    let server = serve(&machine);
    let secret = create(&server, &admin_key, "moved".to_owned()).await;
    drop(server);
    machine.run(&page.block("keystead copy")).await;
    let seal_key = "--seal-key-file /var/lib/keystead/seal.key";
    let server = machine.serve(&format!("keystead serve --database-url '{url}' {seal_key}"));
    assert_eq!(verify(&server, &admin_key, &secret).await, "VALID");
    assert_eq!(verify(&server, &admin_key, "sk_live_unknown").await, "NOT_FOUND");
}
