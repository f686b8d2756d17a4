//! The dialog that removes a gateway. It says what will stop working and asks for confirmation.

use leptos::prelude::*;
use model::{
    Timestamp,
    gateway::{GatewayActivity, GatewayDetails},
    time::DAY_SECONDS,
};

use crate::{
    components::{
        keys::{Moment, now},
        post_form::{Fields, PostForm},
        problem::{Refusal, refused},
        task_dialog::check_typed_name,
        users::LiveForm,
    },
    fns::gateways::RemoveGateway,
    ui::{Button, ButtonKind, Callout, Fact, Facts, FormActions, FormFields, TextField, Tone},
};

/// How long a gateway counts as in use after its last request: 7 days, as for keys.
const IN_USE_SECONDS: i64 = 7 * DAY_SECONDS;

/// Removes the gateway for good. If the gateway is in use, its name has to be typed.
#[component]
pub(super) fn RemovePanel(
    target: GatewayDetails,
    action: ServerAction<RemoveGateway>,
    close: Callback<()>,
) -> impl IntoView {
    let GatewayDetails { gateway, seen, .. } = target;
    let error = refused(move || action.value().get());
    let asks = is_in_use(&seen, now());
    let typed = RwSignal::new(String::new());
    let wanted = StoredValue::new(gateway.name.trim().to_owned());
    let form = LiveForm::new(move || check_typed_name(asks, &typed.get(), &wanted.get_value()), error);
    let label = format!("Type “{}” to confirm", gateway.name.trim());
    view! {
        <div class="dialog-parts" on:submit:capture=form.guard()>
            <Refusal error/>
            <WhatStops name=gateway.name seen/>
            <PostForm action=action read=read_removal>
                <input type="hidden" name="gateway_id" value=gateway.gateway_id.to_string()/>
                <FormFields>
                    {asks.then(|| view! {
                        <TextField
                            id="typed" label=label value=typed required=true
                            error=form.message("typed") on_leave=form.on_leave_of("typed")
                        />
                    })}
                </FormFields>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Danger submit=true loading=action.pending()>"Remove for good"</Button>
                </FormActions>
            </PostForm>
        </div>
    }
}

#[component]
fn WhatStops(name: String, seen: GatewayActivity) -> impl IntoView {
    view! {
        <Callout tone=Tone::Danger title=format!("“{name}” cannot be restored")>
            <Facts>
                <Fact label="What stops">"Proxies that use it will refuse every request."</Fact>
                <Fact label="Last request">
                    {match seen.last {
                        Some(last) => view! { <Moment at=last.at/> }.into_any(),
                        None => view! { "None so far" }.into_any(),
                    }}
                </Fact>
            </Facts>
            <p>
                "A new gateway would have another id, so the proxy's configuration would have to change. To block all requests \
                 for a time, edit the gateway instead and let nobody pass."
            </p>
        </Callout>
    }
}

fn read_removal(fields: &Fields) -> Option<RemoveGateway> {
    Some(RemoveGateway { gateway_id: fields.text("gateway_id").parse().ok()? })
}

/// Whether removing the gateway would probably break something.
fn is_in_use(seen: &GatewayActivity, now: Timestamp) -> bool {
    seen.last.as_ref().is_some_and(|last| now.seconds_since(last.at) < IN_USE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::gateway::{GatewayOutcome, ObservedRequest};

    #[test]
    fn a_gateway_with_a_request_within_a_week_is_in_use() {
        let at = Timestamp::from_seconds(0);
        let last = ObservedRequest { at, outcome: GatewayOutcome::NoKey.into(), key: None, address: None };
        let seen = GatewayActivity { first: None, last: Some(last) };
        assert!(is_in_use(&seen, Timestamp::from_seconds(IN_USE_SECONDS - 1)));
        assert!(!is_in_use(&seen, Timestamp::from_seconds(IN_USE_SECONDS)));
        assert!(!is_in_use(&GatewayActivity::default(), at));
    }
}
