//! Users of organizations. A removed user keeps its row, because keys and audit records refer to it. Most functions
//! here ignore removed users.

mod find;
mod list;
mod memberships;
pub(crate) mod outdated_terms;
mod row;
mod write;

pub use find::{
    Membership, account_of, count_admins, find, find_active, find_anywhere, find_by_email, find_everywhere,
    memberships, names, of_account,
};
pub use list::list;
pub use memberships::list_memberships;
pub use write::{insert, link_account, lock_active, remove, update};
