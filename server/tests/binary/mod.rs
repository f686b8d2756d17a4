//! Starts, uses and stops the real binary in a folder of its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where this fails"
)]
#![allow(dead_code, unused_imports, reason = "each test binary uses a part of this")]

mod dice;
mod process;
mod rest;
mod small_disk;

pub use dice::Dice;
pub use process::{Running, Starting, TestFolder, binary};
pub use rest::{Answer, Rest};
pub use small_disk::SmallDisk;

/// The admin of every organization that [`TestFolder::bootstrap`] creates.
pub const ADMIN: &str = "ada@acme.example";
