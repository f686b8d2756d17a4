//! The fuzz targets: functions that take any bytes, pass them to code that reads client input, and assert what must
//! hold.
//!
//! `fuzz/` runs them for hours with libFuzzer, which guides the inputs to new code. The tests run them on all inputs
//! that were kept from those runs, and on inputs derived from these (`replay.rs`). Inputs are lines of text, so that
//! people can read them.

#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a target panics where what it asserts does not hold"
)]

mod api_path;
mod body;
mod config_file;
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
pub use config_file::config_file;
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
