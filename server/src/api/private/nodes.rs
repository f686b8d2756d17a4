//! `GET /v1/private/nodes`: lists the servers that share the database.

use axum::response::Response;
use model::Timestamp;
use model::id::NodeId;
use serde::Serialize;
use service::{Node, NodeState};
use utoipa::ToSchema;

use crate::api::http::call::OperatorCall;
use crate::api::http::failure::Failure;
use crate::api::http::response;

/// The servers that share the database.
#[derive(Serialize, ToSchema)]
struct NodeListResponse {
    /// The nodes, by name.
    results: Vec<NodeModel>,
    /// The number of nodes.
    #[schema(examples(1))]
    total: usize,
}

/// A server. Times are those of the database's clock.
#[derive(Serialize, ToSchema)]
struct NodeModel {
    id: NodeId,
    /// The name from `KEYSTEAD_NODE_NAME`, or the name of the machine.
    #[schema(examples("eu-1"))]
    name: String,
    /// The version of Keystead.
    #[schema(examples("0.1.0"))]
    version: String,
    started_at: Timestamp,
    /// Seconds from the start until the node was last seen.
    #[schema(examples(86_400))]
    uptime_seconds: u64,
    last_seen_at: Timestamp,
    /// `silent` if the node was not seen for 5 seconds.
    state: NodeStateWord,
    /// Milliseconds since the node began its latest reading of the changes that is known. Other nodes than the one that
    /// responds report once a second, so up to about 1200 is normal for them. Null before the first reading.
    #[schema(required, examples(60))]
    lag_ms: Option<u64>,
    /// Committed changes that the node is not known to have applied, at most 1000. Null if the node is silent, or has
    /// not reported since it or the database was started.
    #[schema(required, examples(0))]
    changes_behind: Option<u32>,
    /// Whether this node responds.
    #[schema(examples(true))]
    is_this: bool,
}

/// Whether a node was seen in the last 5 seconds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum NodeStateWord {
    Answering,
    Silent,
}

impl From<Node> for NodeModel {
    fn from(node: Node) -> Self {
        let Node { node_id, name, version, started_at, uptime_seconds, last_seen_at, .. } = node;
        let Node { state, lag_millis, changes_behind, is_this, .. } = node;
        let state = match state {
            NodeState::Answering => NodeStateWord::Answering,
            NodeState::Silent => NodeStateWord::Silent,
        };
        Self {
            id: node_id,
            name,
            version,
            started_at,
            uptime_seconds,
            last_seen_at,
            state,
            lag_ms: lag_millis,
            changes_behind,
            is_this,
        }
    }
}

#[utoipa::path(
    get,
    path = "/v1/private/nodes",
    tag = "Operator",
    operation_id = "list_nodes",
    summary = "List nodes",
    description = "Lists the servers that share the database, with how far each has applied the changes. Only the operator \
                   can use this endpoint, with the token from the file in `KEYSTEAD_OPERATOR_TOKEN_FILE`. Without that \
                   setting, the endpoint does not exist.",
    responses((status = 200, description = "The nodes.", body = NodeListResponse)),
)]
pub(in crate::api) async fn nodes(call: OperatorCall) -> Result<Response, Failure> {
    let nodes = call.service.list_nodes(&call.operator).await?;
    let results: Vec<_> = nodes.into_iter().map(NodeModel::from).collect();
    Ok(response::ok(NodeListResponse { total: results.len(), results }))
}
