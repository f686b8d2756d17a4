//! Wraps a connection's byte stream to enforce the time limits for what a client sends, which hyper lacks.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::activity::{Activity, Phase};
use super::refusal::Refusal;
use super::{Connection, Limits};

/// Buffers with at most this many bytes in total are copied together before they are written, which costs less than a
/// vectored write.
const TOGETHER_MAX: usize = 1024;

/// A client's connection, with or without TLS.
///
/// - A head that does not arrive in time ends the connection, whether the client is silent or sends a byte now and
///   then.
/// - An idle connection ends after between one and two times the idle limit, because the timer is not reset for every
///   request.
/// - An answer that hyper writes by itself is replaced by one of ours.
pub(super) struct ClientStream<S> {
    stream: S,
    peer: IpAddr,
    activity: Arc<Activity>,
    limits: Limits,
    /// The timer for the next head, with the number of requests before that head.
    head: Option<(u32, Pin<Box<Sleep>>)>,
    /// The idle timer, with the number of requests when it was set, or `None` if a request was in progress then.
    rest: Option<(Option<u32>, Pin<Box<Sleep>>)>,
    refusal: Option<Refusal>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> ClientStream<S> {
    pub(super) fn new(stream: S, peer: IpAddr, activity: Arc<Activity>, limits: Limits) -> Self {
        Self { stream, peer, activity, limits, head: None, rest: None, refusal: None }
    }

    /// Ready when the client has exceeded the time limit of the current phase.
    fn poll_timeout(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self.activity.phase() {
            Phase::Silent | Phase::Head => self.poll_head_late(cx),
            // hyper may not poll again after it has written the answer, so the idle timer is started now.
            Phase::Request => self.poll_rest_over(cx, None),
            Phase::Idle => self.poll_rest_over(cx, Some(self.activity.requests())),
        }
    }

    fn poll_head_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let awaited = self.activity.requests();
        match &mut self.head {
            Some((head, timer)) if *head == awaited => timer.as_mut().poll(cx),
            head => {
                let (_, timer) = head.insert((awaited, Box::pin(sleep(self.limits.head))));
                timer.as_mut().poll(cx)
            }
        }
    }

    /// Ready when the connection has been idle for the limit since request number `after`. Never ready for `None`,
    /// which means that a request is in progress.
    fn poll_rest_over(&mut self, cx: &mut Context<'_>, after: Option<u32>) -> Poll<()> {
        self.head = None;
        let limit = self.limits.idle;
        loop {
            let (begun_after, timer) = self.rest.get_or_insert_with(|| (after, Box::pin(sleep(limit))));
            ready!(timer.as_mut().poll(cx));
            if after.is_some() && *begun_after == after {
                return Poll::Ready(());
            }
            self.rest = None;
        }
    }

    /// Writes our own answer in place of these bytes if they are one of hyper's answers.
    fn poll_refusal(&mut self, cx: &mut Context<'_>, replaced: &[u8]) -> Option<Poll<io::Result<usize>>> {
        if self.refusal.is_none() {
            self.refusal = Refusal::in_place_of(replaced, &self.activity, self.peer);
        }
        while let Some(refusal) = &mut self.refusal {
            if refusal.rest().is_empty() {
                self.refusal = None;
                return Some(Poll::Ready(Ok(replaced.len())));
            }
            match Pin::new(&mut self.stream).poll_write(cx, refusal.rest()) {
                Poll::Ready(Ok(bytes)) if bytes > 0 => {
                    if let Some(refusal) = &mut self.refusal {
                        refusal.advance(bytes);
                    }
                }
                Poll::Ready(Ok(_)) => return Some(Poll::Ready(Err(io::ErrorKind::WriteZero.into()))),
                other => return Some(other),
            }
        }
        None
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for ClientStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Ready(outcome) => {
                if buffer.filled().len() > before {
                    this.activity.bytes_received();
                }
                Poll::Ready(outcome)
            }
            Poll::Pending => this.poll_timeout(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for ClientStream<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Some(outcome) = this.poll_refusal(cx, bytes) {
            return outcome;
        }
        Pin::new(&mut this.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut filled = buffers.iter().filter(|buffer| !buffer.is_empty());
        if let (Some(only), None) = (filled.next(), filled.next()) {
            return self.poll_write(cx, only);
        }
        let (this, mut room) = (self.get_mut(), [0; TOGETHER_MAX]);
        match join_parts(buffers, &mut room) {
            Some(bytes) => Pin::new(&mut this.stream).poll_write(cx, bytes),
            None => Pin::new(&mut this.stream).poll_write_vectored(cx, buffers),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// Copies all parts into `room`, one after the other. Returns `None` if they do not fit.
fn join_parts<'a>(parts: &[io::IoSlice<'_>], room: &'a mut [u8]) -> Option<&'a [u8]> {
    let mut length = 0;
    for part in parts {
        room.get_mut(length..length + part.len())?.copy_from_slice(part);
        length += part.len();
    }
    room.get(..length)
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;

    use super::*;

    #[test]
    fn small_parts_are_joined_into_one_write() {
        let parts = [b"ab".as_slice(), b"", b"cd"].map(IoSlice::new);
        assert_eq!(join_parts(&parts, &mut [0; 5]), Some(b"abcd".as_slice()));
        assert_eq!(join_parts(&parts, &mut [0; 4]), Some(b"abcd".as_slice()));
        assert_eq!(join_parts(&parts, &mut [0; 3]), None);
        assert_eq!(join_parts(&[], &mut [0; 3]), Some(b"".as_slice()));
    }
}
