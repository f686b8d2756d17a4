//! Search terms. A search matches terms that begin with its text, which is a range query on the table of terms.

mod search;
mod terms;
mod words;

pub use crate::outdated_terms::{any_outdated, renew};
pub(crate) use search::{Search, member};
pub(crate) use terms::{from_text, of_account, of_key, of_user, outdated_keys, to_text};
