//! Members of organizations. A removed member keeps the row, because keys and audit records point to it; hardly any
//! function here finds it again.

mod find;
mod list;
mod row;
mod write;

pub use find::{
    Membership, account_of, count_admins, find, find_active, find_anywhere, find_by_email, find_everywhere,
    memberships, names,
};
pub use list::list;
pub use write::{insert, link_account, lock_active, remove, update};
