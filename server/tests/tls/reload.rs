//! New files of a certificate are used without a restart, and files that cannot be used change nothing.

use std::fs;
use std::os::unix::fs::symlink;

use crate::authority::{Authority, Issued};
use crate::binary::TestFolder;
use crate::node::{Node, wait_for_line};

/// Replaces a file in one step, as certbot does.
fn replace(folder: &TestFolder, name: &str, write: impl FnOnce(&std::path::Path)) {
    let new = folder.path("new.pem");
    write(&new);
    fs::rename(new, folder.path(name)).unwrap();
}

fn replace_certificate(node: &Node, with: &Issued) {
    replace(&node.folder, "cert.pem", |file| fs::write(file, &with.chain).unwrap());
}

fn replace_key(node: &Node, with: &Issued) {
    replace(&node.folder, "key.pem", |file| with.write_key(file));
}

#[tokio::test]
async fn a_hangup_lets_new_connections_use_the_new_certificate() {
    let node = Node::start(&[]);
    let mut old = node.client().connect("localhost").await.unwrap();
    let next = node.authority.issue(&["localhost"]);
    replace_certificate(&node, &next);
    replace_key(&node, &next);
    node.server.signal("-HUP");
    wait_for_line(&node.folder, "read again after SIGHUP: tls_cert and tls_key").await;
    assert_eq!(node.client().certificate("localhost").await, next.der);
    old.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    old.read_until(r#"{"status":"ok"}"#).await;
}

#[tokio::test]
async fn changed_files_are_found_without_a_signal() {
    let node = Node::start(&[]);
    let next = node.authority.issue(&["localhost"]);
    replace_certificate(&node, &next);
    // Only now do the two match. Until then, the old pair stays in use.
    wait_for_line(&node.folder, "which contains the key of another certificate").await;
    assert_eq!(node.client().certificate("localhost").await, node.certificate.der);
    replace_key(&node, &next);
    node.wait_for_certificate(&next).await;
    let log = node.folder.log();
    assert_eq!(log.matches("cannot be used; the previous certificate stays in use").count(), 1, "{log}");
}

/// Kubernetes and certbot replace a link to the folder, or the links to the files.
#[tokio::test]
async fn a_replaced_link_is_followed() {
    let folder = TestFolder::new();
    let authority = Authority::new();
    let write = |name: &str| {
        let issued = authority.issue(&["localhost"]);
        fs::create_dir(folder.path(name)).unwrap();
        issued.write(&folder.path(name).join("cert.pem"), &folder.path(name).join("key.pem"));
        issued
    };
    let (first, next) = (write("first"), write("next"));
    symlink("first", folder.path("data-link")).unwrap();
    for name in ["cert.pem", "key.pem"] {
        symlink(format!("data-link/{name}"), folder.path(name)).unwrap();
    }
    let node = Node::start_with(folder, authority, first, &[]);
    assert_eq!(node.client().certificate("localhost").await, node.certificate.der);
    symlink("next", node.folder.path("new-link")).unwrap();
    fs::rename(node.folder.path("new-link"), node.folder.path("data-link")).unwrap();
    node.wait_for_certificate(&next).await;
}

#[tokio::test]
async fn files_that_cannot_be_used_change_nothing() {
    let node = Node::start(&[]);
    replace(&node.folder, "cert.pem", |file| fs::write(file, "-----BEGIN CERTIF").unwrap());
    node.server.signal("-HUP");
    wait_for_line(&node.folder, "the certificate was not read again after SIGHUP").await;
    fs::remove_file(node.folder.path("key.pem")).unwrap();
    node.server.signal("-HUP");
    assert_eq!(node.client().certificate("localhost").await, node.certificate.der);
    let next = node.authority.issue(&["localhost"]);
    replace_certificate(&node, &next);
    replace_key(&node, &next);
    node.wait_for_certificate(&next).await;
}

#[tokio::test]
async fn the_token_and_the_certificate_are_read_independently() {
    let folder = TestFolder::new();
    let token = "0123456789abcdef0123456789abcdef";
    let write = |text: &str| {
        fs::write(folder.path("token"), text).unwrap();
        fs::set_permissions(folder.path("token"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .unwrap();
    };
    write(token);
    let authority = Authority::new();
    let certificate = authority.issue(&["localhost"]);
    certificate.write(&folder.path("cert.pem"), &folder.path("key.pem"));
    write(token);
    let node = Node::start_with(folder, authority, certificate, &["--operator-token-file", "token"]);
    fs::write(node.folder.path("token"), "short").unwrap();
    node.server.signal("-HUP");
    wait_for_line(&node.folder, "the operator's token was not read again after SIGHUP").await;
    wait_for_line(&node.folder, "read again after SIGHUP: tls_cert and tls_key").await;
}
