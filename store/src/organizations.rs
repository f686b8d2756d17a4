//! The table of organizations.

use model::Timestamp;
use model::audit::AuditSettings;
use model::id::OrganizationId;
use model::organization::Organization;

use crate::db::{Connection, Tx, run};
use crate::invalidations::Invalidation;
use crate::{Result, decode};

pub async fn insert(tx: &mut Tx, organization: &Organization) -> Result<()> {
    const SQL: &str = "INSERT INTO organizations (organization_id, internal_id, name, logo_url, billing_email, \
        metadata, rate_limits, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Organization {
        organization_id,
        internal_id,
        name,
        logo_url,
        billing_email,
        metadata,
        rate_limits,
        created_at,
        updated_at,
    } = organization;
    let metadata = decode::to_json(metadata, "metadata")?;
    let rate_limits = decode::to_json(rate_limits, "rate limits")?;
    run!(
        tx,
        SQL,
        [
            organization_id.as_str(),
            internal_id.as_str(),
            name,
            logo_url.as_deref(),
            billing_email.as_deref(),
            &metadata,
            &rate_limits,
            created_at.micros(),
            updated_at.micros(),
        ],
        execute
    )?;
    Ok(())
}

/// Finds an organization that was not removed.
pub async fn find(db: &mut impl Connection, id: &OrganizationId) -> Result<Option<Organization>> {
    const SQL: &str = "SELECT organization_id, internal_id, name, logo_url, billing_email, metadata, rate_limits, \
        created_at, updated_at FROM organizations WHERE organization_id = $1 AND removed_at IS NULL";
    run!(db, SQL, [id.as_str()], fetch_optional::<Row>)?.map(Organization::try_from).transpose()
}

pub async fn audit_settings(db: &mut impl Connection, id: &OrganizationId) -> Result<Option<AuditSettings>> {
    const SQL: &str =
        "SELECT read_auditing_enabled FROM organizations WHERE organization_id = $1 AND removed_at IS NULL";
    let row = run!(db, SQL, [id.as_str()], fetch_optional::<(bool,)>)?;
    Ok(row.map(|(read_auditing_enabled,)| AuditSettings { read_auditing_enabled }))
}

pub async fn update_audit_settings(tx: &mut Tx, id: &OrganizationId, settings: AuditSettings) -> Result<()> {
    const SQL: &str = "UPDATE organizations SET read_auditing_enabled = $2 WHERE organization_id = $1";
    let AuditSettings { read_auditing_enabled } = settings;
    run!(tx, SQL, [id.as_str(), read_auditing_enabled], execute)?;
    Ok(())
}

/// Removes an organization by changing only its own row, however many users and keys it has. All queries that find a
/// key by its secret, a user by a session or an invitation, or users of all organizations by an address, check whether
/// the organization was removed. All other rows stay, because audit records refer to them. Its sessions and invitations
/// expire.
pub async fn remove(tx: &mut Tx, id: &OrganizationId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE organizations SET removed_at = $2, updated_at = $2 \
        WHERE organization_id = $1 AND removed_at IS NULL";
    run!(tx, SQL, [id.as_str(), at.micros()], execute)?;
    tx.invalidate(Invalidation::Organization(id.to_string()));
    Ok(())
}

/// Whether there is any organization yet.
pub async fn any(db: &mut impl Connection) -> Result<bool> {
    let row = run!(db, "SELECT organization_id FROM organizations LIMIT 1", [], fetch_optional::<(String,)>)?;
    Ok(row.is_some())
}

/// Updates all columns, unless the organization was removed.
pub async fn update(tx: &mut Tx, organization: &Organization) -> Result<()> {
    const SQL: &str = "UPDATE organizations SET name = $2, logo_url = $3, billing_email = $4, metadata = $5, \
        rate_limits = $6, updated_at = $7 WHERE organization_id = $1 AND removed_at IS NULL";
    let Organization {
        organization_id,
        internal_id: _,
        name,
        logo_url,
        billing_email,
        metadata,
        rate_limits,
        created_at: _,
        updated_at,
    } = organization;
    let metadata = decode::to_json(metadata, "metadata")?;
    let rate_limits = decode::to_json(rate_limits, "rate limits")?;
    run!(
        tx,
        SQL,
        [
            organization_id.as_str(),
            name,
            logo_url.as_deref(),
            billing_email.as_deref(),
            &metadata,
            &rate_limits,
            updated_at.micros(),
        ],
        execute
    )?;
    Ok(())
}

/// Serializes transactions that depend on the state of the whole organization, such as quotas and the last admin.
pub async fn lock(tx: &mut Tx, id: &OrganizationId) -> Result<()> {
    const SQL: &str = "UPDATE organizations SET lock_version = lock_version + 1 WHERE organization_id = $1";
    run!(tx, SQL, [id.as_str()], execute)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    organization_id: String,
    internal_id: String,
    name: String,
    logo_url: Option<String>,
    billing_email: Option<String>,
    metadata: String,
    rate_limits: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Organization {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row {
            organization_id,
            internal_id,
            name,
            logo_url,
            billing_email,
            metadata,
            rate_limits,
            created_at,
            updated_at,
        } = row;
        Ok(Self {
            organization_id: decode::text(organization_id, "an organization's id")?,
            internal_id: decode::text(internal_id, "an organization's internal id")?,
            name,
            logo_url,
            billing_email,
            metadata: decode::json(&metadata, "an organization's metadata")?,
            rate_limits: decode::json(&rate_limits, "an organization's rate limits")?,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
        })
    }
}
