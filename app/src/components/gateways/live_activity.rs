//! Shows whether requests arrive, and asks the server again at short intervals.

use std::time::Duration;

use leptos::prelude::*;
use model::{gateway::GatewayActivity, id::GatewayId, problem::Code};

use super::connection_status::{ConnectionStatus, latest_sentence};
use crate::{
    fns::{
        FnResult,
        gateways::{gateway_activity, latest_use},
    },
    ui::{Badge, Button, Glyph, Tone},
};

/// The time between two requests to the server.
const INTERVAL: Duration = Duration::from_secs(2);
/// How many times the server is asked before the person has to press a button. At one request every two seconds, this
/// takes a quarter of an hour. A page that is left open must not keep a session alive for ever.
const REQUESTS_MAX: u32 = 450;

/// The hint for browsers without scripts, where the page keeps showing what was known when it was loaded.
const RELOAD_HINT: &str = "<p class=\"field-hint\">Reload this page to see the latest request.</p>";

/// What [`LiveActivity`] watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivitySource {
    /// The requests about which proxies ask a gateway.
    Gateway(GatewayId),
    /// The uses of all keys that the signed-in user may see, through a gateway or by direct verification.
    Keys,
}

impl ActivitySource {
    /// Fetches the current activity from the server.
    pub async fn fetch(self) -> FnResult<GatewayActivity> {
        match self {
            Self::Gateway(id) => gateway_activity(id).await,
            Self::Keys => Ok(GatewayActivity { first: None, last: latest_use().await? }),
        }
    }

    fn status(&self, seen: &GatewayActivity) -> ConnectionStatus {
        match self {
            Self::Gateway(_) => ConnectionStatus::of_gateway(seen),
            Self::Keys => ConnectionStatus::of_keys(seen),
        }
    }
}

/// Says whether requests arrive, and updates itself.
#[component]
pub fn LiveActivity(
    watched: ActivitySource,
    /// The activity that was known when the page was rendered.
    start: GatewayActivity,
) -> impl IntoView {
    let fetch = Action::new(|watched: &ActivitySource| watched.clone().fetch());
    let watched = StoredValue::new(watched);
    let seen = Memo::new(move |before: Option<&GatewayActivity>| {
        // When a request fails, the previous activity stays.
        let found = fetch.value().get().and_then(Result::ok);
        found.or_else(|| before.cloned()).unwrap_or_else(|| start.clone())
    });
    let request_count = RwSignal::new(0_u32);
    let is_over = Memo::new(move |_| request_count.get() >= REQUESTS_MAX);
    let gateway_is_gone = move || {
        let gone = |found: &FnResult<GatewayActivity>| {
            found.as_ref().is_err_and(|error| error.code() == Code::NotFound)
        };
        fetch.value().with_untracked(|found| found.as_ref().is_some_and(gone))
    };
    Effect::new(move || {
        let ask = move || {
            if !is_over.get_untracked()
                && !gateway_is_gone()
                && !fetch.pending().get_untracked()
                && !document().hidden()
            {
                request_count.update(|request_count| *request_count += 1);
                fetch.dispatch(watched.get_value());
            }
        };
        let timer = set_interval_with_handle(ask, INTERVAL);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    let status = Memo::new(move |_| seen.with(|seen| watched.with_value(|watched| watched.status(seen))));
    view! {
        <div class="live-activity">
            <p class="live-activity-now" role="status">{move || status.with(status_view)}</p>
            <p class="live-activity-latest" hidden=move || seen.with(latest_sentence).is_none()>
                {move || seen.with(latest_sentence)}
            </p>
            <noscript inner_html=RELOAD_HINT></noscript>
            <Show when=move || is_over.get()>
                <Button small=true icon=Glyph::Refresh on_press=move |()| request_count.set(0)>"Keep checking"</Button>
            </Show>
        </div>
    }
}

fn status_view(status: &ConnectionStatus) -> impl IntoView + use<> {
    let (tone, icon) = match status {
        ConnectionStatus::Waiting => (Tone::Neutral, Glyph::Hourglass),
        ConnectionStatus::NotYet(_) => (Tone::Warning, Glyph::Warning),
        ConnectionStatus::Works(_) | ConnectionStatus::Used(_) => (Tone::Success, Glyph::CircleCheck),
    };
    let word = match status {
        ConnectionStatus::Waiting => "Waiting",
        ConnectionStatus::NotYet(_) => "Not working yet",
        ConnectionStatus::Works(_) => "Working",
        ConnectionStatus::Used(_) => "In use",
    };
    let sentence = status.sentence();
    view! { <Badge tone icon>{word}</Badge> <span class="live-activity-words">{sentence}</span> }
}
