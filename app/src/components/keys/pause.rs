//! Waiting for a pause in typing.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

/// How long a pause must be before the server is asked.
const LENGTH: Duration = Duration::from_millis(250);

/// Does the last of many things that were asked for, once nothing has been asked for a while.
///
/// Holds no more than a number: the framework's own `debounce` is bound to the thread it is made on, and the server drops a
/// page on whichever thread is free.
#[derive(Clone, Copy)]
pub struct Pause(StoredValue<Option<TimeoutHandle>>);

impl Pause {
    /// Nothing is asked for yet.
    pub fn new() -> Self {
        let pause = Self(StoredValue::new(None));
        on_cleanup(move || pause.forget());
        pause
    }

    /// Does this after the pause, and what was asked for before it not at all.
    pub fn then(self, act: impl FnOnce() + 'static) {
        self.forget();
        self.0.set_value(set_timeout_with_handle(act, LENGTH).ok());
    }

    /// Does what was asked for not at all.
    pub fn forget(self) {
        if let Some(Some(waiting)) = self.0.try_update_value(Option::take) {
            waiting.clear();
        }
    }
}
