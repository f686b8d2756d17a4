//! API keys: their rows, totals, search terms and earlier secrets.

mod change;
mod ended;
mod ended_counts;
mod expire;
mod expiry_flags;
mod find;
mod flag_sweep;
mod grace_periods;
mod insert;
mod key_search_terms;
mod list;
mod normalize;
mod outdated_terms;
mod page;
mod restore;
mod row;
mod secrets;
mod service_accounts;
mod status_change;
mod totals;
mod uses;

pub use change::update;
pub use ended::{EndedBatch, revoke_ended, revoke_ended_key};
pub use expire::{SweepReport, any_due, sweep_due};
pub use find::{Credential, CredentialOwner, find, find_by_hash, find_named, keys_with_name, names};
pub use grace_periods::{
    end_grace_periods, grace_periods, keep_earlier_secret, set_grace_period_end, shorten_grace_periods,
};
pub use insert::{insert, insert_many, insert_with_past};
pub use list::list_of_user;
pub(crate) use normalize::normalize_name;
pub(crate) use outdated_terms::{ANY_OUTDATED, renew_terms};
pub use page::page;
pub use secrets::{Secret, each_secret, earlier_secrets, owners};
pub use service_accounts::uses_of_service_accounts;
pub use totals::{count_ended, count_live, totals, totals_of_user};
pub use uses::{Use, record_uses};
