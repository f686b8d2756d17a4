//! The body of a response, as a connection sends it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::activity::Activity;
use crate::fast_path::AnswerBody;

/// A body that keeps its connection busy until it is dropped: after its last part was read, or when the client is gone.
/// It may take minutes to write a body part by part. During that time the connection must not count as idle, because
/// idle connections are closed after a while or to make room for others.
pub(super) struct Answering {
    body: AnswerBody,
    activity: Arc<Activity>,
}

impl Answering {
    pub(super) fn new(body: AnswerBody, activity: Arc<Activity>) -> Self {
        Self { body, activity }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.activity.request_ended();
    }
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures_util::stream;
    use http_body_util::BodyExt;

    use super::super::activity::Phase;
    use super::*;

    #[tokio::test]
    async fn a_connection_is_busy_until_its_whole_response_is_written() {
        let activity = Arc::<Activity>::default();
        activity.request_began();
        let parts = stream::iter([Ok::<_, axum::Error>("one"), Ok("two")]);
        let mut body = Answering::new(AnswerBody::Routed(Body::from_stream(parts)), Arc::clone(&activity));
        while let Some(part) = body.frame().await {
            assert!(part.is_ok());
            assert_eq!(activity.phase(), Phase::Request);
        }
        drop(body);
        assert_eq!(activity.phase(), Phase::Idle);
    }
}
