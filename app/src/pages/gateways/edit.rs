//! The form that edits a gateway.

use leptos::prelude::*;
use model::gateway::GatewayDetails;

use super::fields::GatewayFieldset;
use super::form::{GatewayForm, read_fields};
use crate::components::list_page::{ItemForm, refusal_of};
use crate::components::post_form::Fields;
use crate::fns::gateways::UpdateGateway;

/// The fields with the gateway's values. The server refuses the change if the gateway has changed since the form was
/// loaded.
#[component]
pub(super) fn EditForm(
    target: GatewayDetails,
    action: ServerAction<UpdateGateway>,
    back: String,
    close: Callback<()>,
) -> impl IntoView {
    let gateway = target.gateway;
    let fields = GatewayForm::of(&gateway);
    let form = fields.live(refusal_of(action));
    view! {
        <ItemForm action read=read_update form what="this gateway" label="Save changes" close>
            <input type="hidden" name="gateway_id" value=gateway.gateway_id.to_string()/>
            <input type="hidden" name="saw" value=gateway.updated_at.to_rfc3339()/>
            <input type="hidden" name="back" value=back/>
            <GatewayFieldset fields form/>
        </ItemForm>
    }
}

fn read_update(fields: &Fields) -> Option<UpdateGateway> {
    Some(UpdateGateway {
        gateway_id: fields.text("gateway_id").parse().ok()?,
        fields: read_fields(fields),
        saw: model::Timestamp::parse(&fields.text("saw")).ok(),
        back: fields.get("back"),
    })
}
