//! Fuzzes the two readers of a verify request: the fast path's and the regular one.

use model::Timestamp;

use super::input::with_keys;
use crate::api::fuzzed::{Checked, VERIFY_BODY, read_body};
use crate::fast_path::read_verify_request;

/// The input is a body. If the fast path's reader accepts it, the regular reader must read the same verify request from
/// it.
pub fn verify_body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        assert!(read_verify_request(data).is_none());
        return;
    };
    let text = with_keys(text);
    let by_hand = read_verify_request(text.as_bytes());
    let by_members = read_body(VERIFY_BODY, text.as_bytes(), Timestamp::from_seconds(0));
    match (by_hand, by_members) {
        (None, _) => {}
        (Some(one), Ok(Checked::VerifyRequest(other))) => {
            assert_eq!(format!("{one:?}"), format!("{other:?}"), "{text}");
            assert_eq!(*one.secret, *other.secret);
        }
        (Some(_), other) => panic!("{text} {other:?}"),
    }
}
