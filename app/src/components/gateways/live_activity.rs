//! Shows whether requests arrive, and asks the server again at short intervals.

use leptos::prelude::*;
use model::gateway::GatewayActivity;
use model::id::GatewayId;
use model::problem::Code;

use super::connection_status::{ConnectionStatus, latest_sentence};
use crate::components::polling::Polling;
use crate::fns::FnResult;
use crate::fns::gateways::{gateway_activity, latest_use};
use crate::ui::{Badge, Button, Glyph, Tone};
use crate::{live, paths};

/// How long the page asks before the person has to press a button: a quarter of an hour.
const ASKS_SECONDS: u32 = 15 * 60;

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
    /// Loads the activity that a page begins with.
    pub async fn load(self) -> FnResult<GatewayActivity> {
        match self {
            Self::Gateway(id) => gateway_activity(id).await,
            Self::Keys => Ok(GatewayActivity { first: None, last: latest_use().await? }),
        }
    }

    /// Asks the server for the current activity.
    async fn ask(self) -> FnResult<GatewayActivity> {
        match self {
            Self::Gateway(id) => live::get(paths::live_gateway(&id)).await,
            Self::Keys => {
                Ok(GatewayActivity { first: None, last: live::get(paths::LIVE_KEYS.to_owned()).await? })
            }
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
    let ask = Action::new(|watched: &ActivitySource| watched.clone().ask());
    let watched = StoredValue::new(watched);
    let seen = Memo::new(move |before: Option<&GatewayActivity>| {
        // When a request fails, the previous activity stays.
        let found = ask.value().get().and_then(Result::ok);
        found.or_else(|| before.cloned()).unwrap_or_else(|| start.clone())
    });
    let gateway_is_gone = move || {
        let gone = |found: &FnResult<GatewayActivity>| {
            found.as_ref().is_err_and(|error| error.code() == Code::NotFound)
        };
        ask.value().with_untracked(|found| found.as_ref().is_some_and(gone))
    };
    let polling = Polling::start(ASKS_SECONDS, move || {
        if !gateway_is_gone() && !ask.pending().get_untracked() {
            ask.dispatch(watched.get_value());
        }
    });
    let status = Memo::new(move |_| seen.with(|seen| watched.with_value(|watched| watched.status(seen))));
    view! {
        <div class="live-activity">
            <p class="live-activity-now" role="status">{move || status.with(status_view)}</p>
            <p class="live-activity-latest" hidden=move || seen.with(latest_sentence).is_none()>
                {move || seen.with(latest_sentence)}
            </p>
            <noscript inner_html=RELOAD_HINT></noscript>
            <Show when=move || polling.is_over()>
                <Button small=true icon=Glyph::Refresh on_press=move |()| polling.restart()>"Keep checking"</Button>
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
