//! The activity of gateways: the first request that passed with a key, and the latest request. It is written for many
//! gateways at once. No verdict depends on it, so it causes no invalidations.

use model::gateway::{GatewayActivity, GatewayOutcome, ObservedKey, ObservedRequest};
use model::id::{GatewayId, KeyId, OrganizationId};
use model::{Stored, Timestamp};

use crate::db::{Connection, Tx, build, run};
use crate::stored_name::spelled;
use crate::{Result, decode};

/// Rows per statement.
const ROWS_MAX: usize = 500;

/// A request to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub at: Timestamp,
    pub outcome: GatewayOutcome,
    /// The presented key, if it belongs to the organization.
    pub key_id: Option<KeyId>,
    /// The client address.
    pub address: Option<String>,
}

/// The activity of one gateway to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityUpdate {
    pub gateway_id: GatewayId,
    /// The first request that passed with a key, as far as this process knows.
    pub first: Option<Observation>,
    /// The latest request.
    pub last: Option<Observation>,
}

/// When a proxy asked about requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ActivityTimes {
    /// The first request that passed with a key.
    pub first_at: Option<Timestamp>,
    /// The latest request.
    pub last_at: Option<Timestamp>,
}

/// Records requests. `recorded` is sorted by gateway id. A stored first request is kept if it is earlier, and a stored
/// last request if it is later. Gateways that no longer exist are ignored.
pub async fn record(tx: &mut Tx, recorded: &[ActivityUpdate]) -> Result<()> {
    for recorded in recorded.chunks(ROWS_MAX) {
        let firsts: Vec<_> =
            recorded.iter().filter_map(|one| Some((&one.gateway_id, one.first.as_ref()?))).collect();
        let lasts: Vec<_> =
            recorded.iter().filter_map(|one| Some((&one.gateway_id, one.last.as_ref()?))).collect();
        if !firsts.is_empty() {
            record_first(tx, &firsts).await?;
        }
        if !lasts.is_empty() {
            record_last(tx, &lasts).await?;
        }
    }
    Ok(())
}

/// `VALUES` names its columns `column1`, `column2` and so on, in both databases.
async fn record_first(tx: &mut Tx, rows: &[(&GatewayId, &Observation)]) -> Result<()> {
    build!(
        tx,
        "UPDATE gateways SET first_seen_at = v.column2, first_seen_key = v.column3, first_seen_address = v.column4 FROM (",
        |builder| {
            builder.push_values(rows, |mut row, (id, seen)| {
                let Observation { at, outcome: _, key_id, address } = seen;
                row.push_bind(id.as_str()).push_bind(at.micros());
                row.push_bind(key_id.as_ref().map(KeyId::as_str)).push_bind(address.as_deref());
            });
            builder.push(
                ") AS v WHERE gateways.gateway_id = v.column1 \
                 AND (gateways.first_seen_at IS NULL OR gateways.first_seen_at > v.column2)",
            );
        },
        execute
    )?;
    Ok(())
}

async fn record_last(tx: &mut Tx, rows: &[(&GatewayId, &Observation)]) -> Result<()> {
    build!(
        tx,
        "UPDATE gateways SET last_seen_at = v.column2, last_seen_key = v.column3, last_seen_address = v.column4, \
         last_seen_outcome = v.column5 FROM (",
        |builder| {
            builder.push_values(rows, |mut row, (id, seen)| {
                let Observation { at, outcome, key_id, address } = seen;
                row.push_bind(id.as_str()).push_bind(at.micros());
                row.push_bind(key_id.as_ref().map(KeyId::as_str)).push_bind(address.as_deref());
                row.push_bind(outcome.as_str());
            });
            builder.push(
                ") AS v WHERE gateways.gateway_id = v.column1 \
                 AND (gateways.last_seen_at IS NULL OR gateways.last_seen_at < v.column2)",
            );
        },
        execute
    )?;
    Ok(())
}

/// The activity of a gateway. `None` if the gateway does not belong to the organization.
pub async fn find(
    db: &mut impl Connection,
    organization: &OrganizationId,
    id: &GatewayId,
) -> Result<Option<GatewayActivity>> {
    const SQL: &str = concat!(
        "SELECT g.first_seen_at, g.first_seen_key, ",
        spelled!("a"),
        " AS first_seen_name, g.first_seen_address, g.last_seen_at, g.last_seen_key, ",
        spelled!("b"),
        " AS last_seen_name, g.last_seen_address, g.last_seen_outcome FROM gateways g \
         LEFT JOIN keys a ON a.key_id = g.first_seen_key LEFT JOIN keys b ON b.key_id = g.last_seen_key \
         WHERE g.organization_id = $1 AND g.gateway_id = $2"
    );
    run!(db, SQL, [organization.as_str(), id.as_str()], fetch_optional::<Row>)?
        .map(GatewayActivity::try_from)
        .transpose()
}

/// The times of all gateways of an organization that have had any request.
pub async fn times(
    db: &mut impl Connection,
    organization: &OrganizationId,
) -> Result<Vec<(GatewayId, ActivityTimes)>> {
    const SQL: &str = "SELECT gateway_id, first_seen_at, last_seen_at FROM gateways \
        WHERE organization_id = $1 AND last_seen_at IS NOT NULL";
    let rows = run!(db, SQL, [organization.as_str()], fetch_all::<(String, Option<i64>, Option<i64>)>)?;
    let read = |(id, first, last)| {
        let times = ActivityTimes { first_at: decode::time(first), last_at: decode::time(last) };
        Ok((decode::text(id, "a gateway's id")?, times))
    };
    rows.into_iter().map(read).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    first_seen_at: Option<i64>,
    first_seen_key: Option<String>,
    first_seen_name: Option<String>,
    first_seen_address: Option<String>,
    last_seen_at: Option<i64>,
    last_seen_key: Option<String>,
    last_seen_name: Option<String>,
    last_seen_address: Option<String>,
    last_seen_outcome: Option<String>,
}

impl TryFrom<Row> for GatewayActivity {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let first = decode::time(row.first_seen_at).map(|at| {
            let key = key(row.first_seen_key, row.first_seen_name)?;
            let outcome = GatewayOutcome::Allowed.into();
            Ok::<_, crate::Error>(ObservedRequest { at, outcome, key, address: row.first_seen_address })
        });
        let last = decode::time(row.last_seen_at).map(|at| {
            let key = key(row.last_seen_key, row.last_seen_name)?;
            let outcome = Stored::from_word(decode::word(row.last_seen_outcome, "the outcome of a request")?);
            Ok::<_, crate::Error>(ObservedRequest { at, outcome, key, address: row.last_seen_address })
        });
        Ok(Self { first: first.transpose()?, last: last.transpose()? })
    }
}

/// Keys are never deleted, so the name is always present.
fn key(id: Option<String>, name: Option<String>) -> Result<Option<ObservedKey>> {
    let key_id: Option<KeyId> = decode::optional_text(id, "a key in the activity of a gateway")?;
    Ok(key_id.zip(name).map(|(key_id, name)| ObservedKey { key_id, name }))
}
