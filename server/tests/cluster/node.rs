//! One node, which can be killed, started again, paused, and cut off from its database.

use crate::binary::{Rest, Running, Starting, TestFolder, binary};
use crate::network::Namespace;

pub struct Node {
    place: TestFolder,
    /// Host and port, which stay the same when the node starts again.
    pub host: String,
    database: String,
    namespace: Option<Namespace>,
    running: Option<Running>,
}

impl Node {
    /// A node that is not started yet.
    pub fn new(host: String, namespace: Option<Namespace>) -> Self {
        Self { place: TestFolder::new(), host, database: String::new(), namespace, running: None }
    }

    pub fn place(&self) -> &TestFolder {
        &self.place
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.host)
    }

    pub fn rest(&self, admin: &str) -> Rest {
        Rest::new(&self.address(), admin)
    }

    /// Sets the database, on a port of this machine.
    pub fn use_database_at(&mut self, port: u16) {
        let host = self.namespace.as_ref().map_or("127.0.0.1".to_owned(), Namespace::database_host);
        self.use_database(format!("postgres://postgres@{host}:{port}/postgres?sslmode=disable"));
    }

    pub fn use_database(&mut self, url: String) {
        self.database = url;
    }

    pub fn start(&mut self) {
        let running = self.spawn().ready();
        self.runs(running);
    }

    /// Takes over what [`Self::spawn`] started, once it is ready.
    pub fn runs(&mut self, running: Option<Running>) {
        self.running = Some(running.unwrap_or_else(|| panic!("no start: {}", self.place.log())));
    }

    /// Starts the node without waiting until it is ready.
    pub fn spawn(&self) -> Starting {
        let words = self.namespace.as_ref().map(Namespace::command);
        let program = binary();
        let mut command = self.place.command(words.map_or(&program, |words| words[0]));
        if let Some(words) = words {
            command.args(&words[1..]).arg(&program);
        }
        command.args(["serve", "--listen", &self.host, "--database-url", &self.database]);
        // A server that is open to other machines asks for this address. The limit must not stop the clients.
        command.args(["--public-url", "https://keys.example.com", "--rate-limit-default", "2000000000"]);
        self.place.spawn_command(command)
    }

    pub fn kill(&mut self) {
        self.running.take().unwrap().kill();
    }

    pub fn pause(&self) {
        self.running.as_ref().unwrap().signal("-STOP");
    }

    pub fn go_on(&self) {
        self.running.as_ref().unwrap().signal("-CONT");
    }

    /// The network of the node, if it can be cut off from the database.
    pub fn namespace(&self) -> Option<&Namespace> {
        self.namespace.as_ref()
    }
}
