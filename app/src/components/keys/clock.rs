//! The current time for the page: by the server's clock while the server renders, and by the browser's clock
//! afterwards.

use std::time::Duration;

use leptos::prelude::*;
use model::Timestamp;
#[cfg(not(feature = "ssr"))]
use web_sys::js_sys;

/// How often [`use_now`] updates.
const TICK: Duration = Duration::from_secs(20);

/// The current time by the server's clock.
#[cfg(feature = "ssr")]
pub fn now() -> Timestamp {
    use_context::<service::Service>().map_or(Timestamp::from_seconds(0), |service| service.now())
}

/// The current time by the browser's clock.
#[cfg(not(feature = "ssr"))]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit well")]
pub fn now() -> Timestamp {
    Timestamp::from_micros((js_sys::Date::now() * 1000.0) as i64)
}

/// The current time, updated every 20 seconds.
pub fn use_now() -> Signal<Timestamp> {
    let moment = RwSignal::new(now());
    Effect::new(move || {
        let timer = set_interval_with_handle(move || moment.set(now()), TICK);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    moment.into()
}
