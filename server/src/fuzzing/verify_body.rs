//! The two readers of a verification's body: the one by hand, and the one that knows every rule.

use model::Timestamp;

use super::input::with_keys;
use crate::api::fuzzed::{Checked, QUESTION_BODY, read_body, read_question_by_hand};

/// A body. What the quick reader takes, the other one takes for the same question.
pub fn verify_body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        assert!(read_question_by_hand(data).is_none());
        return;
    };
    let text = with_keys(text);
    let by_hand = read_question_by_hand(text.as_bytes());
    let by_members = read_body(QUESTION_BODY, text.as_bytes(), Timestamp::from_seconds(0));
    match (by_hand, by_members) {
        (None, _) => {}
        (Some(one), Ok(Checked::Question(other))) => {
            assert_eq!(format!("{one:?}"), format!("{other:?}"), "{text}");
            assert_eq!(*one.secret, *other.secret);
        }
        (Some(_), other) => panic!("{text} {other:?}"),
    }
}
