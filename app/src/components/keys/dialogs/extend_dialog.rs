//! The dialog that extends the grace period of earlier secrets.

use leptos::prelude::*;

use model::Timestamp;
use model::id::KeyId;

use crate::components::keys::form::{GracePeriodChoice, GracePeriodField, ProblemNote};
use crate::components::keys::key_page_state::use_key_page;
use crate::components::list_page::refusal_of;
use crate::fns::keys::ExtendGrace;
use crate::state::toasts::use_toasts;
use crate::ui::{Button, ButtonKind, Dialog, FormActions, FormFields};

/// 24 hours. A grace period is extended when replacing the secret takes longer than expected.
const EXTENSION_STANDARD: i64 = 86_400;

/// The dialog is open while the page's `extending` names a key. It shows why an extension was refused. So it cannot be
/// part of the section about earlier secrets, which is rendered again after every answer.
#[component]
pub fn ExtendDialog() -> impl IntoView {
    let key_page = use_key_page();
    let toasts = use_toasts();
    let close = move |()| {
        key_page.extend_grace.renew();
        key_page.extending.set(None);
    };
    key_page.extend_grace.on_success(move |(), is_open| {
        if is_open {
            close(());
        }
        toasts.success("The grace period was extended.");
    });
    view! {
        <Dialog
            id="extend-grace"
            title="Extend the grace period"
            open=Signal::derive(move || key_page.extending.with(Option::is_some))
            on_close_request=close
            keep_on_outside_press=true
        >
            {key_page.extending.get().map(|(key_id, expires_at)| {
                view! { <ExtendForm key_id expires_at on_cancel=close/> }
            })}
        </Dialog>
    }
}

#[component]
fn ExtendForm(
    key_id: KeyId,
    expires_at: Option<Timestamp>,
    #[prop(into)] on_cancel: Callback<()>,
) -> impl IntoView {
    let action = use_key_page().extend_grace.current();
    let grace = GracePeriodChoice::new(EXTENSION_STANDARD);
    let extend = move |()| {
        if untrack(move || grace.is_valid()) {
            let draft = untrack(move || grace.draft());
            action.dispatch(ExtendGrace { key_id: key_id.clone(), draft });
        }
    };
    view! {
        <FormFields>
            <GracePeriodField legend="Grace period, counted from now" grace expires_at with_now=false/>
            <ProblemNote refused=refusal_of(action)/>
        </FormFields>
        <FormActions>
            <Button on_press=on_cancel>"Cancel"</Button>
            <Button kind=ButtonKind::Primary on_press=extend loading=action.pending()>"Extend"</Button>
        </FormActions>
    }
}
