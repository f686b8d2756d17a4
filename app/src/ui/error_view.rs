//! What a page shows if it could not be loaded.

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::copy_button::CopyButton;
use super::glyph::Glyph;
use super::icon::Icon;

/// Says what happened and what to do next, and shows the request id, under which the server's log has more details.
#[component]
pub fn ErrorView(
    /// What happened, in a few words.
    #[prop(into)]
    title: String,
    /// What to do next.
    #[prop(into)]
    sentence: String,
    /// The id of the failed request.
    #[prop(optional, into)]
    request_id: Option<String>,
    /// Called by the button "Try again". Without it, there is no such button.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
    /// Other actions, such as a link back.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let retry = on_retry.map(|on_press| {
        view! { <Button kind=ButtonKind::Secondary icon=Glyph::Refresh on_press>"Try again"</Button> }
    });
    view! {
        <div class="error-view" role="alert">
            <span class="error-view-icon"><Icon glyph=Glyph::Warning/></span>
            <h2 class="error-view-title">{title}</h2>
            <p class="error-view-sentence">{sentence}</p>
            {request_id.map(|id| view! { <RequestId id/> })}
            <div class="error-view-actions">{retry} {children.map(|children| children())}</div>
        </div>
    }
}

#[component]
fn RequestId(id: String) -> impl IntoView {
    view! {
        <p class="error-view-request">
            "Request " <code class="mono">{id.clone()}</code> <CopyButton text=id label="Copy the request id" icon_only=true/>
        </p>
    }
}
