//! API keys: their rows, their totals, what a search finds them by, and their earlier secrets.

mod accounts;
mod change;
mod ended;
mod ended_counts;
mod expire;
mod find;
mod graces;
mod insert;
mod list;
mod marks;
mod moved;
mod page;
mod restore;
mod row;
mod secrets;
mod terms;
mod totals;
mod uses;

pub use accounts::uses_of_accounts;
pub use change::update;
pub use ended::{EndedBatch, revoke_ended, revoke_ended_key};
pub use expire::{Noted, any_due, note_due};
pub use find::{Credential, Holder, find, find_by_hash, find_named, holders_of_name, names};
pub use graces::{end_graces, graces, retire_secret, set_grace_end, shorten_graces};
pub use insert::{insert, insert_many, insert_with_past};
pub use list::list_of_user;
pub use page::page;
pub use secrets::{Secret, each_secret, earlier_secrets, owners};
pub use totals::{count_ended, count_live, totals, totals_of_user};
pub use uses::{Use, record_uses};
