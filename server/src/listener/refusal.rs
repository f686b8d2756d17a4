//! The answer to what is no request.
//!
//! hyper answers what it cannot read by itself, with a status and nothing else. Such an answer has neither the form of our
//! errors nor a request's id, by which its line in the log could be found; so it is replaced on its way out.

use model::problem::{Code, Problem};

use super::activity::{Activity, Phase};
use crate::api::problem::body_of;
use crate::middleware::RequestId;

/// An answer in place of another, and how much of it has been written.
pub(super) struct Refusal {
    bytes: Vec<u8>,
    written: usize,
}

impl Refusal {
    /// The answer in place of one of hyper's own. Nothing for any other bytes: answers of ours have a request's id, and are
    /// never written while a head is being waited for.
    pub(super) fn in_place_of(answer: &[u8], activity: &Activity) -> Option<Self> {
        (activity.phase() == Phase::Head && is_hypers_own(answer)).then(|| {
            let id = RequestId::make();
            tracing::info!(http.status = 400, request.id = id.as_str(), "answered what is no request");
            Self { bytes: refusal(&id), written: 0 }
        })
    }

    /// What has still to be written.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.written..).unwrap_or_default()
    }

    /// So much more was written.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.written += bytes;
    }
}

/// Whether these bytes are a whole refusal without a body or a request's id.
fn is_hypers_own(answer: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(answer) else { return false };
    let text = text.to_ascii_lowercase();
    text.starts_with("http/1.1 4")
        && text.ends_with("\r\n\r\n")
        && text.contains("\r\ncontent-length: 0\r\n")
        && !text.contains("\r\nx-request-id: ")
}

fn refusal(id: &RequestId) -> Vec<u8> {
    let body = body_of(&Problem::new(Code::BadRequest, "The request line or a header cannot be understood."));
    let head = format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\
         cache-control: no-store\r\nx-content-type-options: nosniff\r\nx-request-id: {}\r\n\r\n",
        body.len(),
        id.as_str(),
    );
    [head.into_bytes(), body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bare_refusal_is_replaced() {
        let bare =
            "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        assert!(is_hypers_own(bare.as_bytes()));
        for other in [
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nx-request-id: a\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\nhello",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n{",
            "",
        ] {
            assert!(!is_hypers_own(other.as_bytes()), "{other}");
        }
        let activity = Activity::default();
        assert!(Refusal::in_place_of(bare.as_bytes(), &activity).is_none(), "nothing has come yet");
        activity.bytes_came();
        let refusal = Refusal::in_place_of(bare.as_bytes(), &activity).unwrap();
        let text = String::from_utf8(refusal.rest().to_vec()).unwrap();
        assert!(text.contains("\r\nx-request-id: req_") && text.contains("BadRequestError"), "{text}");
        activity.request_began();
        assert!(Refusal::in_place_of(bare.as_bytes(), &activity).is_none());
    }
}
