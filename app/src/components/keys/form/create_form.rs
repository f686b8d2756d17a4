//! The form for a new key.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use model::key::KeyOwner;
use model::session::Me;
use model::user::Role;

use super::environment_field::EnvironmentField;
use super::errors::{fields_of, focus_first_bad};
use super::form_fields::{KeyFields, NameField};
use super::owner_field::{OwnerChoice, OwnerField};
use super::problem_note::ProblemNote;
use super::state::KeyForm;
use super::values::KeyValues;
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::needs_javascript::NeedsJavaScript;
use crate::components::list_page::{on_refusal, refusal_of};
use crate::fns::keys::{CreateKey, key_settings};
use crate::hydration::use_hydrated;
use crate::ui::{Button, ButtonKind, FormActions, FormFields};

/// The form for a new key. Only the name is required.
#[component]
pub fn CreateForm(
    /// The initial values of the fields.
    values: KeyValues,
    me: Me,
    /// The owner selected at first; `None` for the signed-in user. Only admins can choose an owner.
    owner: Option<KeyOwner>,
    on_cancel: Callback<()>,
) -> impl IntoView {
    let create = use_key_page().create;
    create.renew();
    let action = create.current();
    let refused = refusal_of(action);
    let form = KeyForm::for_new(values);
    let role = me.role;
    let owner = OwnerChoice::new(me, owner.filter(|_| role == Role::Admin));
    let hydrated = use_hydrated();
    let settings = Action::new(|(): &()| key_settings());
    Effect::new(move || drop(settings.dispatch(())));
    let default_limit = Signal::derive(move || Some(settings.value().get()?.ok()?.rate_limit_default));
    on_refusal(action, |error| focus_first_bad(&fields_of(&error.0)));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if !action.pending().get_untracked() && form.try_send() {
            action.dispatch(CreateKey { owner: owner.chosen(), draft: form.draft() });
        }
    };
    view! {
        <form novalidate=true on:submit=send>
            <FormFields>
                <NameField form refused/>
                {(role == Role::Admin).then(|| view! { <OwnerField owner/> })}
                <EnvironmentField form refused/>
                <KeyFields form refused role default_limit owner=Signal::derive(move || owner.known())/>
                <ProblemNote refused/>
                <NeedsJavaScript/>
            </FormFields>
            <FormActions>
                <Button on_press=on_cancel>"Cancel"</Button>
                <Button
                    kind=ButtonKind::Primary
                    submit=true
                    disabled=Signal::derive(move || !hydrated.get())
                    loading=action.pending()
                >
                    "Create key"
                </Button>
            </FormActions>
        </form>
    }
}
