//! Shows when a new secret is used for the first time.

use std::time::Duration;

use leptos::prelude::*;

use model::id::KeyId;

use crate::fns::keys::get_key;
use crate::ui::{Badge, Glyph, Tone};

/// The time between two requests to the server.
const INTERVAL: Duration = Duration::from_secs(2);

/// Waits for the first request with the secret, and says so when it has come.
#[component]
pub fn FirstRequest(key_id: KeyId) -> impl IntoView {
    let fetch = Action::new(|key_id: &KeyId| get_key(key_id.clone()));
    let seen = Memo::new(move |before: Option<&Option<String>>| {
        // Once a request was seen, the message stays, even if asking the server fails afterwards.
        before.cloned().flatten().or_else(|| {
            let used = fetch.value().get()?.ok()?.key.last_use?;
            Some(used.address.map_or_else(
                || "First request seen.".to_owned(),
                |from| format!("First request seen, from {from}."),
            ))
        })
    });
    let key_id = StoredValue::new(key_id);
    Effect::new(move || {
        let ask = move || {
            if seen.with_untracked(Option::is_none) && !fetch.pending().get_untracked() {
                fetch.dispatch(key_id.get_value());
            }
        };
        let timer = set_interval_with_handle(ask, INTERVAL);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    view! {
        <p class="key-first-request" role="status">
            {move || match seen.get() {
                None => view! { <Badge icon=Glyph::Hourglass>"Waiting for the first request…"</Badge> }.into_any(),
                Some(words) => view! { <Badge tone=Tone::Success icon=Glyph::CircleCheck>{words}</Badge> }.into_any(),
            }}
        </p>
    }
}
