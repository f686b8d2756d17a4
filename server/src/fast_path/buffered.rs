//! Reads request bodies that have already arrived.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};

/// The body of a request, whatever its source.
pub trait RequestBody: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static {}

impl<B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static> RequestBody for B {}

/// Longer bodies are left to the router.
const BYTES_MAX: u64 = 4 * 1024;

/// Returns the whole body if it arrived together with the head of the request. Otherwise returns the part that was
/// read, if any.
///
/// It never waits for data, so it needs no time limit. A body that arrives slowly is read by the router, which has one.
pub(crate) async fn buffered_body<B: RequestBody>(body: &mut B) -> Result<Bytes, Option<Bytes>> {
    let length = body.size_hint().exact().filter(|length| (1..=BYTES_MAX).contains(length)).ok_or(None)?;
    // An error means that the body was cut off, `None` that it has not arrived yet.
    let Some(Ok(frame)) = read_again(body).await else { return Err(None) };
    match frame.into_data() {
        Ok(bytes) if bytes.len() as u64 == length => Ok(bytes),
        part => Err(part.ok()),
    }
}

/// Puts the part that was already read back in front of the rest of the body.
pub(crate) fn resumed<B: RequestBody>(first: Option<Bytes>, rest: B) -> Body {
    if first.is_some() { Body::new(Resumed { first, rest }) } else { Body::new(rest) }
}

/// The next frame, if it is available by the second poll. hyper reads from the connection between the two polls, but
/// not before the first one.
async fn read_again<B: RequestBody>(body: &mut B) -> Option<Result<Frame<Bytes>, B::Error>> {
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

/// A body whose first part has already been read.
struct Resumed<B> {
    first: Option<Bytes>,
    rest: B,
}

impl<B: RequestBody> HttpBody for Resumed<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
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

    /// A body of parts. Each `None` is a pause: the poll returns `Pending` and wakes the task at once.
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

    /// `Ok` if the body had already arrived, otherwise `Err` with everything that can be read later.
    async fn read(parts: &[Option<&'static str>]) -> Result<Bytes, Bytes> {
        let length = parts.iter().flatten().map(|part| part.len() as u64).sum();
        let mut body = Parts { parts: parts.iter().copied().collect(), length };
        match buffered_body(&mut body).await {
            Ok(bytes) => Ok(bytes),
            Err(first) => Err(resumed(first, body).collect().await.unwrap().to_bytes()),
        }
    }

    #[tokio::test]
    async fn an_incomplete_body_is_passed_on_as_a_whole() {
        assert_eq!(read(&[Some("all")]).await, Ok("all".into()));
        assert_eq!(read(&[None, Some("all")]).await, Ok("all".into()));
        assert_eq!(read(&[None, None, Some("all")]).await, Err("all".into()));
        assert_eq!(read(&[Some("in "), None, Some("parts")]).await, Err("in parts".into()));
        assert_eq!(read(&[None, Some("in "), None, None, Some("parts")]).await, Err("in parts".into()));
        assert_eq!(read(&[]).await, Err("".into()));
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_is_not_buffered() {
        let mut long = Body::from("x".repeat(5000));
        assert_eq!(buffered_body(&mut long).await, Err(None));
        assert_eq!(long.size_hint().exact(), Some(5000));
        let mut parts = Parts { parts: [Some("a")].into(), length: 2 };
        assert_eq!(buffered_body(&mut parts).await, Err(Some("a".into())));
    }
}
