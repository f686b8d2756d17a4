//! Parts of pages that know the domain.

pub mod for_admins;
pub mod gateways;
pub mod go;
pub mod keys;
pub mod people;
pub mod post_form;
pub mod problem;
pub mod search;
pub mod subject;
pub mod task_dialog;
