//! The form that creates a service account.

use leptos::prelude::*;

use super::fields::{ServiceAccountFields, ServiceAccountFieldset, read_metadata};
use crate::{
    components::{
        post_form::{Fields, PostForm},
        problem::{Refusal, refused},
    },
    fns::service_accounts::CreateServiceAccount,
    ui::{Button, ButtonKind, FormActions, FormFields},
};

/// Asks for name, description, permissions and metadata. Afterwards the server redirects to the service account's page, where its
/// first key can be created.
#[component]
pub(super) fn CreateForm(action: ServerAction<CreateServiceAccount>, close: Callback<()>) -> impl IntoView {
    let fields = ServiceAccountFields::empty();
    let error = refused(move || action.value().get());
    let form = fields.form(error);
    let general = Signal::derive(move || error.get().filter(|error| error.0.fields.is_empty()));
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
        <div class="dialog-parts" on:submit:capture=form.guard() on:input=move |_| action.value().set(None)>
            <Refusal error=general/>
            <PostForm action=action read>
                <FormFields>
                    <ServiceAccountFieldset fields form/>
                </FormFields>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary submit=true loading=action.pending()>
                        "Create service account"
                    </Button>
                </FormActions>
            </PostForm>
        </div>
    }
}
