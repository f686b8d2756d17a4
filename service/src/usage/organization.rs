//! Reads the usage counts of an organization.

use std::cmp::Reverse;

use model::Timestamp;
use model::audit::AuditAction;
use model::page::PAGE_SIZE_MAX;
use model::time::DAY_SECONDS;
use model::usage::{KeyUsage, OutcomeCounts, UsageRange};
use store::usage::UsageScope as Counted;

use crate::actor::Caller;
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::Service;

/// Number of candidates in the search for the busiest keys. It is divided among the days of the range, within the
/// bounds of [`OF_EACH_DAY`].
const CANDIDATES_MAX: usize = 20_000;
/// Minimum and maximum number of candidates of one day.
const OF_EACH_DAY: (usize, usize) = (50, 1000);

/// The usage of an organization in a period.
#[derive(Debug)]
pub struct UsageOfOrganization {
    pub range: UsageRange,
    /// All keys together.
    pub counts: OutcomeCounts,
    /// The busiest keys, the busiest first.
    pub by_key: Vec<KeyUsage>,
}

impl Service {
    /// Returns the usage counts of the organization and of its busiest keys. There are at most 1,000 of these, even if
    /// `limit` is greater.
    pub async fn usage_of_organization(
        &self,
        caller: &Caller,
        (start, end): (Option<Timestamp>, Option<Timestamp>),
        limit: u32,
    ) -> Result<UsageOfOrganization> {
        policy::permit_organization(caller, Action::ReadUsage)?;
        let range = UsageRange::new(start, end, self.clock.now());
        let limit = usize::try_from(limit.clamp(1, PAGE_SIZE_MAX)).unwrap_or(1);
        let organization = caller.organization();
        let days = self.days_of(range);
        let of_each_day = (CANDIDATES_MAX / days.len().max(1)).clamp(OF_EACH_DAY.0, OF_EACH_DAY.1);
        let of_each_day = u32::try_from(of_each_day).unwrap_or(1);

        let mut db = self.store.read().await?;
        // Twice as many as are returned: the search counts the first and the last day in full, but the result only in
        // part.
        let busiest = store::usage::busiest(&mut db, organization, &days, of_each_day, limit * 2).await?;
        let mut counted: Vec<_> = busiest.iter().map(Counted::Key).collect();
        counted.push(Counted::Organization(organization));
        let mut counts = store::usage::counts(&mut db, &counted, range.cover()).await?;
        let names = store::keys::names(&mut db, organization, &busiest).await?;
        drop(db);
        self.record_read(caller, AuditAction::UsageAccessed, AuditTarget::Organization(organization)).await?;

        let total = counts.remove(organization.as_str()).unwrap_or_default();
        let usage = names.into_iter().filter_map(|(key_id, name)| {
            let counts = counts.remove(key_id.as_str())?;
            Some(KeyUsage { key_id, name, counts })
        });
        let mut by_key: Vec<_> = usage.collect();
        by_key.sort_by(|a, b| {
            (Reverse(a.counts.total()), &a.key_id).cmp(&(Reverse(b.counts.total()), &b.key_id))
        });
        by_key.truncate(limit);
        Ok(UsageOfOrganization { range, counts: total, by_key })
    }

    /// The days of a range, limited to those for which counts are kept.
    fn days_of(&self, range: UsageRange) -> Vec<Timestamp> {
        let range = range.in_days();
        let kept = self.settings.usage_days_kept.saturating_add(2);
        let now = self.clock.now();
        let first = range.start.max(model::usage::day_of(now.plus_seconds(-kept * DAY_SECONDS)));
        let last = range.end.min(now.plus_seconds(DAY_SECONDS));
        let days = std::iter::successors(Some(first), |day| Some(day.plus_seconds(DAY_SECONDS)));
        days.take_while(|day| *day < last).collect()
    }
}
