//! Whether requests arrive, looked at again and again.

use std::time::Duration;

use leptos::prelude::*;
use model::{gateway::GatewaySeen, id::GatewayId, problem::Code};

use super::story::{Story, latest_words};
use crate::{
    fns::{
        Answer,
        gateways::{latest_use, seen_by_gateway},
    },
    ui::{Badge, Button, Glyph, Tone},
};

/// How often the server is asked.
const EVERY: Duration = Duration::from_secs(2);
/// So often it is asked: for a quarter of an hour. A page that is left open must not keep a session alive for ever.
const ASKS_MAX: u32 = 450;

/// Without scripts the page tells what was so when it was loaded.
const ONCE: &str = "<p class=\"field-hint\">Load this page again to see the latest request.</p>";

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// Requests that a gateway is asked about.
    Gateway(GatewayId),
    /// Uses of the keys that the person sees, whichever way they reach this server.
    Keys,
}

impl Watched {
    /// Asks the server.
    pub async fn look(self) -> Answer<GatewaySeen> {
        match self {
            Self::Gateway(id) => seen_by_gateway(id).await,
            Self::Keys => Ok(GatewaySeen { first: None, last: latest_use().await? }),
        }
    }

    fn story(&self, seen: &GatewaySeen) -> Story {
        match self {
            Self::Gateway(_) => Story::of_gateway(seen),
            Self::Keys => Story::of_keys(seen),
        }
    }
}

/// Says whether requests arrive, and goes on to say so by itself.
#[component]
pub fn LiveSeen(
    /// What is looked at.
    watched: Watched,
    /// What was known when the page was made.
    start: GatewaySeen,
) -> impl IntoView {
    let look = Action::new(|watched: &Watched| watched.clone().look());
    let watched = StoredValue::new(watched);
    let seen = Memo::new(move |before: Option<&GatewaySeen>| {
        // A look that failed unsays nothing.
        let found = look.value().get().and_then(Result::ok);
        found.or_else(|| before.cloned()).unwrap_or_else(|| start.clone())
    });
    let asked = RwSignal::new(0_u32);
    let is_over = Memo::new(move |_| asked.get() >= ASKS_MAX);
    let is_gone = move || {
        let gone =
            |found: &Answer<GatewaySeen>| found.as_ref().is_err_and(|error| error.code() == Code::NotFound);
        look.value().with_untracked(|found| found.as_ref().is_some_and(gone))
    };
    Effect::new(move || {
        let ask = move || {
            if !is_over.get_untracked()
                && !is_gone()
                && !look.pending().get_untracked()
                && !document().hidden()
            {
                asked.update(|asked| *asked += 1);
                look.dispatch(watched.get_value());
            }
        };
        let ticking = set_interval_with_handle(ask, EVERY);
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
    let story = Memo::new(move |_| seen.with(|seen| watched.with_value(|watched| watched.story(seen))));
    view! {
        <div class="live-seen">
            <p class="live-seen-now" role="status">{move || story.with(told)}</p>
            <p class="live-seen-latest" hidden=move || seen.with(latest_words).is_none()>
                {move || seen.with(latest_words)}
            </p>
            <noscript inner_html=ONCE></noscript>
            <Show when=move || is_over.get()>
                <Button small=true icon=Glyph::Refresh on_press=move |()| asked.set(0)>"Keep looking"</Button>
            </Show>
        </div>
    }
}

fn told(story: &Story) -> impl IntoView + use<> {
    let (tone, icon) = match story {
        Story::Waiting => (Tone::Neutral, Glyph::Hourglass),
        Story::NotYet(_) => (Tone::Warning, Glyph::Warning),
        Story::Works(_) | Story::Used(_) => (Tone::Success, Glyph::CircleCheck),
    };
    let word = match story {
        Story::Waiting => "Waiting",
        Story::NotYet(_) => "Not yet",
        Story::Works(_) => "Works",
        Story::Used(_) => "Seen",
    };
    let sentence = story.sentence();
    view! { <Badge tone icon>{word}</Badge> <span class="live-seen-words">{sentence}</span> }
}
