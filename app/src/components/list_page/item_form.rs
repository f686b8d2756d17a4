//! The form that creates or changes an item, in a dialog.

use leptos::prelude::*;
use model::problem::Code;

use super::actions::{ConsoleFn, refusal_of};
use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::Refusal;
use crate::components::users::LiveForm;
use crate::error::ConsoleError;
use crate::ui::{Button, ButtonKind, Callout, FormActions, FormFields, Glyph, Tone};

/// The fields, the buttons below them, and above them why the action was refused.
#[component]
pub fn ItemForm<S: ConsoleFn>(
    action: ServerAction<S>,
    /// Makes the call from the fields.
    read: fn(&Fields) -> Option<S>,
    form: LiveForm,
    /// What a form changes, such as "this gateway", if the server refuses changes of an older state.
    #[prop(optional)]
    what: Option<&'static str>,
    /// The text of the button that sends the form.
    label: &'static str,
    close: Callback<()>,
    /// The fields, also hidden ones.
    children: Children,
) -> impl IntoView {
    let error = refusal_of(action);
    view! {
        <div class="dialog-parts" on:submit:capture=form.guard() on:input=move |_| action.clear()>
            <FormRefusal error what close/>
            <PostForm action read>
                <FormFields>{children()}</FormFields>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary submit=true loading=action.pending()>{label}</Button>
                </FormActions>
            </PostForm>
        </div>
    }
}

/// Why the action was refused. If someone else made a change first, a button closes the dialog, because the page behind
/// it shows that change.
#[component]
fn FormRefusal(
    error: Signal<Option<ConsoleError>>,
    what: Option<&'static str>,
    close: Callback<()>,
) -> impl IntoView {
    let is_stale =
        move |error: &ConsoleError| what.is_some() && matches!(error.code(), Code::Conflict | Code::NotFound);
    let general =
        Signal::derive(move || error.get().filter(|error| error.0.fields.is_empty() && !is_stale(error)));
    let stale = move || what.filter(|_| error.with(|error| error.as_ref().is_some_and(is_stale)));
    view! {
        <Refusal error=general/>
        {move || stale().map(|what| view! {
            <Callout tone=Tone::Danger title=format!("Someone else has changed {what}") alert=true>
                "Nothing was changed. Look at the current version, then try again."
                <p class="key-reload">
                    <Button small=true icon=Glyph::Refresh on_press=close>"Show the current version"</Button>
                </p>
            </Callout>
        })}
    }
}
