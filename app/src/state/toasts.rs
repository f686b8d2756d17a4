//! Short messages about what has just happened.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::Tone;

/// How long a message stays: long enough to read two lines.
const STAYS: Duration = Duration::from_secs(6);
/// How long a message with an action stays.
const STAYS_WITH_ACTION: Duration = Duration::from_secs(10);
/// How many are shown; older ones make room.
const SHOWN_MAX: usize = 4;

/// One message.
#[derive(Clone, Debug)]
pub struct Toast {
    /// Its number, unique in the page.
    pub id: u32,
    /// What its colour means.
    pub tone: Tone,
    /// What has happened.
    pub text: String,
    /// What can still be done about it: the words of the button, and what it does.
    pub action: Option<(String, Callback<()>)>,
}

/// The messages of the page.
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

    /// Says that something worked.
    pub fn success(self, text: impl Into<String>) {
        self.show(Tone::Success, text.into(), None);
    }

    /// Says that something did not work.
    pub fn danger(self, text: impl Into<String>) {
        self.show(Tone::Danger, text.into(), None);
    }

    /// Says that something worked, and offers to undo it while the message stays.
    pub fn undoable(self, text: impl Into<String>, undo: Callback<()>) {
        self.show(Tone::Success, text.into(), Some(("Undo".to_owned(), undo)));
    }

    /// Shows a message.
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

    /// Takes a message away.
    pub fn dismiss(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }

    /// What is shown now, the oldest first.
    pub fn list(self) -> Vec<Toast> {
        self.shown.get()
    }

    /// Keeps the messages while a person is at them.
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

/// Makes the toasts known to every component below. Called once, by the console's root.
pub fn provide_toasts() {
    provide_context(Toasts::new());
}

/// The toasts of the page; ones that nobody shows where none were provided.
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(Toasts::new)
}
