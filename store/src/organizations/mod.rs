//! The table of organizations.

mod row;

use model::Timestamp;
use model::audit::AuditSettings;
use model::id::OrganizationId;
use model::organization::Organization;

use self::row::{Stored, stored};
use crate::Result;
use crate::db::{Connection, Tx, insert_row, run, update_row};
use crate::invalidations::Invalidation;

pub async fn insert(tx: &mut Tx, organization: &Organization) -> Result<()> {
    insert_row(tx, "organizations", Stored::of(organization)?.columns()).await
}

/// Finds an organization that was not removed.
pub async fn find(db: &mut impl Connection, id: &OrganizationId) -> Result<Option<Organization>> {
    const SQL: &str = concat!(
        "SELECT ",
        stored!(select_only!("o")),
        " FROM organizations o WHERE o.organization_id = $1 AND o.removed_at IS NULL"
    );
    run!(db, SQL, [id.as_str()], fetch_optional::<Stored>)?.map(Organization::try_from).transpose()
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
    let stored = Stored::of(organization)?;
    update_row(tx, "organizations", stored.columns(), " AND removed_at IS NULL").await?;
    Ok(())
}

/// Serializes transactions that depend on the state of the whole organization, such as quotas and the last admin.
pub async fn lock(tx: &mut Tx, id: &OrganizationId) -> Result<()> {
    const SQL: &str = "UPDATE organizations SET lock_version = lock_version + 1 WHERE organization_id = $1";
    run!(tx, SQL, [id.as_str()], execute)?;
    Ok(())
}
