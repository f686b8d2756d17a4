//! Adds to the usage counts.

use std::collections::BTreeMap;

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::usage::{Outcome, day_of};

use crate::Result;
use crate::db::{Tx, build};

/// How many uses of a key had one outcome in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub key_id: KeyId,
    pub organization_id: OrganizationId,
    /// The beginning of the hour.
    pub hour: Timestamp,
    pub outcome: Outcome,
    pub n: u64,
}

/// How many requests a key made to one endpoint on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointCount {
    pub key_id: KeyId,
    /// The beginning of the day.
    pub day: Timestamp,
    pub method: &'static str,
    /// The pattern of the route.
    pub path: &'static str,
    pub requests: u64,
    /// How many responses were errors.
    pub errors: u64,
}

/// Adds counts to each key, and to each organization as a whole. All transactions lock the rows in the same order, so
/// that they do not deadlock.
pub async fn add(tx: &mut Tx, counts: &[Count], endpoints: &[EndpointCount]) -> Result<()> {
    let (mut hours, mut days) = (BTreeMap::new(), BTreeMap::new());
    for Count { key_id, organization_id, hour, outcome, n } in counts {
        let (key, organization) = (key_id.as_str(), organization_id.as_str());
        let day = day_of(*hour).micros();
        for (subject, of_key) in [(key, Some(organization)), (organization, None)] {
            *hours.entry((subject, hour.micros(), outcome.as_str())).or_default() += signed(*n);
            days.entry((subject, day, outcome.as_str())).or_insert((0, of_key)).0 += signed(*n);
        }
    }
    add_hours(tx, &hours.into_iter().collect::<Vec<_>>()).await?;
    add_days(tx, &days.into_iter().collect::<Vec<_>>()).await?;
    add_endpoints(tx, endpoints).await
}

type Bucket<'a> = (&'a str, i64, &'static str);

async fn add_hours(tx: &mut Tx, rows: &[(Bucket<'_>, i64)]) -> Result<()> {
    for rows in rows.chunks(tx.rows_of_a_statement()) {
        build!(
            tx,
            "INSERT INTO usage_hours (subject_id, starts_at, outcome, n) ",
            |builder| {
                builder.push_values(rows, |mut row, ((subject, starts_at, outcome), n)| {
                    row.push_bind(*subject).push_bind(starts_at).push_bind(*outcome).push_bind(n);
                });
                builder.push(
                    " ON CONFLICT (subject_id, starts_at, outcome) DO UPDATE SET n = usage_hours.n + excluded.n",
                );
            },
            execute
        )?;
    }
    Ok(())
}

async fn add_days(tx: &mut Tx, rows: &[(Bucket<'_>, (i64, Option<&str>))]) -> Result<()> {
    for rows in rows.chunks(tx.rows_of_a_statement()) {
        build!(
            tx,
            "INSERT INTO usage_days (subject_id, starts_at, outcome, n, organization_id) ",
            |builder| {
                builder.push_values(rows, |mut row, ((subject, starts_at, outcome), (n, organization))| {
                    row.push_bind(*subject).push_bind(starts_at).push_bind(*outcome);
                    row.push_bind(n).push_bind(*organization);
                });
                builder.push(
                    " ON CONFLICT (subject_id, starts_at, outcome) DO UPDATE SET n = usage_days.n + excluded.n",
                );
            },
            execute
        )?;
    }
    Ok(())
}

async fn add_endpoints(tx: &mut Tx, counts: &[EndpointCount]) -> Result<()> {
    let mut rows: BTreeMap<_, (i64, i64)> = BTreeMap::new();
    for EndpointCount { key_id, day, method, path, requests, errors } in counts {
        let row = rows.entry((key_id.as_str(), day.micros(), *method, *path)).or_default();
        row.0 += signed(*requests);
        row.1 += signed(*errors);
    }
    let rows: Vec<_> = rows.into_iter().collect();
    for rows in rows.chunks(tx.rows_of_a_statement()) {
        build!(
            tx,
            "INSERT INTO usage_endpoints (key_id, starts_at, method, path, requests, errors) ",
            |builder| {
                builder.push_values(rows, |mut row, ((key, day, method, path), (requests, errors))| {
                    row.push_bind(*key).push_bind(day).push_bind(*method).push_bind(*path);
                    row.push_bind(requests).push_bind(errors);
                });
                builder.push(
                    " ON CONFLICT (key_id, starts_at, method, path) DO UPDATE SET \
                     requests = usage_endpoints.requests + excluded.requests, \
                     errors = usage_endpoints.errors + excluded.errors",
                );
            },
            execute
        )?;
    }
    Ok(())
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
