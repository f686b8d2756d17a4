//! The table of service accounts. A disabled account keeps its row, because keys and audit records refer to it.

mod row;
pub(crate) mod terms;

use model::id::{OrganizationId, ServiceAccountId};
use model::service_account::{AccountStatus, ServiceAccount, ServiceAccountFilter, ServiceAccountPage};

use self::row::{Row, Stored, columns};
use crate::db::{BuiltStatement, Connection, PerDatabase, Tx, insert_row, run, update_row};
use crate::invalidations::Invalidation;
use crate::search_terms::Search;
use crate::stored_name::{StoredName, spelled};
use crate::{Result, decode};

/// Adds an account. Fails with `Taken("service_account_name")` if the organization has an active account with this
/// name.
pub async fn insert(tx: &mut Tx, account: &ServiceAccount) -> Result<()> {
    let (stored, name) = (Stored::of(account)?, StoredName::of(&account.name));
    insert_row(tx, "service_accounts", stored.with_name(&name)).await?;
    terms::write(tx, &stored.organization_id, &stored.service_account_id, &account.name).await
}

/// Updates all columns, unless the account is disabled. Fails with `Taken("service_account_name")`.
pub async fn update(tx: &mut Tx, account: &ServiceAccount) -> Result<()> {
    const BEFORE: &str = "SELECT name FROM service_accounts WHERE service_account_id = $1";
    let stored = Stored::of(account)?;
    let id = stored.service_account_id.as_str();
    let (before,) = run!(tx, BEFORE, [id], fetch_optional::<(String,)>)?.unwrap_or_default();
    let name = StoredName::over(&before, &account.name);
    update_row(tx, "service_accounts", stored.with_name(&name), " AND disabled_at IS NULL").await?;
    tx.invalidate(Invalidation::Owner(id.to_owned()));
    terms::write(tx, &stored.organization_id, id, &account.name).await
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
    terms::write(tx, &organization, id, &form).await
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
