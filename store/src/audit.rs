//! The audit log. Records are added, in the transaction of what they record, and never changed.

use model::Timestamp;
use model::audit::{ActorKind, AuditAction, AuditEvent, AuditResource};
use model::id::{AuditId, OrganizationId};

use crate::db::{Built, Connection, Tx, run};
use crate::{Result, decode};

/// What narrows a list of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// What kind of thing it happened to.
    pub resource: Option<AuditResource>,
    /// To which one.
    pub resource_id: Option<String>,
    /// Only records before this one.
    pub before: Option<(Timestamp, AuditId)>,
    /// At most so many.
    pub limit: u32,
}

/// Adds a record.
pub async fn insert(tx: &mut Tx, event: &AuditEvent) -> Result<()> {
    const SQL: &str = "INSERT INTO audit_events (audit_id, organization_id, happened_at, action, resource, \
        resource_id, actor_kind, actor_id, actor_name, actor_key_id, changes, address, agent, request_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let AuditEvent {
        audit_id,
        organization_id,
        at,
        action,
        resource,
        resource_id,
        actor_kind,
        actor_id,
        actor_name,
        actor_key_id,
        changes,
        address,
        agent,
        request_id,
    } = event;
    let changes = decode::to_json(changes, "changes")?;
    run!(
        tx,
        SQL,
        [
            audit_id.as_str(),
            organization_id.as_str(),
            at.micros(),
            action.as_str(),
            resource.as_str(),
            resource_id,
            actor_kind.as_str(),
            actor_id,
            actor_name,
            actor_key_id.as_deref(),
            &changes,
            address.as_deref(),
            agent.as_deref(),
            request_id.as_deref(),
        ],
        execute
    )?;
    Ok(())
}

/// Records of an organization, newest first.
pub async fn list(
    db: &mut impl Connection,
    organization: &OrganizationId,
    filter: &Filter,
) -> Result<Vec<AuditEvent>> {
    let Filter { resource, resource_id, before, limit } = filter;
    if resource_id.as_deref().is_some_and(|id| !decode::is_storable(id)) {
        return Ok(Vec::new());
    }
    let mut sql = "SELECT * FROM audit_events WHERE organization_id = $1".to_owned();
    for (is_given, condition) in [
        (resource.is_some(), " AND resource = $2"),
        (resource_id.is_some(), " AND resource_id = $3"),
        (before.is_some(), " AND (happened_at, audit_id) < ($4, $5)"),
    ] {
        if is_given {
            sql.push_str(condition);
        }
    }
    sql.push_str(" ORDER BY happened_at DESC, audit_id DESC LIMIT $6");
    let rows = run!(
        db,
        Built::same(&sql),
        [
            organization.as_str(),
            resource.map(AuditResource::as_str),
            resource_id.as_deref(),
            before.as_ref().map(|(at, _)| at.micros()),
            before.as_ref().map(|(_, id)| id.as_str()),
            i64::from(*limit),
        ],
        fetch_all::<Row>
    )?;
    rows.into_iter().map(AuditEvent::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    audit_id: String,
    organization_id: String,
    happened_at: i64,
    action: String,
    resource: String,
    resource_id: String,
    actor_kind: String,
    actor_id: String,
    actor_name: String,
    actor_key_id: Option<String>,
    changes: String,
    address: Option<String>,
    agent: Option<String>,
    request_id: Option<String>,
}

impl TryFrom<Row> for AuditEvent {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row {
            audit_id,
            organization_id,
            happened_at,
            action,
            resource,
            resource_id,
            actor_kind,
            actor_id,
            actor_name,
            actor_key_id,
            changes,
            address,
            agent,
            request_id,
        } = row;
        Ok(Self {
            audit_id: decode::text(audit_id, "an audit record's id")?,
            organization_id: decode::text(organization_id, "an audit record's organization")?,
            at: Timestamp::from_micros(happened_at),
            action: decode::word(AuditAction::from_word(&action), "an audit record's action")?,
            resource: decode::word(AuditResource::from_word(&resource), "an audit record's resource")?,
            resource_id,
            actor_kind: decode::word(ActorKind::from_word(&actor_kind), "an audit record's actor")?,
            actor_id,
            actor_name,
            actor_key_id,
            changes: decode::json(&changes, "an audit record's changes")?,
            address,
            agent,
            request_id,
        })
    }
}
