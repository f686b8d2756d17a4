//! Organizations: callers read and change their own, and the operator creates and removes them.

mod create;
mod get;
mod remove;
mod update;
