//! The form field for the environment of a new key.

use leptos::prelude::*;

use model::key::ENVIRONMENT_LENGTH_MAX;

use super::errors::field_id;
use super::state::KeyForm;
use crate::components::keys::environment::ENVIRONMENTS_OFFERED;
use crate::error::ConsoleError;
use crate::ui::{TextField, typed_length};

/// Offers the usual environments, and accepts any other word.
#[component]
pub fn EnvironmentField(form: KeyForm, refused: Signal<Option<ConsoleError>>) -> impl IntoView {
    view! {
        <TextField
            id=field_id("environment")
            label="Environment"
            hint=Some("For example live, test or staging. It cannot be changed later.".to_owned())
            suggestions=&ENVIRONMENTS_OFFERED
            length_max=typed_length(ENVIRONMENT_LENGTH_MAX)
            value=form.part(|values| values.environment.clone(), |values, word| values.environment = word)
            on_leave=move |()| form.leave("environment")
            error=form.error("environment", refused)
        />
    }
    .into_any()
}
