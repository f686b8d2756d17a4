//! The dialog that disables a service account for good. It says what will stop working and asks for confirmation.

use leptos::prelude::*;
use model::{
    Timestamp,
    service_account::{AccountStatus, AccountUse, ServiceAccount, ServiceAccountDetails},
    time::DAY_SECONDS,
};

use super::row::ServiceAccountLastUse;
use crate::{
    components::{
        keys::{keys_text, now},
        post_form::{Fields, PostForm},
        problem::{Refusal, refused},
        task_dialog::check_typed_name,
        users::LiveForm,
    },
    fns::service_accounts::DisableServiceAccount,
    ui::{Button, ButtonKind, Callout, Fact, Facts, FormActions, FormFields, TextField, Tone},
};

/// How long a service account counts as in use after the last use of one of its keys: 7 days, as for keys.
const IN_USE_SECONDS: i64 = 7 * DAY_SECONDS;

/// Ends the service account and all its keys. If the service account is in use, its name has to be typed.
#[component]
pub(super) fn DisablePanel(
    target: ServiceAccountDetails,
    action: ServerAction<DisableServiceAccount>,
    back: String,
    close: Callback<()>,
) -> impl IntoView {
    let ServiceAccountDetails { account: service_account, usage, .. } = target;
    if service_account.status() == AccountStatus::Disabled {
        return view! { <Callout tone=Tone::Neutral>"This service account is already disabled."</Callout> }
            .into_any();
    }
    let error = refused(move || action.value().get());
    let asks = is_in_use(usage, now());
    let typed = RwSignal::new(String::new());
    let wanted = StoredValue::new(service_account.name.trim().to_owned());
    let form = LiveForm::new(move || check_typed_name(asks, &typed.get(), &wanted.get_value()), error);
    let ServiceAccount { service_account_id, name, .. } = service_account;
    let shown_name = name.clone();
    let label = format!("Type “{}” to confirm", name.trim());
    view! {
        <div class="dialog-parts" on:submit:capture=form.guard()>
            <Refusal error/>
            <WhatStops name=shown_name usage/>
            <PostForm action=action read=read_disable>
                <input type="hidden" name="service_account_id" value=service_account_id.to_string()/>
                <input type="hidden" name="back" value=back/>
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
                    <Button kind=ButtonKind::Danger submit=true loading=action.pending()>"Disable for good"</Button>
                </FormActions>
            </PostForm>
        </div>
    }
    .into_any()
}

#[component]
fn WhatStops(name: String, usage: AccountUse) -> impl IntoView {
    let keys = match (usage.keys.number, usage.keys.or_more) {
        (0, _) => "It has no working keys.".to_owned(),
        (1, false) => "1 key stops working at once and cannot be restored.".to_owned(),
        _ => format!("{} stop working at once and cannot be restored.", keys_text(usage.keys)),
    };
    view! {
        <Callout tone=Tone::Danger title=format!("“{name}” cannot be restored")>
            <Facts>
                <Fact label="What stops">{keys}</Fact>
                <Fact label="Last used"><ServiceAccountLastUse usage/></Fact>
            </Facts>
            <p>
                "Its history stays, and its name can be used for another service account. To stop it only for a time, disable \
                 its keys one by one instead. You can enable them again."
            </p>
        </Callout>
    }
}

fn read_disable(fields: &Fields) -> Option<DisableServiceAccount> {
    let service_account_id = fields.text("service_account_id").parse().ok()?;
    Some(DisableServiceAccount { service_account_id, back: fields.get("back") })
}

/// Whether ending the service account would probably break something. If the service account has too many keys to know
/// when they were last used, it counts as in use.
fn is_in_use(usage: AccountUse, now: Timestamp) -> bool {
    let is_recent = |at: Timestamp| now.seconds_since(at) < IN_USE_SECONDS;
    usage.last_used_at.map_or(usage.keys.or_more, is_recent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::key::Count;

    fn usage(last_used_at: Option<i64>, or_more: bool) -> AccountUse {
        AccountUse {
            keys: Count { number: 1, or_more },
            last_used_at: last_used_at.map(Timestamp::from_seconds),
        }
    }

    #[test]
    fn a_service_account_used_within_a_week_is_in_use() {
        let now = Timestamp::from_seconds(7 * DAY_SECONDS);
        for (usage, is_used) in [
            (usage(Some(1), false), true),
            (usage(Some(0), false), false),
            (usage(None, false), false),
            (usage(None, true), true),
        ] {
            assert_eq!(is_in_use(usage, now), is_used, "{usage:?}");
        }
    }
}
