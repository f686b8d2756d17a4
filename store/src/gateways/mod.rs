//! The table of gateways.

mod row;

use model::gateway::Gateway;
use model::id::{GatewayId, OrganizationId};

use self::row::{Row, Stored, columns};
use crate::db::{Connection, Tx, insert_row, run, update_row};
use crate::invalidations::Invalidation;
use crate::stored_name::StoredName;
use crate::{Result, decode};

/// Adds a gateway. Fails with `Taken("gateway_name")` if the organization has a gateway with this name.
pub async fn insert(tx: &mut Tx, gateway: &Gateway) -> Result<()> {
    let (stored, name) = (Stored::of(gateway)?, StoredName::of(&gateway.name));
    insert_row(tx, "gateways", stored.columns().into_iter().chain(name.columns())).await?;
    tx.invalidate(Invalidation::Gateway(gateway.gateway_id.to_string()));
    Ok(())
}

/// Updates all columns. Fails with `Taken("gateway_name")` if the organization has a gateway with this name.
pub async fn update(tx: &mut Tx, gateway: &Gateway) -> Result<()> {
    const BEFORE: &str = "SELECT name FROM gateways WHERE gateway_id = $1";
    let stored = Stored::of(gateway)?;
    let before = run!(tx, BEFORE, [stored.gateway_id.as_str()], fetch_optional::<(String,)>)?;
    let (before,) = before.unwrap_or_default();
    let name = StoredName::over(&before, &gateway.name);
    update_row(tx, "gateways", stored.columns().into_iter().chain(name.columns()), "").await?;
    tx.invalidate(Invalidation::Gateway(gateway.gateway_id.to_string()));
    Ok(())
}

pub async fn remove(tx: &mut Tx, id: &GatewayId) -> Result<()> {
    run!(tx, "DELETE FROM gateways WHERE gateway_id = $1", [id.as_str()], execute)?;
    tx.invalidate(Invalidation::Gateway(id.to_string()));
    Ok(())
}

/// Locks a gateway until the end of the transaction. Returns false if it does not belong to the organization.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, id: &GatewayId) -> Result<bool> {
    const SQL: &str =
        "UPDATE gateways SET lock_version = lock_version + 1 WHERE organization_id = $1 AND gateway_id = $2";
    Ok(run!(tx, SQL, [organization.as_str(), id.as_str()], execute)? > 0)
}

/// The ids of at most `most` gateways of all organizations, in no particular order.
pub async fn ids(db: &mut impl Connection, most: usize) -> Result<Vec<String>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = run!(db, "SELECT gateway_id FROM gateways LIMIT $1", [most], fetch_all::<(String,)>)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn find(
    db: &mut impl Connection,
    organization: &OrganizationId,
    id: &GatewayId,
) -> Result<Option<Gateway>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM gateways g WHERE g.organization_id = $1 AND g.gateway_id = $2");
    run!(db, SQL, [organization.as_str(), id.as_str()], fetch_optional::<Row>)?
        .map(Gateway::try_from)
        .transpose()
}

/// Finds a gateway by its id alone, because proxies send nothing else. Ignores removed organizations.
pub async fn find_anywhere(db: &mut impl Connection, id: &GatewayId) -> Result<Option<Gateway>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM gateways g JOIN organizations o ON o.organization_id = g.organization_id \
         WHERE g.gateway_id = $1 AND o.removed_at IS NULL"
    );
    run!(db, SQL, [id.as_str()], fetch_optional::<Row>)?.map(Gateway::try_from).transpose()
}

/// All gateways of an organization, by name. There are few, so the list has no pages.
pub async fn list(db: &mut impl Connection, organization: &OrganizationId) -> Result<Vec<Gateway>> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM gateways g WHERE g.organization_id = $1 ORDER BY g.name");
    let rows = run!(db, SQL, [organization.as_str()], fetch_all::<Row>)?;
    rows.into_iter().map(Gateway::try_from).collect()
}

pub async fn count(db: &mut impl Connection, organization: &OrganizationId) -> Result<u64> {
    const SQL: &str = "SELECT count(*) FROM gateways WHERE organization_id = $1";
    let (count,) = run!(db, SQL, [organization.as_str()], fetch_one::<(i64,)>)?;
    decode::number(count, "a number of gateways")
}
