//! The table of service accounts. A disabled account keeps its row, because keys and audit records refer to it.

use model::Timestamp;
use model::id::{OrganizationId, ServiceAccountId};
use model::key::KeyOwner;
use model::service_account::{AccountStatus, ServiceAccount, ServiceAccountFilter, ServiceAccountPage};

use crate::db::{BuiltStatement, Connection, PerDatabase, Tx, build, run};
use crate::invalidations::Invalidation;
use crate::search_terms::Search;
use crate::stored_name::{StoredName, spelled};
use crate::{Result, decode, search_terms};

/// The columns of [`Row`], for a table with alias `s`.
macro_rules! columns {
    () => {
        concat!(
            "s.service_account_id, s.organization_id, ",
            spelled!("s"),
            " AS name, s.description, s.permissions, s.metadata, s.created_by, s.created_at, s.updated_at, s.disabled_at"
        )
    };
}

/// Adds an account. Fails with `Taken("service_account_name")` if the organization has an active account with this
/// name.
pub async fn insert(tx: &mut Tx, account: &ServiceAccount) -> Result<()> {
    const SQL: &str = "INSERT INTO service_accounts (service_account_id, organization_id, name, description, \
        permissions, created_by, created_at, updated_at, disabled_at, spelling, spelling_of, terms_at, metadata) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $8, $12)";
    let ServiceAccount {
        service_account_id,
        organization_id,
        name,
        description,
        permissions,
        metadata,
        created_by,
        created_at,
        updated_at,
        disabled_at,
    } = account;
    let permissions = decode::to_json(permissions, "permissions")?;
    let metadata = decode::to_json(metadata, "metadata")?;
    let name = StoredName::of(name);
    run!(
        tx,
        SQL,
        [
            service_account_id.as_str(),
            organization_id.as_str(),
            &*name.name,
            description,
            &permissions,
            created_by.as_ref().map(KeyOwner::as_str),
            created_at.micros(),
            updated_at.micros(),
            disabled_at.map(Timestamp::micros),
            name.spelling,
            name.spelling_of(),
            &metadata,
        ],
        execute
    )?;
    write_terms(tx, organization_id.as_str(), service_account_id.as_str(), &account.name).await
}

/// Updates all columns, unless the account is disabled. Fails with `Taken("service_account_name")`.
pub async fn update(tx: &mut Tx, account: &ServiceAccount) -> Result<()> {
    const SQL: &str = "UPDATE service_accounts SET name = $2, description = $3, permissions = $4, updated_at = $5, \
        terms_at = $5, disabled_at = $6, spelling = $7, spelling_of = $8, metadata = $9 \
        WHERE service_account_id = $1 AND disabled_at IS NULL";
    const BEFORE: &str = "SELECT name FROM service_accounts WHERE service_account_id = $1";
    let ServiceAccount {
        service_account_id,
        organization_id: _,
        name,
        description,
        permissions,
        metadata,
        created_by: _,
        created_at: _,
        updated_at,
        disabled_at,
    } = account;
    let id = service_account_id.as_str();
    let permissions = decode::to_json(permissions, "permissions")?;
    let metadata = decode::to_json(metadata, "metadata")?;
    let (before,) = run!(tx, BEFORE, [id], fetch_optional::<(String,)>)?.unwrap_or_default();
    let name = StoredName::over(&before, name);
    run!(
        tx,
        SQL,
        [
            id,
            &*name.name,
            description,
            &permissions,
            updated_at.micros(),
            disabled_at.map(Timestamp::micros),
            name.spelling,
            name.spelling_of(),
            &metadata,
        ],
        execute
    )?;
    tx.invalidate(Invalidation::Owner(id.to_owned()));
    write_terms(tx, account.organization_id.as_str(), id, &account.name).await
}

/// Normalizes the name of an account if the account still has it. The name stays if its normalized form belongs to
/// another account of the organization.
pub(crate) async fn normalize_name(tx: &mut Tx, id: &str, name: &str) -> Result<()> {
    const SQL: &str = "UPDATE service_accounts SET name = $2, spelling = $3, spelling_of = $2 \
        WHERE service_account_id = $1 AND name = $3 AND (disabled_at IS NOT NULL OR NOT EXISTS ( \
        SELECT 1 FROM service_accounts n WHERE n.organization_id = service_accounts.organization_id \
        AND n.name = $2 AND n.disabled_at IS NULL))";
    const ORGANIZATION: &str = "SELECT organization_id FROM service_accounts WHERE service_account_id = $1";
    let form = model::text::normalized(name);
    // The update locks the row, so no other transaction changes the name before the terms are written.
    if run!(tx, SQL, [id, &*form, name], execute)? == 0 {
        return Ok(());
    }
    let (organization,) = run!(tx, ORGANIZATION, [id], fetch_one::<(String,)>)?;
    write_terms(tx, &organization, id, &form).await
}

/// Replaces the search terms of an account.
async fn write_terms(tx: &mut Tx, organization: &str, id: &str, name: &str) -> Result<()> {
    run!(tx, "DELETE FROM service_account_terms WHERE service_account_id = $1", [id], execute)?;
    let terms = search_terms::of_account(name);
    build!(
        tx,
        "INSERT INTO service_account_terms (organization_id, term, service_account_id) ",
        |builder| {
            builder.push_values(&terms, |mut row, term| {
                row.push_bind(organization).push_bind(term).push_bind(id);
            });
        },
        execute
    )?;
    Ok(())
}

/// Selects an account whose search terms are outdated, if there is one. An earlier version wrote them, which may still
/// run on the same database. That version changes `updated_at` and does not know the column `terms_at`.
pub(crate) const ANY_OUTDATED: &str = "SELECT s.service_account_id FROM service_accounts s \
    WHERE s.terms_at <> s.updated_at ORDER BY s.service_account_id LIMIT 1";

macro_rules! outdated {
    () => {
        "SELECT s.service_account_id, s.organization_id, s.name FROM service_accounts s \
         WHERE s.terms_at <> s.updated_at ORDER BY s.service_account_id LIMIT $1"
    };
}

pub(crate) const OUTDATED: PerDatabase =
    PerDatabase { sqlite: outdated!(), postgres: concat!(outdated!(), " FOR UPDATE SKIP LOCKED") };

/// Renews the search terms of at most `limit` accounts. Returns how many it renewed.
pub(crate) async fn renew_terms(tx: &mut Tx, limit: u32) -> Result<u64> {
    const RENEWED: &str = "UPDATE service_accounts SET terms_at = updated_at WHERE service_account_id = $1";
    let outdated = run!(tx, OUTDATED, [i64::from(limit)], fetch_all::<(String, String, String)>)?;
    for (id, organization, name) in &outdated {
        write_terms(tx, organization, id, name).await?;
        run!(tx, RENEWED, [id], execute)?;
    }
    Ok(u64::try_from(outdated.len()).unwrap_or(u64::MAX))
}

/// Locks an account until the end of the transaction. Returns false if it is disabled or not of this organization.
pub async fn lock_active(tx: &mut Tx, organization: &OrganizationId, id: &ServiceAccountId) -> Result<bool> {
    const SQL: &str = "UPDATE service_accounts SET lock_version = lock_version + 1 \
        WHERE organization_id = $1 AND service_account_id = $2 AND disabled_at IS NULL";
    Ok(run!(tx, SQL, [organization.as_str(), id.as_str()], execute)? > 0)
}

/// Finds an account of an organization, disabled or not.
pub async fn find(
    db: &mut impl Connection,
    organization: &OrganizationId,
    id: &ServiceAccountId,
) -> Result<Option<ServiceAccount>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM service_accounts s WHERE s.organization_id = $1 AND s.service_account_id = $2"
    );
    run!(db, SQL, [organization.as_str(), id.as_str()], fetch_optional::<Row>)?
        .map(ServiceAccount::try_from)
        .transpose()
}

/// Names of accounts, in no particular order.
pub async fn names(
    db: &mut impl Connection,
    ids: &[ServiceAccountId],
) -> Result<Vec<(ServiceAccountId, String)>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: concat!(
            "SELECT s.service_account_id, ",
            spelled!("s"),
            " FROM service_accounts s WHERE s.service_account_id IN (SELECT value FROM json_each($1))"
        ),
        postgres: concat!(
            "SELECT s.service_account_id, ",
            spelled!("s"),
            " FROM service_accounts s \
             WHERE s.service_account_id IN (SELECT jsonb_array_elements_text($1::jsonb))"
        ),
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = decode::to_json(&ids, "service accounts' ids")?;
    let rows = run!(db, SQL, [&ids], fetch_all::<(String, String)>)?;
    rows.into_iter().map(|(id, name)| Ok((decode::text(id, "a service account's id")?, name))).collect()
}

/// Accounts of an organization, oldest first, and their total number. There are few, so they are counted.
pub async fn list(
    db: &mut impl Connection,
    organization: &OrganizationId,
    filter: &ServiceAccountFilter,
    skip: u64,
    limit: u32,
) -> Result<ServiceAccountPage> {
    let ServiceAccountFilter { status, search } = filter;
    let search = Search::parse(search);
    let mut conditions = "s.organization_id = $1".to_owned();
    conditions.push_str(match status {
        None => "",
        Some(AccountStatus::Active) => " AND s.disabled_at IS NULL",
        Some(AccountStatus::Disabled) => " AND s.disabled_at IS NOT NULL",
    });
    if search.is_some() {
        conditions.push_str(
            " AND s.service_account_id IN (SELECT t.service_account_id FROM service_account_terms t \
             WHERE t.organization_id = $1 AND t.term >= $2 AND t.term < $3)",
        );
    }
    let Search { from, until, .. } = search.unwrap_or_default();
    let count = BuiltStatement::same(&format!("SELECT count(*) FROM service_accounts s WHERE {conditions}"));
    let (total,) = run!(db, count, [organization.as_str(), &from, &until], fetch_one::<(i64,)>)?;
    let select = BuiltStatement::same(&format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM service_accounts s WHERE {conditions} ORDER BY s.created_at, s.service_account_id LIMIT $4 OFFSET $5"
        ),
        conditions = conditions
    ));
    let skip = i64::try_from(skip).unwrap_or(i64::MAX);
    let rows =
        run!(db, select, [organization.as_str(), &from, &until, i64::from(limit), skip], fetch_all::<Row>)?;
    Ok(ServiceAccountPage {
        accounts: rows.into_iter().map(ServiceAccount::try_from).collect::<Result<_>>()?,
        total: decode::number(total, "a number of service accounts")?,
    })
}

#[derive(sqlx::FromRow)]
struct Row {
    service_account_id: String,
    organization_id: String,
    name: String,
    description: String,
    permissions: String,
    metadata: String,
    created_by: Option<String>,
    created_at: i64,
    updated_at: i64,
    disabled_at: Option<i64>,
}

impl TryFrom<Row> for ServiceAccount {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row {
            service_account_id,
            organization_id,
            name,
            description,
            permissions,
            metadata,
            created_by,
            created_at,
            updated_at,
            disabled_at,
        } = row;
        Ok(Self {
            service_account_id: decode::text(service_account_id, "a service account's id")?,
            organization_id: decode::text(organization_id, "a service account's organization")?,
            name,
            description,
            permissions: decode::json(&permissions, "a service account's permissions")?,
            metadata: decode::json(&metadata, "a service account's metadata")?,
            created_by: decode::optional_text(created_by, "a service account's creator")?,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
            disabled_at: decode::time(disabled_at),
        })
    }
}
