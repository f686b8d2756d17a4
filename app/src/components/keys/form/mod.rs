//! The fields of the forms that create, change and rotate keys, and what the person has entered in them.

mod create_form;
mod environment_field;
mod errors;
mod expiry;
mod expiry_field;
mod form_fields;
mod grace_period;
mod grace_period_field;
mod owner_field;
mod permission_field;
mod problem_note;
mod scope_row;
mod scopes_field;
mod state;
mod values;

pub use create_form::CreateForm;
pub use errors::{fields_of, focus_first_bad};
pub use form_fields::{KeyFields, NameField};
pub use grace_period_field::{GracePeriodChoice, GracePeriodField};
pub use owner_field::{has_more, owner_text};
pub use problem_note::{ProblemNote, changed_meanwhile};
pub use state::KeyForm;
pub use values::KeyValues;
