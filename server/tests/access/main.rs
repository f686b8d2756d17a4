//! Who may call what. Each front has its table, in which every address stands with every kind of caller; one that is
//! missing fails the test.

#[path = "../support/mod.rs"]
mod support;

mod rest;
