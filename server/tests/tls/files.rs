//! Files that cannot be used are refused at the start, each with one sentence.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::authority::Authority;
use crate::binary::{TestFolder, binary};
use crate::client::status;
use crate::node::Node;

fn folder() -> TestFolder {
    let folder = TestFolder::new();
    Authority::new().issue(&["localhost"]).write(&folder.path("cert.pem"), &folder.path("key.pem"));
    folder
}

/// What a command says when it refuses to start.
fn refusal(folder: &TestFolder, command: &[&str], cert: &str, key: &str) -> String {
    let output = folder
        .command(&binary())
        .args(command)
        .args([
            "--listen",
            "127.0.0.1:0",
            "--tls-listen",
            "127.0.0.1:0",
            "--tls-cert",
            cert,
            "--tls-key",
            key,
        ])
        .output()
        .unwrap();
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Checks both commands.
fn assert_refused(folder: &TestFolder, cert: &str, key: &str, expected: &str) {
    for command in [&["serve"][..], &["config", "check"]] {
        let error = refusal(folder, command, cert, key);
        assert!(error.contains(expected), "{command:?}: {error}");
        assert!(!error.contains("-----BEGIN"), "{error}");
    }
    assert!(!folder.data_dir().exists() || !folder.database().exists(), "nothing may be created");
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_its_fault() {
    let folder = folder();
    let other = Authority::new().issue(&["localhost"]);
    other.write_key(&folder.path("other.pem"));
    fs::write(folder.path("empty.pem"), "").unwrap();
    fs::write(folder.path("huge.pem"), vec![b'a'; 300 * 1024]).unwrap();
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    fs::write(folder.path("encrypted.pem"), encrypted).unwrap();
    for name in ["empty.pem", "encrypted.pem"] {
        fs::set_permissions(folder.path(name), Permissions::from_mode(0o600)).unwrap();
    }
    assert!(Command::new("mkfifo").args(["-m", "600"]).arg(folder.path("pipe")).status().unwrap().success());
    for (cert, key, expected) in [
        ("missing.pem", "key.pem", "--tls-cert (KEYSTEAD_TLS_CERT) names missing.pem, which cannot be read"),
        ("cert.pem", "missing.pem", "--tls-key (KEYSTEAD_TLS_KEY) names missing.pem, which cannot be read"),
        ("empty.pem", "key.pem", "names empty.pem, which contains no certificate"),
        ("key.pem", "key.pem", "names key.pem, which contains no certificate"),
        ("huge.pem", "key.pem", "names huge.pem, which has more than 262144 bytes"),
        ("pipe", "key.pem", "names pipe, which is not a file"),
        ("cert.pem", "pipe", "names pipe, which is not a file"),
        ("cert.pem", "empty.pem", "names empty.pem, which contains no private key"),
        ("cert.pem", "other.pem", "names other.pem, which contains the key of another certificate"),
        ("cert.pem", "encrypted.pem", "which contains a key that is encrypted with a passphrase"),
    ] {
        assert_refused(&folder, cert, key, expected);
    }
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let folder = folder();
    fs::set_permissions(folder.path("key.pem"), Permissions::from_mode(0o644)).unwrap();
    assert_refused(&folder, "cert.pem", "key.pem", "other users can read. Close it with: chmod 600 key.pem");
}

#[test]
fn settings_of_tls_that_exclude_each_other_are_refused() {
    let folder = folder();
    for (arguments, expected) in [
        (&["--tls-cert=cert.pem"][..], "--tls-cert (KEYSTEAD_TLS_CERT) is set without --tls-key"),
        (&["--tls-key=key.pem"], "--tls-key (KEYSTEAD_TLS_KEY) is set without --tls-cert"),
        (
            &["--tls-cert=cert.pem", "--tls-key=key.pem", "--tls-acme=a.example"],
            "--tls-acme (KEYSTEAD_TLS_ACME) is set together with --tls-cert",
        ),
        (
            &["--tls-cert=cert.pem", "--tls-key=key.pem", "--public-url=http://localhost:3000"],
            "--public-url (KEYSTEAD_PUBLIC_URL) uses http, but the server has a port with TLS",
        ),
        (
            &["--tls-cert=cert.pem", "--tls-key=key.pem", "--listen=127.0.0.1:9", "--tls-listen=127.0.0.1:9"],
            "--tls-listen (KEYSTEAD_TLS_LISTEN) is the same as --listen",
        ),
        (
            &["--tls-acme=a.example", "--tls-acme-directory=http://acme.example"],
            "--tls-acme-directory (KEYSTEAD_TLS_ACME_DIRECTORY) does not use https",
        ),
    ] {
        let output = folder.command(&binary()).args(["config", "check"]).args(arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(expected) && error.contains("1 problem was found."), "{error}");
    }
}

/// Programs that do not check dates must not lose their verifications.
#[tokio::test]
async fn an_expired_certificate_is_used_with_a_warning() {
    let folder = TestFolder::new();
    let authority = Authority::new();
    let expired = authority.issue_until(&["localhost"], 2001);
    expired.write(&folder.path("cert.pem"), &folder.path("key.pem"));
    let node = Node::start_with(folder, authority, expired, &[]);
    assert!(
        node.folder.log().contains("the certificate has expired, so clients refuse it"),
        "{}",
        node.folder.log()
    );
    let refused = node.client().connect("localhost").await.err().unwrap().to_string();
    assert!(refused.contains("expired"), "{refused}");
    let plain = crate::client::request("GET /healthz", "x", "", "");
    assert_eq!(status(&crate::client::send_plain(node.plain, plain.as_bytes()).await), 200);
}
