//! The section about earlier secrets that still work.

use leptos::prelude::*;

use model::key::{GracePeriod, KeyDetails};

use crate::components::keys::form::{GracePeriodChoice, GracePeriodField, ProblemNote};
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::last_use::use_sentence;
use crate::components::list_page::{on_refusal, on_success, refusal_of};
use crate::fns::keys::{EndGrace, ExtendGrace};
use crate::state::toasts::use_toasts;
use crate::ui::{Button, ButtonKind, Dialog, FormActions, FormFields, Glyph, RelativeTime, Section};

/// 24 hours. A grace period is extended when replacing the secret takes longer than expected.
const EXTENSION_STANDARD: i64 = 86_400;

/// Shows until when the earlier secrets of a key work and when they were last used, and offers to end or extend their
/// grace period.
#[component]
pub fn GracePeriodPanel(details: KeyDetails) -> impl IntoView {
    let key_page = use_key_page();
    let toasts = use_toasts();
    let extending = RwSignal::new(false);
    on_success(key_page.end_grace, move |()| toasts.success("The old secret stopped working."));
    on_refusal(key_page.end_grace, move |error| toasts.danger(error.0.message));
    on_success(key_page.extend_grace, move |()| {
        extending.set(false);
        toasts.success("The grace period was extended.");
    });
    let KeyDetails { key, grace_periods, may_change, .. } = details;
    let key_id = StoredValue::new(key.key_id);
    let lines = grace_periods.into_iter().map(|grace| view! { <GracePeriodLine grace/> }).collect_view();
    let end = move |()| drop(key_page.end_grace.dispatch(EndGrace { key_id: key_id.get_value() }));
    let actions = may_change.then(|| view! {
        <div class="key-grace-period-actions">
            <Button small=true on_press=move |()| extending.set(true)>"Extend…"</Button>
            <Button small=true kind=ButtonKind::Danger icon=Glyph::Ban on_press=end loading=key_page.end_grace.pending()>
                "End now"
            </Button>
        </div>
    });
    let expires_at = key.fields.expires_at;
    view! {
        <Section id="grace-title" title="Old secret" action=move || actions>
            <ul class="key-grace-periods">{lines}</ul>
        </Section>
        <Dialog
            id="extend-grace"
            title="Extend the grace period"
            open=extending
            on_close_request=move |()| extending.set(false)
            keep_on_outside_press=true
        >
            <ExtendForm key_id=key_id.get_value() expires_at on_cancel=move |()| extending.set(false)/>
        </Dialog>
    }
}

#[component]
fn GracePeriodLine(grace: GracePeriod) -> impl IntoView {
    let GracePeriod { shown_prefix, valid_until, last_use } = grace;
    let used = match &last_use {
        None => "Not used since it was replaced.".to_owned(),
        used => use_sentence(used.as_ref()),
    };
    view! {
        <li class="key-grace-period">
            <code class="mono">{format!("{shown_prefix}…")}</code>
            " works until "
            <strong>{valid_until.to_text()}</strong>
            " ("<RelativeTime at=valid_until/>"). "
            {used}
        </li>
    }
}

#[component]
fn ExtendForm(
    key_id: model::id::KeyId,
    expires_at: Option<model::Timestamp>,
    #[prop(into)] on_cancel: Callback<()>,
) -> impl IntoView {
    let action = use_key_page().extend_grace;
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
