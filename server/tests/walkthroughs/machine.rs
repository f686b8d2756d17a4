//! The machine on which a page is followed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::binary::{Running, TestFolder, binary};

/// A folder in place of the machine, in which `keystead` is installed.
pub struct Machine {
    pub folder: TestFolder,
    /// What the pages call something, and what it is called here.
    names: Vec<(String, String)>,
    /// What the reader has exported so far.
    exported: String,
}

impl Machine {
    pub fn new() -> Self {
        let folder = TestFolder::new();
        for name in ["bin", "var/lib", "backups", "etc/keystead", "tmp"] {
            fs::create_dir_all(folder.path(name)).unwrap();
        }
        symlink(fs::canonicalize(binary()).unwrap(), folder.path("bin/keystead")).unwrap();
        let mut machine = Self { folder, names: Vec::new(), exported: String::new() };
        for place in ["/var/lib/keystead", "/backups", "/etc/keystead", "/tmp/drill"] {
            let here = machine.path(place).display().to_string();
            machine.call(place, &here);
        }
        machine
    }

    /// Where a place of the pages is.
    pub fn path(&self, place: &str) -> PathBuf {
        self.folder.path(place.trim_start_matches('/'))
    }

    /// From now on, what the pages call `name` is `here`.
    pub fn call(&mut self, name: &str, here: &str) {
        self.names.insert(0, (name.to_owned(), here.to_owned()));
    }

    /// Runs a block whose variables the reader needs later.
    pub fn export(&mut self, block: &str) {
        let block = self.translated(block);
        self.exported.push_str(&block);
    }

    /// Runs a block to its end, and returns what it prints. It must succeed.
    pub async fn run(&self, block: &str) -> String {
        let output = self.output(block).await;
        assert!(output.status.success(), "{block}{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// As [`Machine::run`], but the block may fail.
    pub async fn output(&self, block: &str) -> Output {
        let mut command = self.shell(&self.translated(block));
        spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// Starts a block that runs a server, and waits until it is ready.
    pub fn serve(&self, block: &str) -> Running {
        let block = self.translated(block).replace("keystead serve", "exec keystead serve");
        let mut command = self.shell(&block);
        if !block.contains("--listen") {
            command.env("KEYSTEAD_LISTEN", "127.0.0.1:0");
        }
        if !block.contains("--data-dir") {
            command.env("KEYSTEAD_DATA_DIR", self.path("/var/lib/keystead"));
        }
        let ready = self.folder.spawn_command(command).ready();
        ready.unwrap_or_else(|| panic!("{block}{}", self.folder.log()))
    }

    /// Creates an organization, and returns what `keystead bootstrap` prints.
    pub async fn bootstrap(&self, more: &str) -> Value {
        let block =
            "keystead bootstrap --data-dir /var/lib/keystead --organization Acme --email ada@acme.example";
        serde_json::from_str(&self.run(&format!("{block} {more}")).await).unwrap()
    }

    fn shell(&self, script: &str) -> Command {
        let mut command = self.folder.command("bash");
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", self.folder.path("bin").display()));
        command.arg("-c").arg(format!("set -euo pipefail\n{}{script}", self.exported));
        command
    }

    /// Replaces names in one pass, so that what has replaced a name is not replaced again.
    pub fn translated(&self, block: &str) -> String {
        let (mut rest, mut translated) = (block, String::new());
        while !rest.is_empty() {
            if let Some((name, here)) = self.names.iter().find(|(name, _)| rest.starts_with(name.as_str())) {
                translated.push_str(here);
                rest = &rest[name.len()..];
            } else {
                let letter = rest.chars().next().unwrap();
                translated.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
        translated
    }
}

/// Asks a server about a key, and returns the verify code.
pub async fn verify(server: &Running, key: &str, secret: &str) -> String {
    let client = Client::builder().no_proxy().build().unwrap();
    let request = client.post(format!("{}/v1/keys/verify", server.address)).bearer_auth(key);
    let response = request.json(&json!({ "key": secret })).send().await.unwrap();
    assert_eq!(response.status(), 200);
    text(&response.json::<Value>().await.unwrap()["code"])
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}
