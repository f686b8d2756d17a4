//! The dialog that disables a service account for good. It says what will stop working and asks for confirmation.

use leptos::prelude::*;
use model::Timestamp;
use model::service_account::{AccountStatus, AccountUse, ServiceAccount, ServiceAccountDetails};

use super::row::ServiceAccountLastUse;
use crate::components::keys::{keys_text, now};
use crate::components::list_page::{self, EndForm};
use crate::components::post_form::Fields;
use crate::fns::service_accounts::DisableServiceAccount;
use crate::ui::{Callout, Fact, Facts, Tone};

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
    let ServiceAccount { service_account_id, name, .. } = service_account;
    let hidden = vec![("service_account_id", service_account_id.to_string()), ("back", back)];
    let keys = match (usage.keys.number, usage.keys.or_more) {
        (0, _) => "It has no working keys.".to_owned(),
        (1, false) => "1 key stops working at once and cannot be restored.".to_owned(),
        _ => format!("{} stop working at once and cannot be restored.", keys_text(usage.keys)),
    };
    view! {
        <EndForm
            action read=read_disable hidden name in_use=is_in_use(usage, now()) label="Disable for good" close
        >
            <Facts>
                <Fact label="What stops">{keys}</Fact>
                <Fact label="Last used"><ServiceAccountLastUse usage/></Fact>
            </Facts>
            <p>
                "Its history stays, and its name can be used for another service account. To stop it only for a time, disable \
                 its keys one by one instead. You can enable them again."
            </p>
        </EndForm>
    }
    .into_any()
}

fn read_disable(fields: &Fields) -> Option<DisableServiceAccount> {
    let service_account_id = fields.text("service_account_id").parse().ok()?;
    Some(DisableServiceAccount { service_account_id, back: fields.get("back") })
}

/// Whether ending the service account would probably break something. If the service account has too many keys to know
/// when they were last used, it counts as in use.
fn is_in_use(usage: AccountUse, now: Timestamp) -> bool {
    usage.last_used_at.map_or(usage.keys.or_more, |at| list_page::is_in_use(at, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::key::Count;
    use model::time::DAY_SECONDS;

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
