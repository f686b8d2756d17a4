//! Takes the next connection from the system's queue.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use service::causes;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::connection_slots::{Connection, ConnectionSlots, Slot};

/// An accepted connection with its slot.
pub(crate) struct Accepted<O> {
    pub(crate) stream: TcpStream,
    pub(crate) peer: SocketAddr,
    /// Tells the slots what the connection is doing.
    pub(crate) occupied: Arc<O>,
    pub(crate) place: Slot,
}

/// Waits for the next connection and for a slot for it. Meanwhile, further connections stay in the system's queue.
/// Returns `None` for a connection that cannot be served.
pub(crate) async fn accept<O: Connection + Default + 'static>(
    listener: &TcpListener,
    places: &ConnectionSlots,
) -> Option<Accepted<O>> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            let occupied = Arc::<O>::default();
            let place = places.take(peer.ip(), Arc::clone(&occupied) as Arc<dyn Connection>).await?;
            Some(Accepted { stream, peer, occupied, place })
        }
        Err(error) => {
            tracing::warn!(error = %causes(&error), "a connection could not be accepted");
            // Most likely the process is out of file descriptors. They become free with time, so a pause is better than
            // a busy loop.
            sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
