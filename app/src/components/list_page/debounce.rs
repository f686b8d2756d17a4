//! Delays an action until a pause in typing.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

/// How long a pause must be before the action runs.
const LENGTH: Duration = Duration::from_millis(250);

/// Runs only the last of several requested actions, after no other was requested for a while.
///
/// It holds only the number of a timer, so it may move between threads. The framework's own `debounce` is bound to the
/// thread that created it, but the server drops a page on any free thread.
#[derive(Clone, Copy)]
pub struct Debounce(StoredValue<Option<TimeoutHandle>>);

impl Debounce {
    /// Starts without a pending action. When its component is removed, the pending action is cancelled.
    pub(crate) fn new() -> Self {
        let pause = Self(StoredValue::new(None));
        on_cleanup(move || pause.forget());
        pause
    }

    /// Runs `act` after the pause, and cancels the action that was pending.
    pub fn then(self, act: impl FnOnce() + 'static) {
        self.forget();
        self.0.set_value(set_timeout_with_handle(act, LENGTH).ok());
    }

    /// Cancels the pending action.
    pub fn forget(self) {
        if let Some(Some(waiting)) = self.0.try_update_value(Option::take) {
            waiting.clear();
        }
    }
}
