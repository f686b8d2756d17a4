//! Bodies that are there already.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};

/// Longer bodies are read in no hurry.
const BYTES_MAX: u64 = 4 * 1024;

/// The whole of a body that came together with its head. Any other is given back as it is, with what has come of it.
///
/// Nothing is waited for, so that no time limit is needed: whoever sends slowly does so at the router's.
pub(crate) async fn arrived(mut body: Body) -> Result<Bytes, Body> {
    let Some(length) = body.size_hint().exact().filter(|length| (1..=BYTES_MAX).contains(length)) else {
        return Err(body);
    };
    let first = match at_second_sight(&mut body).await {
        Some(Ok(frame)) => frame.into_data(),
        // Cut off, or not here yet.
        Some(Err(_)) | None => return Err(body),
    };
    match first {
        Ok(bytes) if bytes.len() as u64 == length => Ok(bytes),
        Ok(bytes) => Err(Body::new(Resumed { first: Some(bytes), rest: body })),
        Err(_trailers) => Err(body),
    }
}

/// The next frame, if it is here at the second look: the connection is read between two looks, and not before the first.
async fn at_second_sight(body: &mut Body) -> Option<Result<Frame<Bytes>, axum::Error>> {
    let (mut frame, mut has_looked) = (body.frame(), false);
    std::future::poll_fn(|cx| match Pin::new(&mut frame).poll(cx) {
        Poll::Ready(frame) => Poll::Ready(frame),
        Poll::Pending if has_looked => Poll::Ready(None),
        Poll::Pending => {
            has_looked = true;
            cx.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await
}

/// A body of which some has been read.
struct Resumed {
    first: Option<Bytes>,
    rest: Body,
}

impl HttpBody for Resumed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn size_hint(&self) -> SizeHint {
        let first = self.first.as_ref().map_or(0, Bytes::len) as u64;
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + first);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + first);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A body of parts, with pauses where there is none, in which whoever waits is woken at once.
    struct Parts {
        parts: VecDeque<Option<&'static str>>,
        length: u64,
    }

    impl HttpBody for Parts {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            match self.parts.pop_front() {
                Some(Some(part)) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(part.as_bytes()))))),
                Some(None) => {
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                None => Poll::Ready(None),
            }
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.length)
        }
    }

    /// What was there, or all that can be read later.
    async fn read(parts: &[Option<&'static str>]) -> Result<Bytes, Bytes> {
        let length = parts.iter().flatten().map(|part| part.len() as u64).sum();
        match arrived(Body::new(Parts { parts: parts.iter().copied().collect(), length })).await {
            Ok(bytes) => Ok(bytes),
            Err(rest) => Err(rest.collect().await.unwrap().to_bytes()),
        }
    }

    #[tokio::test]
    async fn what_has_not_arrived_is_left_to_others_whole() {
        assert_eq!(read(&[Some("all")]).await, Ok("all".into()));
        assert_eq!(read(&[None, Some("all")]).await, Ok("all".into()));
        assert_eq!(read(&[None, None, Some("all")]).await, Err("all".into()));
        assert_eq!(read(&[Some("in "), None, Some("parts")]).await, Err("in parts".into()));
        assert_eq!(read(&[None, Some("in "), None, None, Some("parts")]).await, Err("in parts".into()));
        assert_eq!(read(&[]).await, Err("".into()));
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_is_left_alone() {
        let long = "x".repeat(5000);
        assert_eq!(arrived(Body::from(long.clone())).await.unwrap_err().size_hint().exact(), Some(5000));
        let parts = Parts { parts: [Some("a")].into(), length: 2 };
        assert!(arrived(Body::new(parts)).await.is_err());
    }
}
