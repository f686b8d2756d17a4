//! The form that creates a gateway.

use leptos::prelude::*;

use super::fields::GatewayFieldset;
use super::form::{GatewayForm, read_fields};
use crate::components::list_page::{ItemForm, refusal_of};
use crate::components::post_form::Fields;
use crate::fns::gateways::CreateGateway;

/// Only the name is required. Afterwards the gateway's page is shown, which has the configuration for
/// each proxy.
#[component]
pub(super) fn CreateForm(action: ServerAction<CreateGateway>, close: Callback<()>) -> impl IntoView {
    let fields = GatewayForm::empty();
    let form = fields.live(refusal_of(action));
    let read = |fields: &Fields| Some(CreateGateway { fields: read_fields(fields) });
    view! {
        <ItemForm action read form label="Create gateway" close>
            <GatewayFieldset fields form is_new=true/>
        </ItemForm>
    }
}
