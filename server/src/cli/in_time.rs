//! Reads files of a running server without waiting for them for long.

use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long the files may take to be read.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// Reads on a thread of its own. If that hangs, neither requests nor the end of the process wait for it.
pub(super) async fn in_time<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (send, receive) = oneshot::channel();
    let read = move || {
        // Sending fails only if the server ends meanwhile.
        let _ended = send.send(read());
    };
    thread::Builder::new().name("reread".to_owned()).spawn(read).ok()?;
    timeout(READ_WITHIN, receive).await.ok()?.ok()
}
