//! The organization: looking at it and changing it.

mod get;
mod update;
