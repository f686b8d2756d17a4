//! The time limit for the client to accept more of an answer.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

/// Minimum number of bytes that a client accepts within the time limit while it is behind. With less, a client that
/// reads a byte now and then would keep its connection, and a list that is read part by part, as long as it likes.
/// With the usual limit of 30 seconds, this is half a kilobyte a second.
const BYTES_MIN: usize = 16 * 1024;

/// Runs while the client is behind: from the first write that has to wait until a write is accepted whole. It starts
/// again after every [`BYTES_MIN`] bytes.
#[derive(Default)]
pub(super) struct WriteTimer(Option<Behind>);

struct Behind {
    timer: Pin<Box<Sleep>>,
    accepted: usize,
}

impl WriteTimer {
    /// Passes on the outcome of a write of `offered` bytes, or an error if the client has been too slow.
    pub(super) fn bound(
        &mut self,
        cx: &mut Context<'_>,
        limit: Duration,
        offered: usize,
        outcome: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(bytes)) if bytes < offered => {
                if let Some(behind) = &mut self.0 {
                    behind.accepted += bytes;
                    if behind.accepted >= BYTES_MIN {
                        self.0 = None;
                    }
                }
                outcome
            }
            Poll::Ready(_) => {
                self.0 = None;
                outcome
            }
            Poll::Pending => {
                let behind =
                    self.0.get_or_insert_with(|| Behind { timer: Box::pin(sleep(limit)), accepted: 0 });
                behind.timer.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    const OFFERED: usize = 100_000;

    /// Each test begins with a write that has to wait.
    fn waiting(limit: Duration) -> WriteTimer {
        let mut timer = WriteTimer::default();
        assert!(write(&mut timer, limit, Poll::Pending).is_pending());
        timer
    }

    fn write(
        timer: &mut WriteTimer,
        limit: Duration,
        outcome: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        timer.bound(&mut Context::from_waker(Waker::noop()), limit, OFFERED, outcome)
    }

    const HOUR: Duration = Duration::from_hours(1);

    #[tokio::test]
    async fn a_client_that_accepts_a_byte_now_and_then_gains_no_time() {
        let mut timer = waiting(HOUR);
        let deadline = |timer: &WriteTimer| timer.0.as_ref().map(|behind| behind.timer.deadline());
        let first = deadline(&timer);
        for _ in 0..BYTES_MIN - 1 {
            assert!(matches!(write(&mut timer, HOUR, Poll::Ready(Ok(1))), Poll::Ready(Ok(1))));
            assert!(write(&mut timer, HOUR, Poll::Pending).is_pending());
        }
        assert!(first.is_some() && deadline(&timer) == first);
        assert!(matches!(write(&mut timer, HOUR, Poll::Ready(Ok(1))), Poll::Ready(Ok(1))));
        assert_eq!(deadline(&timer), None, "it has accepted enough");
    }

    #[tokio::test]
    async fn a_client_that_catches_up_is_not_behind() {
        for outcome in [Ok(OFFERED), Err(io::ErrorKind::BrokenPipe.into())] {
            let mut timer = waiting(HOUR);
            assert!(write(&mut timer, HOUR, Poll::Ready(outcome)).is_ready());
            assert!(timer.0.is_none());
        }
    }

    #[tokio::test]
    async fn a_client_that_is_too_slow_is_cut_off() {
        let mut timer = WriteTimer::default();
        let cut =
            std::future::poll_fn(|cx| timer.bound(cx, Duration::from_millis(1), OFFERED, Poll::Pending))
                .await;
        assert_eq!(cut.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
