//! The history of a key, a service account or a gateway.

use leptos::prelude::*;

use model::Stored;
use model::audit::{ActorKind, AuditAction, AuditEvent};

use super::change_labels::{ChangeLine, change_lines};
use crate::components::keys::spaced::spaced;
use crate::ui::{EmptyState, Glyph, RelativeTime, Timeline, TimelineEntry, Tone};

/// The audit records of one key, service account or gateway, newest first.
#[component]
pub fn History(
    /// The subject in a sentence, such as "the key".
    of: &'static str,
    events: Vec<AuditEvent>,
) -> impl IntoView {
    if events.is_empty() {
        return view! {
            <EmptyState icon=Glyph::History title="No history yet" sentence=format!("Changes to {of} will appear here.")/>
        }
        .into_any();
    }
    let entries = events.into_iter().map(|event| view! { <Entry event/> }).collect_view();
    view! { <Timeline label=format!("History of {of}")>{entries}</Timeline> }.into_any()
}

#[component]
fn Entry(event: AuditEvent) -> impl IntoView {
    let (icon, tone) = event.action.known().map_or((Glyph::Pencil, Tone::Neutral), appearance);
    let at = event.at;
    let title = format!("{} by {}", sentence(&event.action), actor(&event));
    let lines = change_lines(&event).into_iter().map(|line| view! { <Line line/> }).collect_view();
    let address = event.address.map(|address| view! { <span>{address}</span> });
    let request = event.request_id.map(|id| view! { <code class="mono">{id}</code> });
    view! {
        <TimelineEntry icon tone title=move || title when=move || view! { <RelativeTime at/> }>
            <ul class="key-changes">{lines}</ul>
            <p class="key-event-origin">{address} {request}</p>
        </TimelineEntry>
    }
}

#[component]
fn Line(line: ChangeLine) -> impl IntoView {
    let ChangeLine { label, before, after } = line;
    let arrow = (before.is_some() && after.is_some()).then_some(" → ");
    view! {
        <li class="key-change">
            <span class="key-change-label">{label}": "</span>
            {before.map(|text| view! { <del class="key-change-before">{text}</del> })}
            {arrow}
            {after.map(|text| view! { <ins class="key-change-after">{text}</ins> })}
        </li>
    }
}

fn sentence(action: &Stored<AuditAction>) -> String {
    action.known().map_or_else(|| spaced(action.as_str()), |action| action.sentence().to_owned())
}

fn actor(event: &AuditEvent) -> String {
    match event.actor_kind.known() {
        Some(ActorKind::User) | None => event.actor_name.clone(),
        Some(ActorKind::ApiKey) => format!("a key of {}", event.actor_name),
        Some(ActorKind::Operator) => "the operator".to_owned(),
    }
}

fn appearance(action: AuditAction) -> (Glyph, Tone) {
    match action {
        AuditAction::ApiKeyCreated | AuditAction::ServiceAccountCreated | AuditAction::GatewayCreated => {
            (Glyph::Plus, Tone::Success)
        }
        AuditAction::ApiKeyRotated => (Glyph::Rotate, Tone::Accent),
        AuditAction::ApiKeyGraceUpdated => (Glyph::Hourglass, Tone::Neutral),
        AuditAction::ApiKeyDisabled => (Glyph::CirclePause, Tone::Warning),
        AuditAction::ApiKeyEnabled => (Glyph::CircleCheck, Tone::Success),
        AuditAction::ApiKeyRevoked | AuditAction::ServiceAccountDisabled => (Glyph::Ban, Tone::Danger),
        AuditAction::ApiKeyScopeUpdated => (Glyph::ShieldCheck, Tone::Neutral),
        _ => (Glyph::Pencil, Tone::Neutral),
    }
}
