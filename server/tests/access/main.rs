//! Checks who may call what. A table lists every address of the REST API with every kind of caller. A missing address
//! or kind of caller fails a test.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where this fails")]

#[path = "../support/mod.rs"]
mod support;

mod case;
mod rest;
mod table;
mod words;
