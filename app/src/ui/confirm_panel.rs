//! The red panel that asks for confirmation before something is destroyed.

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::form::FormActions;
use super::glyph::Glyph;
use super::icon::Icon;
use super::text_field::TextField;

/// Says what will happen and asks for confirmation. With `typed`, that text has to be typed before the button works.
#[component]
pub fn ConfirmPanel(
    /// The id of the text field, unique in the page.
    #[prop(into)]
    id: String,
    /// What will happen, in a few words.
    #[prop(into)]
    title: String,
    /// The text of the button, such as "Revoke key".
    #[prop(into)]
    action: String,
    /// The text that has to be typed.
    #[prop(optional, into)]
    typed: Option<String>,
    /// Whether the action is running.
    #[prop(optional, into)]
    loading: Signal<bool>,
    #[prop(into)] on_confirm: Callback<()>,
    #[prop(into)] on_cancel: Callback<()>,
    /// What will stop working, as sentences or facts, and fields such as a reason.
    children: Children,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let wanted = StoredValue::new(typed.clone());
    let refused = Signal::derive(move || {
        text.with(|text| {
            wanted.with_value(|wanted| wanted.as_ref().is_some_and(|wanted| wanted != text.trim()))
        })
    });
    view! {
        <section class="confirm-panel">
            <div class="confirm-panel-what">
                <Icon glyph=Glyph::Warning/>
                <p class="confirm-panel-title">{title}</p>
            </div>
            <div class="confirm-panel-body">{children()}</div>
            {typed.map(|typed| view! { <TextField id label=format!("Type “{typed}” to confirm") value=text/> })}
            <FormActions>
                <Button on_press=on_cancel>"Cancel"</Button>
                <Button kind=ButtonKind::Danger on_press=on_confirm disabled=refused loading>{action}</Button>
            </FormActions>
        </section>
    }
}
