//! What the baselines read and answer.

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct Question {
    pub(super) key: String,
}

#[derive(Serialize)]
pub(super) struct Verdict {
    pub(super) valid: bool,
    pub(super) code: &'static str,
    pub(super) key_id: String,
    pub(super) name: &'static str,
    pub(super) permissions: [&'static str; 2],
    pub(super) remaining: u32,
}
