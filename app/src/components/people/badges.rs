//! A member's role, status and access, each as a word with its meaning.

use leptos::prelude::*;
use model::user::{Role, UserStatus};

use crate::ui::{Badge, Choice, Glyph, Tone};

/// The role's name for people.
pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Member => "Member",
        Role::Admin => "Admin",
    }
}

/// The status's name for people.
pub const fn status_name(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Active => "Active",
        UserStatus::Suspended => "Suspended",
        UserStatus::Pending => "Pending",
    }
}

/// The roles to choose from, the strongest first, each with what it allows. With a `protection` only the strongest can
/// be chosen, for that reason.
pub fn role_choices(protection: Option<String>) -> Vec<Choice> {
    let choice = |role: &Role| {
        let choice = Choice::new(role.as_str(), role_name(*role)).hint(role.sentence());
        match &protection {
            Some(reason) if *role != Role::Admin => choice.refused(reason.clone()),
            _ => choice,
        }
    };
    Role::ALL.iter().rev().map(choice).collect()
}

/// A role.
#[component]
pub fn RoleBadge(role: Role) -> impl IntoView {
    let tone = if role == Role::Admin { Tone::Accent } else { Tone::Neutral };
    view! { <span title=role.sentence()><Badge tone>{role_name(role)}</Badge></span> }
}

/// Whether a member's keys work.
#[component]
pub fn StatusBadge(status: UserStatus) -> impl IntoView {
    let (tone, icon) = match status {
        UserStatus::Active => (Tone::Success, Glyph::CircleCheck),
        UserStatus::Suspended => (Tone::Danger, Glyph::CirclePause),
        UserStatus::Pending => (Tone::Warning, Glyph::Hourglass),
    };
    view! { <Badge tone icon>{status_name(status)}</Badge> }
}

/// Whether a member can sign in to the console.
#[component]
pub fn AccessBadge(can_sign_in: bool) -> impl IntoView {
    if can_sign_in {
        view! { <Badge icon=Glyph::Check>"Can sign in"</Badge> }
    } else {
        view! { <Badge icon=Glyph::Mail>"Not invited yet"</Badge> }
    }
}
