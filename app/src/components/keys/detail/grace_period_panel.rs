//! The section about earlier secrets that still work.

use leptos::prelude::*;

use model::key::{GracePeriod, KeyDetails};

use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::last_use::use_sentence;
use crate::components::list_page::{on_refusal, on_success};
use crate::fns::keys::EndGrace;
use crate::state::toasts::use_toasts;
use crate::ui::{Button, ButtonKind, Glyph, RelativeTime, Section};

/// Shows until when the earlier secrets of a key work and when they were last used, and offers to end or extend their
/// grace period.
#[component]
pub fn GracePeriodPanel(details: KeyDetails) -> impl IntoView {
    let key_page = use_key_page();
    let toasts = use_toasts();
    on_success(key_page.end_grace, move |()| toasts.success("The old secret stopped working."));
    on_refusal(key_page.end_grace, move |error| toasts.danger(error.0.message));
    let KeyDetails { key, grace_periods, may_change, .. } = details;
    let (key_id, expires_at) = (StoredValue::new(key.key_id), key.fields.expires_at);
    let lines = grace_periods.into_iter().map(|grace| view! { <GracePeriodLine grace/> }).collect_view();
    let end = move |()| drop(key_page.end_grace.dispatch(EndGrace { key_id: key_id.get_value() }));
    let actions = may_change.then(|| view! {
        <div class="key-grace-period-actions">
            <Button small=true on_press=move |()| key_page.extending.set(Some((key_id.get_value(), expires_at)))>"Extend…"</Button>
            <Button small=true kind=ButtonKind::Danger icon=Glyph::Ban on_press=end loading=key_page.end_grace.pending()>
                "End now"
            </Button>
        </div>
    });
    view! {
        <Section id="grace-title" title="Old secret" action=move || actions>
            <ul class="key-grace-periods">{lines}</ul>
        </Section>
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
