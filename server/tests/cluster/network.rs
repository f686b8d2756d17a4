//! A network namespace with two links to this machine: one for clients, one for the database. The link to the database
//! can be cut without a trace: packets are lost, and nothing is refused.

use std::path::Path;
use std::process::{Command, Stdio};

/// The name of a namespace ends with the id of the process that made it.
const PREFIX: &str = "keystead-test-";

/// Needs root and the tool `ip`. Dropping it removes the namespace and its links.
pub struct Namespace {
    name: String,
    database_link: String,
    number: u32,
}

impl Namespace {
    /// Returns `None` where there are no namespaces.
    pub fn new() -> Option<Self> {
        remove_left_over();
        let number = std::process::id() % 250;
        let name = format!("{PREFIX}{}", std::process::id());
        let (clients, database) =
            (format!("ksc{}", std::process::id()), format!("ksd{}", std::process::id()));
        if !ip(&["netns", "add", &name]) {
            return None;
        }
        let namespace = Self { name, database_link: database, number };
        let is_made = namespace.link(&clients, 211) && namespace.link(&namespace.database_link, 212);
        is_made.then_some(namespace)
    }

    /// Links this machine (`.1`) with the namespace (`.2`).
    fn link(&self, link: &str, net: u8) -> bool {
        let (inside, number) = (format!("{link}i"), self.number);
        let [here, there] = [1, 2].map(|end| format!("10.{net}.{number}.{end}/30"));
        let (name, within) = (&self.name, ["-n", &self.name]);
        let in_it = |arguments: &[&str]| ip(&[&within[..], arguments].concat());
        ip(&["link", "add", link, "type", "veth", "peer", "name", &inside])
            && ip(&["link", "set", &inside, "netns", name])
            && ip(&["addr", "add", &here, "dev", link])
            && ip(&["link", "set", link, "up"])
            && in_it(&["addr", "add", &there, "dev", &inside])
            && in_it(&["link", "set", &inside, "up"])
            && in_it(&["link", "set", "lo", "up"])
    }

    /// The address at which clients on this machine reach the namespace.
    pub fn address(&self) -> String {
        format!("10.211.{}.2", self.number)
    }

    /// The address at which the namespace reaches databases on this machine.
    pub fn database_host(&self) -> String {
        format!("10.212.{}.1", self.number)
    }

    /// A command that runs in the namespace.
    pub fn command(&self) -> [&str; 4] {
        ["ip", "netns", "exec", &self.name]
    }

    pub fn cut(&self) {
        assert!(ip(&["link", "set", &self.database_link, "down"]));
    }

    pub fn mend(&self) {
        assert!(ip(&["link", "set", &self.database_link, "up"]));
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Deleting one end of a link deletes the other.
        for link in [&self.database_link, &self.database_link.replace("ksd", "ksc")] {
            ip(&["link", "del", link]);
        }
        ip(&["netns", "del", &self.name]);
    }
}

/// Removes the namespaces of processes that were killed. The links disappear with them.
fn remove_left_over() {
    for entry in std::fs::read_dir("/run/netns").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(PREFIX);
        if process.is_some_and(|id| !Path::new("/proc").join(id).exists()) {
            ip(&["netns", "del", &name]);
        }
    }
}

/// Whether the command succeeded.
fn ip(arguments: &[&str]) -> bool {
    let mut command = Command::new("ip");
    command.args(arguments).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
