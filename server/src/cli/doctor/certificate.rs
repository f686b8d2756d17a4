//! When the certificate of the port with TLS ends.

use model::Timestamp;
use service::{Clock, causes};

use super::Finding;
use crate::config::ServeSettings;
use crate::tls;

const CHECK: &str = "certificate";
/// From then on, the end is near, as in the alert.
const NEAR_SECONDS: i64 = 14 * 86_400;

/// `None` if there is no port with TLS.
pub(super) fn check(settings: &ServeSettings) -> Option<Finding> {
    let tls = settings.http.tls.as_ref()?;
    Some(match tls::end_of_certificate(tls, &settings.service.store.data_dir) {
        Ok(Some(end)) => of_end(end, Clock::system().now()),
        Ok(None) => {
            let message =
                "No certificate was obtained from the authority yet. If a server runs, its log says why.";
            Finding::warning(CHECK, message)
        }
        Err(error) => Finding::problem(CHECK, causes(&error).to_string()),
    })
}

fn of_end(end: Timestamp, now: Timestamp) -> Finding {
    let days = end.seconds_since(now) / 86_400;
    if now >= end {
        let message =
            format!("The certificate has expired, at {}. Clients refuse it. Replace it.", end.to_rfc3339());
        return Finding::problem(CHECK, message);
    }
    let message = format!("The certificate is valid for {days} more days.");
    if end.seconds_since(now) < NEAR_SECONDS {
        return Finding::warning(CHECK, format!("{message} Replace it, or find out why it is not renewed."));
    }
    Finding::ok(CHECK, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_announced_two_weeks_before() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let after = |seconds: i64| of_end(Timestamp::from_seconds(1_800_000_000 + seconds), now).text();
        assert!(after(NEAR_SECONDS).starts_with("ok "), "{}", after(NEAR_SECONDS));
        assert!(after(NEAR_SECONDS - 1).contains("13 more days"), "{}", after(NEAR_SECONDS - 1));
        assert!(after(NEAR_SECONDS - 1).starts_with("warning "));
        assert!(after(1).starts_with("warning ") && after(0).starts_with("problem "));
    }
}
