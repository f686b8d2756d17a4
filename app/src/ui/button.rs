//! A button that does something on the page or submits its form.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::glyph::Glyph;
use super::icon::Icon;

/// How prominent a button is. A view has one primary button. Red is only for destructive actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The main action of the view.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action that should not draw attention.
    Quiet,
    /// A destructive action.
    Danger,
}

impl ButtonKind {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// While loading, the button keeps its width and its focus, tells screen readers that it is busy, and ignores presses.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    /// Shown before the text.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// The accessible name of a button that shows only its icon. Also its tooltip.
    #[prop(optional, into)]
    label: Option<String>,
    /// Submits the enclosing form.
    #[prop(optional)]
    submit: bool,
    /// Whether the action that the button started is still running.
    #[prop(optional, into)]
    loading: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Reduces the height, for table rows and other dense layouts.
    #[prop(optional)]
    small: bool,
    /// Called on a press by pointer or keyboard.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The text. May be absent if `label` is given.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let press = move |event: MouseEvent| {
        if loading.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let bare = children.is_none();
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:button-small=small
            class:button-icon=bare
            class:is-loading=loading
            disabled=disabled
            aria-busy=move || loading.get().then_some("true")
            aria-disabled=move || loading.get().then_some("true")
            aria-label=label.clone()
            title=label
            on:click=press
        >
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {children.map(|children| view! { <span class="button-text">{children()}</span> })}
        </button>
    }
}
