//! The dialog that removes a gateway. It says what will stop working and asks for confirmation.

use leptos::prelude::*;
use model::gateway::GatewayDetails;

use crate::components::keys::{Moment, now};
use crate::components::list_page::{EndForm, is_in_use};
use crate::components::post_form::Fields;
use crate::fns::gateways::RemoveGateway;
use crate::ui::{Fact, Facts};

/// Removes the gateway for good. If the gateway is in use, its name has to be typed.
#[component]
pub(super) fn RemovePanel(
    target: GatewayDetails,
    action: ServerAction<RemoveGateway>,
    close: Callback<()>,
) -> impl IntoView {
    let GatewayDetails { gateway, seen, .. } = target;
    let hidden = vec![("gateway_id", gateway.gateway_id.to_string())];
    let last_request_at = seen.last.map(|last| last.at);
    let in_use = last_request_at.is_some_and(|at| is_in_use(at, now()));
    let last_request = match last_request_at {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => view! { "None so far" }.into_any(),
    };
    view! {
        <EndForm action read=read_removal hidden name=gateway.name in_use label="Remove for good" close>
            <Facts>
                <Fact label="What stops">"Proxies that use it will refuse every request."</Fact>
                <Fact label="Last request">{last_request}</Fact>
            </Facts>
            <p>
                "A new gateway would have another id, so the proxy's configuration would have to change. To block all requests \
                 for a time, edit the gateway instead and let nobody pass."
            </p>
        </EndForm>
    }
}

fn read_removal(fields: &Fields) -> Option<RemoveGateway> {
    Some(RemoveGateway { gateway_id: fields.text("gateway_id").parse().ok()? })
}
