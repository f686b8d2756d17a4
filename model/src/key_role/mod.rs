//! Roles of keys: sets of permissions with a name, such as `billing-reader`. What a member may do in the organization
//! is another kind of role ([`crate::user::Role`]).

mod draft;
mod held;
mod name;

pub use draft::{
    HELD_ROLES_MAX, KEY_ROLES_MAX, KeyRoleDraft, KeyRoleFields, ROLE_DESCRIPTION_LENGTH_MAX, check_role_names,
};
pub use held::{all_held, find_circle};
pub use name::{KEY_ROLE_NAME_LENGTH_MAX, KeyRoleName};
