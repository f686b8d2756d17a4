//! A moment, shown as its distance from now.

use std::time::Duration;

use leptos::prelude::*;
use model::Timestamp;
use web_sys::js_sys;

/// Shows the distance from now, which needs no time zone, so that the text does not change on hydration. The tooltip
/// has the absolute time: in UTC from the server, and in the user's own time zone afterwards.
#[component]
pub fn RelativeTime(#[prop(into)] at: Signal<Timestamp>) -> impl IntoView {
    let now = RwSignal::new(server_now());
    Effect::new(move || {
        now.set(Some(browser_now()));
        let timer = set_interval_with_handle(move || now.set(Some(browser_now())), Duration::from_secs(20));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    let text = move || match now.get() {
        None => at.get().to_text(),
        Some(now) => distance(at.get().seconds_since(now)),
    };
    let title = move || {
        if cfg!(feature = "ssr") { Some(at.get().to_text()) } else { now.get().map(|_| local_text(at.get())) }
    };
    view! { <time class="time" datetime=move || at.get().to_rfc3339() title=title>{text}</time> }
}

#[cfg(feature = "ssr")]
fn server_now() -> Option<Timestamp> {
    use_context::<service::Service>().map(|service| service.now())
}

/// `None` until hydration is over. Until then, the text that the server wrote stays.
#[cfg(not(feature = "ssr"))]
fn server_now() -> Option<Timestamp> {
    None
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit well")]
fn browser_now() -> Timestamp {
    Timestamp::from_micros((js_sys::Date::now() * 1000.0) as i64)
}

/// The moment in the browser's time zone, in British English, with the name of the zone.
#[expect(clippy::cast_precision_loss, reason = "JavaScript's dates; milliseconds stay below 2^53")]
pub fn local_text(at: Timestamp) -> String {
    let date = js_sys::Date::new(&((at.micros() / 1000) as f64).into());
    let options = js_sys::Object::new();
    for (name, value) in [
        ("day", "numeric"),
        ("month", "short"),
        ("year", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("second", "2-digit"),
        ("timeZoneName", "short"),
    ] {
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    date.to_locale_string("en-GB", &options).into()
}

/// Describes a distance from now, such as `3 minutes ago`, `in 2 days` or `just now`. `seconds` is negative in the
/// past.
pub fn distance(seconds: i64) -> String {
    let length = seconds.unsigned_abs();
    let (count, unit) = match length {
        0..=44 => return if seconds > 0 { "in a moment".to_owned() } else { "just now".to_owned() },
        45..=3_569 => ((length + 30) / 60, "minute"),
        3_570..=84_599 => ((length + 1_800) / 3_600, "hour"),
        84_600..=2_635_199 => ((length + 43_200) / 86_400, "day"),
        2_635_200..=31_557_599 => ((length + 1_317_600) / 2_635_200, "month"),
        _ => ((length + 15_778_800) / 31_557_600, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds < 0 { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_are_formatted_for_people() {
        for (seconds, expected) in [
            (0, "just now"),
            (-44, "just now"),
            (20, "in a moment"),
            (-60, "1 minute ago"),
            (-170, "3 minutes ago"),
            (3_600, "in 1 hour"),
            (-86_400, "1 day ago"),
            (90 * 86_400, "in 3 months"),
            (-800 * 86_400, "2 years ago"),
        ] {
            assert_eq!(distance(seconds), expected, "{seconds}");
        }
    }
}
