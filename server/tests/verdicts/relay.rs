//! A relay between a server and its database, whose connections can fall silent without being closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A relay on a port of its own. It ends with the test's runtime.
pub struct Relay {
    pub port: u16,
    target: Arc<AtomicU16>,
    silenced: watch::Sender<u32>,
}

impl Relay {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = Arc::new(AtomicU16::new(0));
        let (silenced, watched) = watch::channel(0);
        let to = target.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, to.load(Ordering::SeqCst), watched.clone()));
            }
        });
        Self { port, target, silenced }
    }

    /// Sets the port of this machine to which new connections lead.
    pub fn forward_to(&self, port: u16) {
        self.target.store(port, Ordering::SeqCst);
    }

    /// Stops all traffic on the existing connections.
    pub fn silence(&self) {
        self.silenced.send_modify(|times| *times += 1);
    }
}

async fn pass(mut near: TcpStream, port: u16, mut silenced: watch::Receiver<u32>) {
    silenced.mark_unchanged();
    let Ok(mut far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let is_silent = tokio::select! {
        _ended = copy_bidirectional(&mut near, &mut far) => false,
        changed = silenced.changed() => changed.is_ok(),
    };
    if is_silent {
        // The connection is kept open, but nothing is read from it.
        std::future::pending::<()>().await;
    }
}
