//! The status badge of a key.

use leptos::prelude::*;

use model::key::{KeyRow, ShownStatus};

use super::clock::now;
use crate::ui::{Badge, Glyph, Tone, Tooltip};

/// The most urgent status of a key: an icon, a word, and a tooltip with the explanation.
#[component]
pub fn KeyStatusBadge(
    /// The element id of the tooltip, unique in the page.
    #[prop(into)]
    id: String,
    row: KeyRow,
) -> impl IntoView {
    let status = ShownStatus::of(&row.key, &row.grace_periods, now());
    let (tone, icon) = appearance(&status);
    view! {
        <Tooltip id text=status.sentence()>
            <Badge tone icon>{status.word()}</Badge>
        </Tooltip>
    }
}

fn appearance(status: &ShownStatus) -> (Tone, Glyph) {
    match status {
        ShownStatus::Revoked { .. } => (Tone::Danger, Glyph::Ban),
        ShownStatus::Expired { .. } => (Tone::Neutral, Glyph::CircleX),
        ShownStatus::Disabled { .. } => (Tone::Neutral, Glyph::CirclePause),
        ShownStatus::ExpiresSoon { .. } => (Tone::Warning, Glyph::Hourglass),
        ShownStatus::InGrace { .. } => (Tone::Accent, Glyph::Rotate),
        ShownStatus::Active => (Tone::Success, Glyph::CircleCheck),
    }
}

/// The beginning of an id, for a table. The key's page shows the whole id.
pub fn short_id(id: &str) -> String {
    if id.chars().count() <= 12 {
        id.to_owned()
    } else {
        format!("{}…", id.chars().take(11).collect::<String>())
    }
}
