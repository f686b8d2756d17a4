//! Toasts: short messages about what has just happened.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::Tone;

/// How long a toast stays: long enough to read two lines.
const STAYS: Duration = Duration::from_secs(6);
/// How long a toast with an action stays.
const STAYS_WITH_ACTION: Duration = Duration::from_secs(10);
/// How many toasts are shown at most. A new one removes the oldest.
const SHOWN_MAX: usize = 4;

#[derive(Clone, Debug)]
pub struct Toast {
    /// Unique in the page.
    pub id: u32,
    pub tone: Tone,
    pub text: String,
    /// The text of a button that does something about it, and what the button does.
    pub action: Option<(String, Callback<()>)>,
}

#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    held: RwSignal<bool>,
    next: StoredValue<u32>,
}

impl Toasts {
    fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), held: RwSignal::new(false), next: StoredValue::new(0) }
    }

    pub fn success(self, text: impl Into<String>) {
        self.show(Tone::Success, text.into(), None);
    }

    pub fn danger(self, text: impl Into<String>) {
        self.show(Tone::Danger, text.into(), None);
    }

    /// Shows a success with a button that undoes it while the toast stays.
    pub fn undoable(self, text: impl Into<String>, undo: Callback<()>) {
        self.show(Tone::Success, text.into(), Some(("Undo".to_owned(), undo)));
    }

    pub fn show(self, tone: Tone, text: String, action: Option<(String, Callback<()>)>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let stays = if action.is_some() { STAYS_WITH_ACTION } else { STAYS };
        self.shown.update(|shown| {
            shown.push(Toast { id, tone, text, action });
            let over = shown.len().saturating_sub(SHOWN_MAX);
            shown.drain(..over);
        });
        self.dismiss_after(id, stays);
    }

    pub fn dismiss(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }

    /// The toasts that are shown, the oldest first.
    pub fn list(self) -> Vec<Toast> {
        self.shown.get()
    }

    /// Keeps all toasts as long as `held` is true: while the pointer is over a toast, or a toast has the focus.
    pub fn hold(self, held: bool) {
        self.held.set(held);
    }

    fn dismiss_after(self, id: u32, stays: Duration) {
        set_timeout(
            move || {
                if self.held.try_get_untracked() == Some(true) {
                    self.dismiss_after(id, STAYS);
                } else {
                    self.dismiss(id);
                }
            },
            stays,
        );
    }
}

/// Provides the toasts to every component below. Called once, by the console's root.
pub fn provide_toasts() {
    provide_context(Toasts::new());
}

/// The toasts of the page. If none were provided, new ones that are never shown.
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(Toasts::new)
}
