//! The list of keys: its table, the search, filters and orders above it, and its pagination.

mod empty;
mod environment_filter;
mod filter_form;
mod filters;
mod key_table;
mod key_table_row;
mod metadata_filter;
mod pages;
mod search_form;
mod sort_menu;
mod view_tabs;

pub use empty::EmptyKeys;
pub use environment_filter::EnvironmentFilter;
pub use filters::{FilterChips, OwnerFilter, PermissionFilter};
pub use key_table::{KeyTable, KeyTableHead};
pub use metadata_filter::MetadataFilter;
pub use pages::KeyPages;
pub use search_form::SearchForm;
pub use sort_menu::SortMenu;
pub use view_tabs::ViewTabs;
