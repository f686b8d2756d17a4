//! When a certificate is requested.

use std::time::Duration;

use model::Timestamp;

/// How long before its end a certificate is renewed, unless a third of its life is shorter.
const BEFORE_END_SECONDS: i64 = 30 * 24 * 3600;
/// The wait after the first failure. Each further failure doubles it. Let's Encrypt allows five failed checks of a name
/// an hour.
const FIRST_WAIT: Duration = Duration::from_mins(1);
const LONGEST_WAIT: Duration = Duration::from_hours(6);

/// When a certificate with these dates is renewed.
pub(super) fn renewal(begins: Timestamp, ends: Timestamp) -> Timestamp {
    let third = ends.seconds_since(begins) / 3;
    ends.plus_seconds(-third.min(BEFORE_END_SECONDS))
}

/// How long to wait after this many failures in a row.
pub(super) fn wait_after(failures: u32) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_renewed_a_month_or_a_third_of_its_life_before_its_end() {
        let day = 24 * 3600;
        for (life, before_end) in [(90 * day, 30 * day), (365 * day, 30 * day), (6 * day, 2 * day), (30, 10)]
        {
            let begins = Timestamp::from_seconds(1_000_000_000);
            let ends = begins.plus_seconds(life);
            assert_eq!(ends.seconds_since(renewal(begins, ends)), before_end, "{life}");
        }
    }

    #[test]
    fn waits_grow_up_to_six_hours() {
        let minutes = |failures| wait_after(failures).as_secs() / 60;
        assert_eq!([1, 2, 3, 4].map(minutes), [1, 2, 4, 8]);
        assert_eq!([9, 10, 33, 1000, u32::MAX].map(minutes), [256, 360, 360, 360, 360]);
    }
}
