//! The parts of pages that list items. What a page lists and which of its dialogs is open are in its path, so that
//! every list and every dialog is a link, works before WebAssembly arrives, and follows the browser's Back button.

mod actions;
mod debounce;
mod dialog_action;
mod end_form;
mod filter_form;
mod item_actions;
mod item_form;
mod item_list;
mod page;
mod path;
mod reloaded;
mod rows;
mod search;
mod task_dialog;

pub use actions::{ConsoleFn, on_refusal, on_success, refusal_of};
pub use debounce::Debounce;
pub use dialog_action::DialogAction;
pub use end_form::{EndForm, is_in_use};
pub use filter_form::FilterForm;
pub use item_actions::ItemActions;
pub use item_form::ItemForm;
pub use item_list::ItemList;
pub use page::ListPage;
pub use path::{ItemDialog, ListFilter, ListPath, OpenDialog, dialog_link};
pub use reloaded::Reloaded;
pub use rows::Rows;
pub use search::LiveSearch;
pub use task_dialog::{DialogFrame, TaskDialog};
