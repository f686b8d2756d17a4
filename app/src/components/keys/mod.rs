//! Components for keys: the list, the forms and dialogs, the sections of a key's page, and what these share.

mod clock;
mod count;
mod detail;
mod dialogs;
mod environment;
mod form;
mod key_menu;
mod key_page_state;
mod last_use;
mod links;
mod list;
mod list_path;
mod metadata_filters;
mod needs_javascript;
mod permission_text;
#[cfg(test)]
mod sample;
mod spaced;
mod status;
mod task;

pub use clock::now;
pub use count::keys_text;
pub use detail::{GracePeriodPanel, History, KeyActions, KeyFacts, KeyRights, Moment, row_of};
pub use dialogs::{CreateDialog, ExtendDialog, KeyDialogs};
pub use environment::EnvironmentBadge;
pub use key_page_state::KeyPageState;
pub use last_use::LastUsed;
pub use list::{
    EmptyKeys, EnvironmentFilter, FilterChips, KeyPages, KeyTable, KeyTableHead, MetadataFilter, OwnerFilter,
    PermissionFilter, SearchForm, SortMenu, ViewTabs,
};
pub use list_path::KeyListPath;
pub use needs_javascript::NeedsJavaScript;
pub use permission_text::permission_text;
pub use spaced::spaced;
pub use status::KeyStatusBadge;
