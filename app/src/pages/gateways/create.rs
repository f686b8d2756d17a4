//! The form that creates a gateway.

use leptos::prelude::*;

use super::{
    fields::GatewayFieldset,
    form::{GatewayForm, read_fields},
};
use crate::{
    components::{
        post_form::{Fields, PostForm},
        problem::{Refusal, refused},
    },
    fns::gateways::CreateGateway,
    ui::{Button, ButtonKind, FormActions, FormFields},
};

/// Only the name is required. Afterwards the server redirects to the gateway's page, which has the configuration for
/// each proxy.
#[component]
pub(super) fn CreateForm(action: ServerAction<CreateGateway>, close: Callback<()>) -> impl IntoView {
    let fields = GatewayForm::empty();
    let error = refused(move || action.value().get());
    let form = fields.live(error);
    let general = Signal::derive(move || error.get().filter(|error| error.0.fields.is_empty()));
    let read = |fields: &Fields| Some(CreateGateway { fields: read_fields(fields) });
    view! {
        <div class="dialog-parts" on:submit:capture=form.guard() on:input=move |_| action.value().set(None)>
            <Refusal error=general/>
            <PostForm action=action read>
                <FormFields>
                    <GatewayFieldset fields form is_new=true/>
                </FormFields>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary submit=true loading=action.pending()>"Create gateway"</Button>
                </FormActions>
            </PostForm>
        </div>
    }
}
