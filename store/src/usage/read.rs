//! Reads the usage counts.

use std::collections::{BTreeMap, HashMap};

use model::id::{KeyId, OrganizationId};
use model::usage::{Coverage, EndpointUsage, OutcomeCounts};
use model::{Stored, Timestamp};

use crate::db::{Connection, PerDatabase, run};
use crate::{Result, decode};

/// The most endpoints in a result.
const ENDPOINTS_MAX: i64 = 1000;

/// Whose uses are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageScope<'a> {
    Key(&'a KeyId),
    /// An organization as a whole.
    Organization(&'a OrganizationId),
}

impl<'a> UsageScope<'a> {
    fn as_str(self) -> &'a str {
        match self {
            Self::Key(id) => id.as_str(),
            Self::Organization(id) => id.as_str(),
        }
    }
}

/// The number of uses by outcome, for each subject's id. Subjects without uses are left out.
pub async fn counts(
    db: &mut impl Connection,
    subjects: &[UsageScope<'_>],
    cover: Coverage,
) -> Result<HashMap<String, OutcomeCounts>> {
    macro_rules! sql {
        ($ids:literal) => {
            concat!(
                "SELECT subject_id, outcome, CAST(SUM(n) AS BIGINT) FROM (\
                 SELECT subject_id, outcome, n FROM usage_hours \
                 WHERE subject_id IN (",
                $ids,
                ") AND starts_at >= $2 AND starts_at < $3 UNION ALL \
                 SELECT subject_id, outcome, n FROM usage_days \
                 WHERE subject_id IN (",
                $ids,
                ") AND starts_at >= $4 AND starts_at < $5 UNION ALL \
                 SELECT subject_id, outcome, n FROM usage_hours \
                 WHERE subject_id IN (",
                $ids,
                ") AND starts_at >= $6 AND starts_at < $7\
                 ) AS buckets GROUP BY subject_id, outcome"
            )
        };
    }
    const SQL: PerDatabase = PerDatabase {
        sqlite: sql!("SELECT value FROM json_each($1)"),
        postgres: sql!("SELECT jsonb_array_elements_text($1::jsonb)"),
    };
    let ids: Vec<_> = subjects.iter().map(|scope| scope.as_str()).collect();
    let ids = decode::to_json(&ids, "ids")?;
    let Coverage { first_hours, days, last_hours } = cover;
    let rows = run!(
        db,
        SQL,
        [
            &ids,
            first_hours.0.micros(),
            first_hours.1.micros(),
            days.0.micros(),
            days.1.micros(),
            last_hours.0.micros(),
            last_hours.1.micros(),
        ],
        fetch_all::<(String, String, i64)>
    )?;
    let mut found: HashMap<_, OutcomeCounts> = HashMap::new();
    for (scope, outcome, n) in rows {
        let n = decode::number(n, "a number of uses")?;
        found.entry(scope).or_default().add(Stored::from_word(outcome), n);
    }
    Ok(found)
}

/// The busiest keys of an organization on some days, busiest first. Only the `of_each_day` busiest keys of each day are
/// considered, so the result is exact if no more keys were in use on any of the days.
pub async fn busiest(
    db: &mut impl Connection,
    organization: &OrganizationId,
    days: &[Timestamp],
    of_each_day: u32,
    most: usize,
) -> Result<Vec<KeyId>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT (SELECT json_group_array(json_array(subject_id, n)) FROM (SELECT subject_id, n FROM usage_days \
            WHERE organization_id = $1 AND starts_at = d.value ORDER BY n DESC LIMIT $3)) FROM json_each($2) AS d",
        postgres: "SELECT (SELECT json_agg(json_build_array(subject_id, n))::text FROM (SELECT subject_id, n \
            FROM usage_days WHERE organization_id = $1 AND starts_at = d.day ORDER BY n DESC LIMIT $3) AS top) \
            FROM (SELECT value::bigint AS day FROM jsonb_array_elements_text($2::jsonb)) AS d",
    };
    let days: Vec<_> = days.iter().map(|day| day.micros()).collect();
    let days = decode::to_json(&days, "days")?;
    let rows = run!(
        db,
        SQL,
        [organization.as_str(), &days, i64::from(of_each_day)],
        fetch_all::<(Option<String>,)>
    )?;
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for day in rows.into_iter().filter_map(|(day,)| day) {
        for (key, n) in decode::json::<Vec<(String, i64)>>(&day, "the busiest keys")? {
            *sums.entry(key).or_default() += n;
        }
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    sums.into_iter().take(most).map(|(key, _)| decode::text(key, "a key's id")).collect()
}

/// The endpoints that a key called in a range of days, most frequent first.
pub async fn endpoints(
    db: &mut impl Connection,
    key: &KeyId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<EndpointUsage>> {
    const SQL: &str = "SELECT method, path, CAST(SUM(requests) AS BIGINT) AS requests, \
        CAST(SUM(errors) AS BIGINT) AS errors FROM usage_endpoints \
        WHERE key_id = $1 AND starts_at >= $2 AND starts_at < $3 \
        GROUP BY method, path ORDER BY 3 DESC, path, method LIMIT $4";
    let rows = run!(
        db,
        SQL,
        [key.as_str(), from.micros(), until.micros(), ENDPOINTS_MAX],
        fetch_all::<(String, String, i64, i64)>
    )?;
    rows.into_iter()
        .map(|(method, path, requests, errors)| {
            let requests = decode::number(requests, "a number of requests")?;
            Ok(EndpointUsage {
                method,
                path,
                requests,
                errors: decode::number(errors, "a number of errors")?,
            })
        })
        .collect()
}
