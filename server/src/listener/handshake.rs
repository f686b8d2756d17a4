//! Makes the TLS handshake of a connection, and answers clients that do not speak TLS.

use std::io;

use service::{LogThrottle, causes};
use tokio::io::AsyncWriteExt;
use tokio_rustls::server::TlsStream;

use super::refusal::plain_http;
use super::socket::Socket;
use crate::tls::Handshakes;

/// The first byte of a TLS connection: the type of a record with a handshake.
const HANDSHAKE_RECORD: u8 = 0x16;

/// Returns the encrypted stream, or `None` if there is nothing to serve. Only the time limit of the caller ends it.
pub(super) async fn shake_hands(socket: Socket, handshakes: &Handshakes) -> Option<TlsStream<Socket>> {
    match try_to(socket, handshakes).await {
        Ok(Some(stream)) => {
            handshakes.counts().count_done();
            Some(stream)
        }
        Ok(None) => None,
        Err(failure) => {
            handshakes.counts().count_failed();
            failure.log(handshakes);
            None
        }
    }
}

/// Counts a handshake that took too long.
pub(super) fn gave_up(handshakes: &Handshakes) {
    handshakes.counts().count_failed();
}

async fn try_to(mut socket: Socket, handshakes: &Handshakes) -> Result<Option<TlsStream<Socket>>, Failure> {
    match socket.first_byte().await.map_err(Failure::Handshake)? {
        Some(HANDSHAKE_RECORD) => handshakes.accept(socket).await.map_err(Failure::Handshake),
        Some(first) => {
            // The methods of HTTP begin with a letter. Any other protocol would not understand the answer.
            if first.is_ascii_alphabetic() {
                let _client_may_be_gone = socket.write_all(&plain_http()).await;
            }
            let _client_may_be_gone = socket.shutdown().await;
            Err(Failure::NotTls)
        }
        // A probe that only checks whether the port is open.
        None => Ok(None),
    }
}

enum Failure {
    NotTls,
    Handshake(io::Error),
}

impl Failure {
    /// Logs at most one line a minute, because everybody can cause it. A client that goes away is not worth one.
    fn log(&self, handshakes: &Handshakes) {
        static THROTTLE: LogThrottle = LogThrottle::once_a_minute();
        let reason = match self {
            Self::NotTls => "the client does not speak TLS".to_owned(),
            Self::Handshake(_) if !handshakes.has_certificate() => "there is no certificate yet".to_owned(),
            Self::Handshake(error) if is_gone(error) => return,
            Self::Handshake(error) => causes(error).to_string(),
        };
        if let Some(left_out) = THROTTLE.should_log() {
            tracing::info!(reason, left_out, "a TLS handshake failed");
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | BrokenPipe)
}
