//! Who may call what. Each front has its table, in which every address stands with every kind of caller; one that is
//! missing fails the test.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

#[path = "../support/mod.rs"]
mod support;

mod case;
mod rest;
mod table;
mod words;
