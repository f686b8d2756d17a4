//! Server functions for the servers that share the database.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Timestamp;

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::signed_in;

/// A node as the settings page shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NodeInfo {
    pub node_id: String,
    pub name: String,
    pub version: String,
    pub started_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub is_silent: bool,
    /// Milliseconds since the node began its latest reading of the changes that is known.
    pub lag_millis: Option<u64>,
    /// Changes that the node is not known to have applied.
    pub changes_behind: Option<u32>,
    /// Whether this node rendered the page.
    pub is_this: bool,
}

/// The nodes, for admins. `None` if other organizations share the server.
#[server(name = ListNodes, prefix = "/console/api", endpoint = "nodes/list", input = Json)]
pub async fn list_nodes() -> FnResult<Option<Vec<NodeInfo>>> {
    let (service, caller) = signed_in().await?;
    let nodes = service.list_own_nodes(&caller).await?;
    Ok(nodes.map(|nodes| nodes.into_iter().map(NodeInfo::from).collect()))
}

#[cfg(feature = "ssr")]
impl From<service::Node> for NodeInfo {
    fn from(node: service::Node) -> Self {
        let service::Node { node_id, name, version, started_at, uptime_seconds: _, last_seen_at, .. } = node;
        let is_silent = node.state == service::NodeState::Silent;
        Self {
            node_id: node_id.to_string(),
            name,
            version,
            started_at,
            last_seen_at,
            is_silent,
            lag_millis: node.lag_millis,
            changes_behind: node.changes_behind,
            is_this: node.is_this,
        }
    }
}
