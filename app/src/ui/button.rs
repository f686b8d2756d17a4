//! The button: does something on this page, or sends the form it stands in.

use leptos::{ev::MouseEvent, prelude::*};

use super::{glyph::Glyph, icon::Icon};

/// How much weight a button carries. One primary button in a view; red only for destruction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action that should not draw the eye.
    Quiet,
    /// Destroys something.
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

/// A button. While loading it keeps its width and its focus, says so to a screen reader and ignores presses.
#[component]
pub fn Button(
    /// How much weight it carries.
    #[prop(optional)]
    kind: ButtonKind,
    /// A drawing before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// The name of a button that shows only its icon; also its tooltip.
    #[prop(optional, into)]
    label: Option<String>,
    /// Sends the form around it.
    #[prop(optional)]
    submit: bool,
    /// The work it started is still going on.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Lower, for rows and dense places.
    #[prop(optional)]
    small: bool,
    /// Called when pressed, by pointer or key.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The words; may be absent when `label` is given.
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
