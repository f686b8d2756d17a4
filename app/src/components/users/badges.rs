//! Labels and badges for a member's role, status and access.

use leptos::prelude::*;
use model::user::{Role, UserStatus};

use crate::ui::{Badge, Choice, Glyph, Tone};

pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Member => "Member",
        Role::Admin => "Admin",
    }
}

pub const fn status_name(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Active => "Active",
        UserStatus::Suspended => "Suspended",
        UserStatus::Pending => "Pending",
    }
}

/// The roles to choose from, the strongest first, each with a hint about what it allows. If there is a `protection`,
/// only the role of an admin can be chosen, and the `protection` is shown as the reason.
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

#[component]
pub fn RoleBadge(role: Role) -> impl IntoView {
    let tone = if role == Role::Admin { Tone::Accent } else { Tone::Neutral };
    view! { <span title=role.sentence()><Badge tone>{role_name(role)}</Badge></span> }
}

/// The status of a member, which decides whether their keys work.
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
        view! { <Badge icon=Glyph::Mail>"Not joined yet"</Badge> }
    }
}
