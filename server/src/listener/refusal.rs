//! Answers bytes that are not an HTTP request.
//!
//! hyper answers unreadable requests itself, with a bare status. Such an answer has neither the format of our errors
//! nor a request id to find its log line by. So it is replaced before it is written.

use std::net::IpAddr;

use http::StatusCode;
use model::problem::{Code, Problem};

use super::activity::{Activity, Phase};
use crate::api::http::problem::body_of;
use crate::refusals::{self, OF_REQUESTS, RefusedRequest};
use crate::request_id::RequestId;

/// An answer that replaces one of hyper's, and how much of it has been written.
pub(super) struct Refusal {
    bytes: Vec<u8>,
    written: usize,
}

impl Refusal {
    /// Returns the replacement if `answer` is one of hyper's own answers, and `None` for any other bytes. Our own
    /// answers have a request id and are never written while the server waits for a head.
    pub(super) fn in_place_of(answer: &[u8], activity: &Activity, peer: IpAddr) -> Option<Self> {
        let status = status_of_hypers_own(answer).filter(|_| activity.phase() == Phase::Head)?;
        let id = RequestId::make();
        if let Some(turn) = refusals::turn(&OF_REQUESTS, "not_http") {
            let line = RefusedRequest::new("none", "not_http", id.as_str());
            // What a proxy says about its client is in headers that were not read.
            let client = Some(peer.to_canonical());
            turn.write(&RefusedRequest { status: Some(status.as_u16()), client, ..line });
        }
        Some(Self { bytes: refusal(status, &id), written: 0 })
    }

    /// The bytes that are still to be written.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.written..).unwrap_or_default()
    }

    /// Records that `bytes` more bytes were written.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.written += bytes;
    }
}

/// The status of a complete error answer without a body and without a request id. `None` for other bytes.
fn status_of_hypers_own(answer: &[u8]) -> Option<StatusCode> {
    let text = std::str::from_utf8(answer).ok()?.to_ascii_lowercase();
    let (status, _) = text.strip_prefix("http/1.1 ")?.split_once(' ')?;
    let is_bare = text.ends_with("\r\n\r\n")
        && text.contains("\r\ncontent-length: 0\r\n")
        && !text.contains("\r\nx-request-id: ");
    status.parse().ok().filter(|status: &StatusCode| is_bare && status.is_client_error())
}

/// The answer to a request in the clear on a port with TLS.
pub(super) fn plain_http() -> Vec<u8> {
    answer(
        StatusCode::BAD_REQUEST,
        "This port speaks only https. Send the request to https://.",
        &RequestId::make(),
    )
}

fn refusal(status: StatusCode, id: &RequestId) -> Vec<u8> {
    let sentence = match status {
        StatusCode::URI_TOO_LONG => "The address is too long.",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "The request line and the headers are too large.",
        _ => "The request line or a header is invalid.",
    };
    answer(status, sentence, id)
}

fn answer(status: StatusCode, sentence: &str, id: &RequestId) -> Vec<u8> {
    let body = body_of(&Problem::new(Code::BadRequest, sentence), status);
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\
         cache-control: no-store\r\nx-content-type-options: nosniff\r\nx-request-id: {}\r\n\r\n",
        body.len(),
        id.as_str(),
    );
    [head.into_bytes(), body].concat()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn only_hypers_own_refusal_is_replaced_and_keeps_its_status() {
        let bare =
            "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        for other in [
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nx-request-id: a\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\nhello",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n{",
            "",
        ] {
            assert_eq!(status_of_hypers_own(other.as_bytes()), None, "{other}");
        }
        let activity = Activity::default();
        assert!(Refusal::in_place_of(bare.as_bytes(), &activity, CLIENT).is_none(), "nothing has come yet");
        activity.bytes_received();
        let refusal = Refusal::in_place_of(bare.as_bytes(), &activity, CLIENT).unwrap();
        let text = String::from_utf8(refusal.rest().to_vec()).unwrap();
        assert!(text.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "{text}");
        assert!(text.contains("\r\nx-request-id: req_") && text.contains("BadRequestError"), "{text}");
        activity.request_began();
        assert!(Refusal::in_place_of(bare.as_bytes(), &activity, CLIENT).is_none());
    }
}
