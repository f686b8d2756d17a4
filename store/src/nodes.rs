//! Nodes: the servers that share a PostgreSQL database. Each writes what it is and how far it has applied the changes.
//!
//! All times are those of the database's clock, because the clocks of the servers may differ.

use model::Timestamp;
use model::id::NodeId;

use crate::db::{Connection, PerDatabase, Tx, run};
use crate::invalidations::Applied;
use crate::{Result, decode};

/// The most nodes that are read. If there are more rows, they are left over or forged.
pub const NODES_MAX: usize = 1000;

/// What a node writes about itself. Durations are those of its own monotonic clock.
#[derive(Debug, Clone)]
pub struct NodeReport<'r> {
    pub node_id: &'r NodeId,
    pub name: &'r str,
    pub version: &'r str,
    /// Microseconds since the start.
    pub uptime: i64,
    /// Microseconds since the node began its latest reading of the changes, and what that reading covered. `None`
    /// before the first one.
    pub reading: Option<(i64, &'r Applied)>,
}

/// A node as it was when it last wrote its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRow {
    pub node_id: NodeId,
    pub name: String,
    pub version: String,
    pub started_at: Timestamp,
    pub seen_at: Timestamp,
    /// When the node began its latest reading of the changes.
    pub read_at: Option<Timestamp>,
    /// What that reading covered. `None` if the database server was started since then.
    pub applied: Option<Applied>,
    /// The database's time of day when the row was read.
    pub now: Timestamp,
}

/// A statement with a row named `clock`: the time of day, and when the database server was started.
macro_rules! with_clock {
    ($before:literal, $after:literal) => {
        PerDatabase {
            sqlite: concat!(
                $before,
                "(SELECT CAST(unixepoch('subsec') * 1000000 AS BIGINT) AS now, 0 AS epoch) AS clock",
                $after
            ),
            postgres: concat!(
                $before,
                "(SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now, \
                 (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS epoch) AS clock",
                $after
            ),
        }
    };
}

/// Writes the row of a node.
pub async fn write(tx: &mut Tx, report: &NodeReport<'_>) -> Result<()> {
    const SQL: PerDatabase = with_clock!(
        "INSERT INTO nodes (node_id, name, version, started_at, seen_at, read_at, epoch, applied) \
         SELECT $1, $2, $3, clock.now - CAST($4 AS BIGINT), clock.now, clock.now - CAST($5 AS BIGINT), \
         CAST($6 AS BIGINT), $7 FROM ",
        " WHERE TRUE ON CONFLICT (node_id) DO UPDATE SET seen_at = excluded.seen_at, read_at = excluded.read_at, \
         epoch = excluded.epoch, applied = excluded.applied"
    );
    let NodeReport { node_id, name, version, uptime, reading } = *report;
    let (age, applied) = reading.unzip();
    let (epoch, snapshot) = (applied.map(|it| it.epoch), applied.map(|it| it.snapshot.as_str()));
    run!(tx, SQL, [node_id.as_str(), name, version, uptime, age, epoch, snapshot], execute)?;
    Ok(())
}

/// The nodes, those seen last first, at most [`NODES_MAX`].
pub async fn list(db: &mut impl Connection) -> Result<Vec<NodeRow>> {
    const SQL: PerDatabase = with_clock!(
        "SELECT node_id, name, version, started_at, seen_at, read_at, \
         CASE WHEN nodes.epoch = clock.epoch THEN nodes.epoch END AS epoch, applied, clock.now AS now FROM nodes, ",
        " ORDER BY seen_at DESC, node_id LIMIT 1000"
    );
    // A row that no server wrote must not hide the others.
    Ok(run!(db, SQL, [], fetch_all::<Row>)?.into_iter().filter_map(Row::into_node).collect())
}

/// Removes the row of a node that ends.
pub async fn remove(tx: &mut Tx, node_id: &NodeId) -> Result<()> {
    run!(tx, "DELETE FROM nodes WHERE node_id = $1", [node_id.as_str()], execute)?;
    Ok(())
}

/// Removes the rows of nodes that were not seen for so many microseconds, and rows from a future as far away.
pub async fn sweep(tx: &mut Tx, micros: i64) -> Result<u64> {
    const SQL: PerDatabase = with_clock!(
        "DELETE FROM nodes WHERE EXISTS (SELECT 1 FROM ",
        " WHERE abs(clock.now - nodes.seen_at) > CAST($1 AS BIGINT))"
    );
    run!(tx, SQL, [micros], execute)
}

#[derive(sqlx::FromRow)]
struct Row {
    node_id: String,
    name: String,
    version: String,
    started_at: i64,
    seen_at: i64,
    read_at: Option<i64>,
    epoch: Option<i64>,
    applied: Option<String>,
    now: i64,
}

impl Row {
    fn into_node(self) -> Option<NodeRow> {
        let Self { node_id, name, version, started_at, seen_at, read_at, epoch, applied, now } = self;
        Some(NodeRow {
            node_id: NodeId::parse(&node_id).ok()?,
            name,
            version,
            started_at: Timestamp::from_micros(started_at),
            seen_at: Timestamp::from_micros(seen_at),
            read_at: decode::time(read_at),
            applied: epoch.zip(applied).map(|(epoch, snapshot)| Applied { epoch, snapshot }),
            now: Timestamp::from_micros(now),
        })
    }
}
