//! The table of gateways.

use model::Timestamp;
use model::gateway::{Gateway, HandedHeader, HandedHeaders, Otherwise};
use model::id::{GatewayId, OrganizationId};
use model::key::KeyOwner;

use crate::db::{Connection, Tx, run};
use crate::invalidations::Invalidation;
use crate::stored_name::{StoredName, spelled};
use crate::{Result, decode};

/// The columns of [`Row`], for a table with alias `g`.
macro_rules! columns {
    () => {
        concat!(
            "g.gateway_id, g.organization_id, ",
            spelled!("g"),
            " AS name, g.key_header, g.rules, g.otherwise, g.headers, g.hands_environment, g.hide_key, g.created_by, \
             g.created_at, g.updated_at"
        )
    };
}

/// Adds a gateway. Fails with `Taken("gateway_name")` if the organization has a gateway with this name.
pub async fn insert(tx: &mut Tx, gateway: &Gateway) -> Result<()> {
    const SQL: &str = "INSERT INTO gateways (gateway_id, organization_id, name, key_header, rules, otherwise, headers, \
        hide_key, created_by, created_at, updated_at, spelling, spelling_of, hands_environment) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let Gateway {
        gateway_id,
        organization_id,
        name,
        key_header,
        rules,
        otherwise,
        headers,
        hide_key,
        created_by,
        created_at,
        updated_at,
    } = gateway;
    let rules = decode::to_json(rules, "rules")?;
    let (headers, hands_environment) = stored(*headers)?;
    let name = StoredName::of(name);
    run!(
        tx,
        SQL,
        [
            gateway_id.as_str(),
            organization_id.as_str(),
            &*name.name,
            key_header.as_str(),
            &rules,
            otherwise.as_str(),
            &headers,
            *hide_key,
            created_by.as_ref().map(KeyOwner::as_str),
            created_at.micros(),
            updated_at.micros(),
            name.spelling,
            name.spelling_of(),
            hands_environment,
        ],
        execute
    )?;
    tx.invalidate(Invalidation::Gateway(gateway_id.to_string()));
    Ok(())
}

/// Updates all columns. Fails with `Taken("gateway_name")` if the organization has a gateway with this name.
pub async fn update(tx: &mut Tx, gateway: &Gateway) -> Result<()> {
    const SQL: &str = "UPDATE gateways SET name = $2, key_header = $3, rules = $4, otherwise = $5, headers = $6, \
        hide_key = $7, updated_at = $8, spelling = $9, spelling_of = $10, hands_environment = $11 WHERE gateway_id = $1";
    const BEFORE: &str = "SELECT name FROM gateways WHERE gateway_id = $1";
    let Gateway {
        gateway_id,
        organization_id: _,
        name,
        key_header,
        rules,
        otherwise,
        headers,
        hide_key,
        created_by: _,
        created_at: _,
        updated_at,
    } = gateway;
    let rules = decode::to_json(rules, "rules")?;
    let (headers, hands_environment) = stored(*headers)?;
    let (before,) = run!(tx, BEFORE, [gateway_id.as_str()], fetch_optional::<(String,)>)?.unwrap_or_default();
    let name = StoredName::over(&before, name);
    run!(
        tx,
        SQL,
        [
            gateway_id.as_str(),
            &*name.name,
            key_header.as_str(),
            &rules,
            otherwise.as_str(),
            &headers,
            *hide_key,
            updated_at.micros(),
            name.spelling,
            name.spelling_of(),
            hands_environment,
        ],
        execute
    )?;
    tx.invalidate(Invalidation::Gateway(gateway_id.to_string()));
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

/// The headers as they are stored: a list, and whether the environment is handed on. An earlier version on the same
/// database reads only the list, and does not know the name of that header.
fn stored(headers: HandedHeaders) -> Result<(String, bool)> {
    let list = headers.with(HandedHeader::KeyEnvironment, false);
    Ok((decode::to_json(&list, "headers")?, headers.has(HandedHeader::KeyEnvironment)))
}

#[derive(sqlx::FromRow)]
struct Row {
    gateway_id: String,
    organization_id: String,
    name: String,
    key_header: String,
    rules: String,
    otherwise: String,
    headers: String,
    hands_environment: bool,
    hide_key: bool,
    created_by: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<Row> for Gateway {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row {
            gateway_id,
            organization_id,
            name,
            key_header,
            rules,
            otherwise,
            headers,
            hands_environment,
            hide_key,
            created_by,
            created_at,
            updated_at,
        } = row;
        let headers: HandedHeaders = decode::json(&headers, "a gateway's headers")?;
        Ok(Self {
            gateway_id: decode::text(gateway_id, "a gateway's id")?,
            organization_id: decode::text(organization_id, "a gateway's organization")?,
            name,
            key_header: decode::text(key_header, "a gateway's header")?,
            rules: decode::json(&rules, "a gateway's rules")?,
            otherwise: decode::word(Otherwise::from_word(&otherwise), "a gateway's fallback")?,
            headers: headers.with(HandedHeader::KeyEnvironment, hands_environment),
            hide_key,
            created_by: decode::optional_text(created_by, "a gateway's creator")?,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
        })
    }
}
