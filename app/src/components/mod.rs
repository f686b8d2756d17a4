//! Components that know the product's types, such as keys and users. Components without such knowledge are in `ui`.

pub mod for_admins;
pub mod gateways;
pub mod keys;
pub mod loaded;
pub mod metadata;
pub mod navigate;
pub mod post_form;
pub mod problem;
pub mod search;
pub mod task_dialog;
pub mod users;
