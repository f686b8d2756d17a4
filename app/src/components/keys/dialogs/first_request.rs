//! Shows when a new secret is used for the first time.

use leptos::prelude::*;

use model::id::KeyId;
use model::key::LastUse;

use crate::components::polling::Polling;
use crate::fns::FnResult;
use crate::ui::{Badge, Button, Glyph, Tone};
use crate::{live, paths};

/// How long the dialog asks before the person has to press a button: 10 minutes.
const ASKS_SECONDS: u32 = 10 * 60;

/// Waits for the first request with the secret, and says so when it has come.
#[component]
pub fn FirstRequest(key_id: KeyId) -> impl IntoView {
    let ask = Action::new(|key_id: &KeyId| last_use(key_id.clone()));
    let seen = Memo::new(move |before: Option<&Option<String>>| {
        // Once a request was seen, the message stays, even if asking the server fails afterwards.
        before.cloned().flatten().or_else(|| {
            let used = ask.value().get()?.ok()??;
            Some(used.address.map_or_else(
                || "First request seen.".to_owned(),
                |from| format!("First request seen, from {from}."),
            ))
        })
    });
    let ask_again = move || {
        if seen.with_untracked(Option::is_none) && !ask.pending().get_untracked() {
            ask.dispatch(key_id.clone());
        }
    };
    let polling = Polling::start(ASKS_SECONDS, ask_again);
    let has_stopped = Memo::new(move |_| seen.with(Option::is_none) && polling.is_over());
    let badge = move || match seen.get() {
        Some(words) => view! { <Badge tone=Tone::Success icon=Glyph::CircleCheck>{words}</Badge> }.into_any(),
        None if has_stopped.get() => {
            view! { <Badge icon=Glyph::Hourglass>"No request in 10 minutes. Checking has stopped."</Badge> }
                .into_any()
        }
        None => view! { <Badge icon=Glyph::Hourglass>"Waiting for the first request…"</Badge> }.into_any(),
    };
    view! {
        <p class="key-first-request" role="status">{badge}</p>
        <Show when=move || has_stopped.get()>
            <p>
                <Button small=true icon=Glyph::Refresh on_press=move |()| polling.restart()>"Check again"</Button>
            </p>
        </Show>
    }
}

async fn last_use(key_id: KeyId) -> FnResult<Option<LastUse>> {
    live::get(paths::live_key(&key_id)).await
}
