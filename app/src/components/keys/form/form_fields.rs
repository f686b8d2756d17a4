//! The fields that the form for a new key and the form for a change have in common.

use leptos::prelude::*;

use model::key::{DESCRIPTION_LENGTH_MAX, FoundOwner, NAME_LENGTH_MAX};
use model::user::Role;

use super::errors::field_id;
use super::expiry_field::ExpiryField;
use super::permission_field::PermissionField;
use super::scopes_field::ScopesField;
use super::state::KeyForm;
use crate::components::metadata::MetadataField;
use crate::error::ConsoleError;
use crate::ui::{TextArea, TextField, typed_length};

/// Permission, expiry, rate limit, description, scopes and metadata. The name is a component of its own, because the
/// form for a new key shows the owner and the environment below it.
#[component]
pub fn KeyFields(
    form: KeyForm,
    refused: Signal<Option<ConsoleError>>,
    /// The role of the signed-in user.
    role: Role,
    /// The owner, if known.
    #[prop(optional, into)]
    owner: Signal<Option<FoundOwner>>,
    /// How many requests per minute a key without a limit of its own may make, if known.
    #[prop(optional, into)]
    default_limit: Signal<Option<u32>>,
) -> impl IntoView {
    let limit_hint = Signal::derive(move || {
        let default =
            default_limit.get().map_or_else(String::new, |limit| format!(" ({limit} requests per minute)"));
        Some(format!("Requests per minute. If this is empty, the default limit applies{default}."))
    });
    view! {
        <PermissionField form refused role owner/>
        <ExpiryField form refused/>
        <TextField
            id=field_id("rate_limit_override")
            label="Rate limit"
            kind="number"
            optional=true
            value=form.part(|values| values.rate_limit.clone(), |values, limit| values.rate_limit = limit)
            hint=limit_hint
            on_leave=move |()| form.leave("rate_limit_override")
            error=form.error("rate_limit_override", refused)
        />
        <TextArea
            id=field_id("description")
            label="Description"
            optional=true
            rows=2
            length_max=typed_length(DESCRIPTION_LENGTH_MAX)
            value=form.part(|values| values.description.clone(), |values, text| values.description = text)
            error=form.error("description", refused)
        />
        <ScopesField form refused/>
        <MetadataField
            id=field_id("metadata")
            rows=form.part(|values| values.metadata.clone(), |values, rows| values.metadata = rows)
            errors=form.errors_of_rows("metadata", refused)
            on_leave=Callback::new(move |()| form.leave("metadata"))
        />
    }
    .into_any()
}

/// The name, which is the only required field.
#[component]
pub fn NameField(form: KeyForm, refused: Signal<Option<ConsoleError>>) -> impl IntoView {
    view! {
        <TextField
            id=field_id("name")
            label="Name"
            placeholder="billing-service"
            hint=Some("Name the program that uses the key, so that colleagues know what depends on it.".to_owned())
            autofocus=true
            length_max=typed_length(NAME_LENGTH_MAX)
            value=form.part(|values| values.name.clone(), |values, name| values.name = name)
            on_leave=move |()| form.leave("name")
            error=form.error("name", refused)
        />
    }
    .into_any()
}
