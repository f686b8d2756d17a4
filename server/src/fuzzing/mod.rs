//! What fuzzing tries: functions that take any bytes, hand them to what reads a client's, and assert what must hold then.
//!
//! `fuzz/` runs them by hand for hours, with a compiler that guides it to new code. The tests run them on all inputs that
//! those runs kept, and on inputs made of them (`replay.rs`). Inputs are text in lines, so that they can be read.

#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a target panics where what it asserts does not hold"
)]

mod api_path;
mod body;
mod credential;
mod cursor;
mod forwarded;
mod gateway_path;
mod gateway_rules;
mod idempotency;
mod if_match;
mod input;
mod key;
mod next_page;
mod origin;
mod printed;
#[cfg(test)]
mod replay;
mod verify_body;

#[path = "../../../model/tests/slow_reading/mod.rs"]
mod slow_reading;

pub use api_path::api_path;
pub use body::body;
pub use credential::credential;
pub use cursor::cursor;
pub use forwarded::forwarded;
pub use gateway_path::gateway_path;
pub use gateway_rules::gateway_rules;
pub use idempotency::idempotency;
pub use if_match::if_match;
pub use key::key;
pub use next_page::next_page;
pub use origin::origin;
pub use verify_body::verify_body;
