//! The summary of the errors of a form, above its fields.

use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::focus::focus_id;
use super::glyph::Glyph;
use super::icon::Icon;

/// Takes the focus when errors arrive. Each line links to its field.
#[component]
pub fn FormErrors(
    /// The id of the field and the message. The id is empty if the message is about no single field.
    #[prop(into)]
    errors: Signal<Vec<(String, String)>>,
    /// Shown above the messages.
    #[prop(default = "Please check the following.".to_owned(), into)]
    title: String,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    Effect::new(move |before: Option<bool>| {
        let some = errors.with(|errors| !errors.is_empty());
        // Does not take the focus on the first run: a page that is loaded with errors is read from the top.
        if let (Some(_), true, Some(element)) = (before, some, node.get()) {
            let _ = element.focus();
        }
        some
    });
    view! {
        <div
            node_ref=node
            class="callout form-errors tone-danger"
            role="alert"
            tabindex="-1"
            hidden=move || errors.with(Vec::is_empty)
        >
            <Icon glyph=Glyph::CircleAlert/>
            <div class="callout-body">
                <p class="callout-title">{title}</p>
                <ul class="form-errors-list">{move || errors.get().into_iter().map(line).collect_view()}</ul>
            </div>
        </div>
    }
}

fn line((id, sentence): (String, String)) -> impl IntoView {
    if id.is_empty() {
        return view! { <li>{sentence}</li> }.into_any();
    }
    let href = format!("#{id}");
    let go = move |event: MouseEvent| {
        event.prevent_default();
        focus_id(&id);
    };
    view! { <li><a href=href on:click=go>{sentence}</a></li> }.into_any()
}
