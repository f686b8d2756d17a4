//! Lists the nodes for the operator.

use model::Timestamp;
use model::id::NodeId;
use store::invalidations::{Applied, behind};
use store::nodes::NodeRow;

use crate::actor::Caller;
use crate::error::Result;
use crate::operator::Operator;
use crate::policy::{self, Action};
use crate::state::Service;

/// A node that was not seen for so long is silent.
const SILENT_AFTER_MICROS: i64 = 5_000_000;

/// A node, as the operator sees it. Times are those of the database's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub node_id: NodeId,
    pub name: String,
    pub version: String,
    pub started_at: Timestamp,
    /// Seconds from the start until the node was last seen.
    pub uptime_seconds: u64,
    pub last_seen_at: Timestamp,
    pub state: NodeState,
    /// Milliseconds since the node began its latest reading of the changes that is known. `None` before the first one.
    pub lag_millis: Option<u64>,
    /// Committed changes that the node is not known to have applied. `None` if it is silent, or has not reported since
    /// it or the database was started.
    pub changes_behind: Option<u32>,
    /// Whether it is the server that was asked.
    pub is_this: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeState {
    Answering,
    /// The node was not seen for 5 seconds.
    Silent,
}

impl NodeState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answering => "answering",
            Self::Silent => "silent",
        }
    }
}

impl Service {
    /// The nodes, by name.
    pub async fn list_nodes(&self, _operator: &Operator) -> Result<Vec<Node>> {
        self.all_nodes().await
    }

    /// The nodes, for an admin of the only organization. `None` if there are other organizations: what the operator's
    /// machines are called and how they are doing is none of their business.
    pub async fn list_own_nodes(&self, caller: &Caller) -> Result<Option<Vec<Node>>> {
        policy::permit(caller, Action::ReadNodes)?;
        if !store::organizations::is_alone(&mut self.store.read().await?, caller.organization()).await? {
            return Ok(None);
        }
        Ok(Some(self.all_nodes().await?))
    }

    async fn all_nodes(&self) -> Result<Vec<Node>> {
        let rows = self.node_rows().await?;
        let answering = |row: &&NodeRow| state_of(row) == NodeState::Answering;
        let applied: Vec<&Applied> =
            rows.iter().filter(answering).filter_map(|row| row.applied.as_ref()).collect();
        let counts = behind(&mut self.store.read().await?, &applied).await?;
        let mut counts = counts.into_iter();
        let this = self.node.id()?.clone();
        let mut nodes: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let has_count = answering(&&row) && row.applied.is_some();
                let changes_behind = if has_count { counts.next() } else { None };
                node(row, changes_behind, &this)
            })
            .collect();
        nodes.sort_by(|one, other| (&one.name, &one.node_id).cmp(&(&other.name, &other.node_id)));
        Ok(nodes)
    }

    /// The rows of all nodes. This one is described from memory.
    async fn node_rows(&self) -> Result<Vec<NodeRow>> {
        let this = self.node.id()?;
        let mut rows = if self.store.is_shared() {
            store::nodes::list(&mut self.store.read().await?).await?
        } else {
            Vec::new()
        };
        let now = rows.first().map_or_else(|| self.clock.now(), |row| row.now);
        let millis = self.clock.monotonic_millis();
        let before = |at: u64| {
            let micros = i64::try_from(millis.saturating_sub(at).saturating_mul(1000)).unwrap_or(i64::MAX);
            Timestamp::from_micros(now.micros().saturating_sub(micros))
        };
        let latest = self.node.latest();
        rows.retain(|row| row.node_id != *this);
        rows.push(NodeRow {
            node_id: this.clone(),
            name: self.node_name.to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: before(self.node.started_at),
            seen_at: now,
            read_at: latest.as_ref().map(|reading| before(reading.began_at)),
            applied: latest.map(|reading| reading.applied),
            now,
        });
        Ok(rows)
    }
}

fn state_of(row: &NodeRow) -> NodeState {
    let age = row.now.micros().abs_diff(row.seen_at.micros());
    if age <= SILENT_AFTER_MICROS.unsigned_abs() { NodeState::Answering } else { NodeState::Silent }
}

fn node(row: NodeRow, changes_behind: Option<u32>, this: &NodeId) -> Node {
    let state = state_of(&row);
    let NodeRow { node_id, name, version, started_at, seen_at, read_at, applied: _, now } = row;
    let micros_between = |from: Timestamp, until: Timestamp| {
        u64::try_from(until.micros().saturating_sub(from.micros())).unwrap_or(0)
    };
    Node {
        is_this: node_id == *this,
        node_id,
        name,
        version,
        started_at,
        uptime_seconds: micros_between(started_at, seen_at) / 1_000_000,
        last_seen_at: seen_at,
        state,
        lag_millis: read_at.map(|at| micros_between(at, now) / 1000),
        changes_behind,
    }
}
