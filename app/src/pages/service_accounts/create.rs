//! The form that creates a service account.

use leptos::prelude::*;

use super::fields::{ServiceAccountFields, ServiceAccountFieldset, read_metadata};
use crate::components::list_page::{ItemForm, refusal_of};
use crate::components::post_form::Fields;
use crate::fns::service_accounts::CreateServiceAccount;

/// Asks for name, description, permissions and metadata. Afterwards the service account's page is shown,
/// where its first key can be created.
#[component]
pub(super) fn CreateForm(action: ServerAction<CreateServiceAccount>, close: Callback<()>) -> impl IntoView {
    let fields = ServiceAccountFields::empty();
    let form = fields.form(refusal_of(action));
    let read = |fields: &Fields| {
        Some(CreateServiceAccount {
            name: fields.text("name"),
            description: fields.text("description"),
            rights: Some(fields.all("rights[]")),
            other: fields.text("other"),
            metadata: Some(read_metadata(fields)),
        })
    };
    view! {
        <ItemForm action read form label="Create service account" close>
            <ServiceAccountFieldset fields form/>
        </ItemForm>
    }
}
