//! The environment of a key, as lists and pages show it.

use leptos::prelude::*;

use model::key::Environment;

use crate::ui::{Badge, Tone};

/// The environments that forms and filters offer. Organizations can choose any other word.
pub const ENVIRONMENTS_OFFERED: [&str; 3] = ["live", "test", "staging"];

/// The environment as a badge. `live` is plain, because most keys have it. Any other stands out, so that nobody
/// mistakes the key for a live one.
#[component]
pub fn EnvironmentBadge(environment: Environment) -> impl IntoView {
    let word = environment.to_string();
    let badge = if environment.is_live() {
        view! { <span class="key-quiet">{word}</span> }.into_any()
    } else {
        view! { <Badge tone=Tone::Accent>{word}</Badge> }.into_any()
    };
    view! { <span class="key-environment" title="Environment"><span class="visually-hidden">"Environment: "</span>{badge}</span> }
}
