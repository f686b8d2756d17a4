//! The status of a key.

use leptos::prelude::*;

use model::key::{KeyRow, ShownStatus};

use super::clock::now;
use crate::ui::{Badge, Glyph, Tone, Tooltip};

/// The one status of a key, the most urgent: icon, word, and why.
#[component]
pub fn KeyStatusBadge(
    /// The id of the explanation, unique in the page.
    #[prop(into)]
    id: String,
    /// The key.
    row: KeyRow,
) -> impl IntoView {
    let status = ShownStatus::of(&row.key, &row.graces, now());
    let (tone, icon) = look(&status);
    view! {
        <Tooltip id text=status.sentence()>
            <Badge tone icon>{status.word()}</Badge>
        </Tooltip>
    }
}

fn look(status: &ShownStatus) -> (Tone, Glyph) {
    match status {
        ShownStatus::Revoked { .. } => (Tone::Danger, Glyph::Ban),
        ShownStatus::Expired { .. } => (Tone::Neutral, Glyph::CircleX),
        ShownStatus::Disabled { .. } => (Tone::Neutral, Glyph::CirclePause),
        ShownStatus::ExpiresSoon { .. } => (Tone::Warning, Glyph::Hourglass),
        ShownStatus::InGrace { .. } => (Tone::Accent, Glyph::Rotate),
        ShownStatus::Active => (Tone::Success, Glyph::CircleCheck),
    }
}

/// The beginning of an id, for a table; the whole id is on the key's page.
pub fn short_id(id: &str) -> String {
    if id.chars().count() <= 12 {
        id.to_owned()
    } else {
        format!("{}…", id.chars().take(11).collect::<String>())
    }
}
