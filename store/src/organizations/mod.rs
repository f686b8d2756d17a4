//! The table of organizations.

mod row;

use model::Timestamp;
use model::audit::AuditSettings;
use model::id::OrganizationId;
use model::organization::{Organization, compared_name};

use self::row::{Stored, stored};
use crate::db::{Connection, PerDatabase, Tx, insert_row, run, update_row};
use crate::invalidations::Invalidation;
use crate::{Result, decode};

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

/// Those of the organizations that audit reads.
pub async fn auditing_reads(db: &mut impl Connection, ids: &[OrganizationId]) -> Result<Vec<OrganizationId>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT organization_id FROM organizations \
            WHERE organization_id IN (SELECT value FROM json_each($1)) AND read_auditing_enabled",
        postgres: "SELECT organization_id FROM organizations \
            WHERE organization_id IN (SELECT jsonb_array_elements_text($1::jsonb)) AND read_auditing_enabled",
    };
    let ids = decode::to_json(&ids, "organizations' ids")?;
    let rows = run!(db, SQL, [&ids], fetch_all::<(String,)>)?;
    rows.into_iter().map(|(id,)| decode::text(id, "an organization's id")).collect()
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

/// Whether no other organization shares the database, apart from removed ones.
pub async fn is_alone(db: &mut impl Connection, id: &OrganizationId) -> Result<bool> {
    const SQL: &str = "SELECT organization_id FROM organizations WHERE removed_at IS NULL AND organization_id <> $1 LIMIT 1";
    Ok(run!(db, SQL, [id.as_str()], fetch_optional::<(String,)>)?.is_none())
}

/// Whether an organization that was not removed has this name, apart from letter case and blanks. This reads all names,
/// because only the program can tell. It is asked only when an organization is created on the command line.
pub async fn any_named(db: &mut impl Connection, name: &str) -> Result<bool> {
    const SQL: &str = "SELECT name FROM organizations WHERE removed_at IS NULL";
    let name = compared_name(name);
    let names = run!(db, SQL, [], fetch_all::<(String,)>)?;
    Ok(names.iter().any(|(other,)| compared_name(other) == name))
}

/// Waits for other transactions that create an organization of this name, and blocks new ones until this transaction
/// ends. On SQLite nothing is needed, because only one transaction writes at a time.
pub async fn lock_name(tx: &mut Tx, name: &str) -> Result<()> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT 1 WHERE $1 IS NULL",
        postgres: "SELECT pg_advisory_xact_lock(hashtextextended('organization named ' || $1, 0))",
    };
    run!(tx, SQL, [&compared_name(name)], execute)?;
    Ok(())
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
