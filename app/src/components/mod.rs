//! Components that know the product's types, such as keys and users. Components without such knowledge are in `ui`.

pub mod for_admins;
pub mod gateways;
pub mod keys;
pub mod list_page;
pub mod metadata;
pub mod navigate;
pub mod polling;
pub mod post_form;
pub mod problem;
pub mod users;
