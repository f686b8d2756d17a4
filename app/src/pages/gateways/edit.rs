//! The form that edits a gateway.

use leptos::prelude::*;
use model::gateway::GatewayDetails;

use super::{
    fields::GatewayFieldset,
    form::{GatewayForm, read_fields},
};
use crate::{
    components::{
        post_form::{Fields, PostForm},
        problem::refused,
        task_dialog::ChangeRefusal,
    },
    fns::gateways::UpdateGateway,
    ui::{Button, ButtonKind, FormActions, FormFields},
};

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
    let error = refused(move || action.value().get());
    let form = fields.live(error);
    view! {
        <div class="dialog-parts" on:submit:capture=form.guard() on:input=move |_| action.value().set(None)>
            <ChangeRefusal error what="this gateway" close/>
            <PostForm action=action read=read_update>
                <input type="hidden" name="gateway_id" value=gateway.gateway_id.to_string()/>
                <input type="hidden" name="saw" value=gateway.updated_at.to_rfc3339()/>
                <input type="hidden" name="back" value=back/>
                <FormFields>
                    <GatewayFieldset fields form/>
                </FormFields>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary submit=true loading=action.pending()>"Save changes"</Button>
                </FormActions>
            </PostForm>
        </div>
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
