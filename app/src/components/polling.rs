//! Asks the server again at short intervals.

use std::time::Duration;

use leptos::prelude::*;

/// The time between two requests to the server, in seconds.
const INTERVAL_SECONDS: u32 = 2;

/// The repeated requests of a component. They end with the component, and pause while the page is hidden. They also end
/// after some time, because a page that is left open must not keep a session alive for ever.
#[derive(Clone, Copy)]
pub struct Polling {
    /// How often the interval has passed while the page was visible.
    passed: RwSignal<u32>,
    is_over: Memo<bool>,
}

impl Polling {
    /// Calls `ask` again and again, for at most `seconds` in which the page is visible.
    pub fn start(seconds: u32, ask: impl Fn() + Clone + 'static) -> Self {
        let passed = RwSignal::new(0);
        let is_over = Memo::new(move |_| passed.get() >= seconds / INTERVAL_SECONDS);
        Effect::new(move || {
            let ask = ask.clone();
            let pass = move || {
                if !is_over.get_untracked() && !document().hidden() {
                    passed.update(|passed| *passed += 1);
                    ask();
                }
            };
            let timer = set_interval_with_handle(pass, Duration::from_secs(INTERVAL_SECONDS.into()));
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        });
        Self { passed, is_over }
    }

    /// Whether the time has passed, so that no more requests are sent.
    pub fn is_over(self) -> bool {
        self.is_over.get()
    }

    /// Starts again for the same time.
    pub fn restart(self) {
        self.passed.set(0);
    }
}
