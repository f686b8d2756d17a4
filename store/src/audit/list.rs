//! Reads the audit log.

use model::audit::{AuditEvent, AuditFilter};
use model::id::{AuditId, OrganizationId};

use super::filter::Filter;
use super::row::{Row, columns};
use crate::db::{BuiltStatement, Connection, run};
use crate::{Result, decode};

/// Records of an organization, newest first. Records with the same time are in reverse order of writing.
pub async fn list(
    db: &mut impl Connection,
    organization: &OrganizationId,
    filter: &AuditFilter,
    skip: u64,
    limit: u32,
) -> Result<Vec<AuditEvent>> {
    let Some(filter) = Filter::of(filter) else { return Ok(Vec::new()) };
    let sql = page_sql(&filter);
    let Filter { resource, resource_id, actor_id, action, from, until } = filter;
    let skip = i64::try_from(skip).unwrap_or(i64::MAX);
    let rows = run!(
        db,
        BuiltStatement::same(&sql),
        [organization.as_str(), resource, resource_id, actor_id, action, from, until, i64::from(limit), skip,],
        fetch_all::<Row>
    )?;
    rows.into_iter().map(AuditEvent::try_from).collect()
}

/// Skips rows within the index, so that only the records of the page itself are read.
fn page_sql(filter: &Filter<'_>) -> String {
    format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM (SELECT number FROM audit_events WHERE {conditions} \
             ORDER BY happened_at DESC, number DESC LIMIT $8 OFFSET $9) AS p \
             JOIN audit_events e ON e.number = p.number ORDER BY e.happened_at DESC, e.number DESC"
        ),
        conditions = filter.sql()
    )
}

/// The number of matching records of an organization. Stops counting at `most`.
pub async fn count(
    db: &mut impl Connection,
    organization: &OrganizationId,
    filter: &AuditFilter,
    most: u64,
) -> Result<u64> {
    let Some(filter) = Filter::of(filter) else { return Ok(0) };
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM audit_events WHERE {} LIMIT $8) AS counted",
        filter.sql()
    );
    let Filter { resource, resource_id, actor_id, action, from, until } = filter;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let (number,) = run!(
        db,
        BuiltStatement::same(&sql),
        [organization.as_str(), resource, resource_id, actor_id, action, from, until, most],
        fetch_one::<(i64,)>
    )?;
    decode::number(number, "a number of audit records")
}

pub async fn find(
    db: &mut impl Connection,
    organization: &OrganizationId,
    id: &AuditId,
) -> Result<Option<AuditEvent>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM audit_events e WHERE e.audit_id = $2 AND e.organization_id = $1"
    );
    let row = run!(db, SQL, [organization.as_str(), id.as_str()], fetch_optional::<Row>)?;
    row.map(AuditEvent::try_from).transpose()
}

/// The latest changes of one object, newest first. Read accesses are left out.
pub async fn changes_of(
    db: &mut impl Connection,
    organization: &OrganizationId,
    resource_id: &str,
    limit: u32,
) -> Result<Vec<AuditEvent>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM audit_events e WHERE e.organization_id = $1 AND e.resource_id = $2 AND NOT e.is_read \
         ORDER BY e.happened_at DESC, e.number DESC LIMIT $3"
    );
    let rows = run!(db, SQL, [organization.as_str(), resource_id, i64::from(limit)], fetch_all::<Row>)?;
    rows.into_iter().map(AuditEvent::try_from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Target;
    use crate::testing::{TestDatabase, postgres, sqlite};

    macro_rules! explained {
        ($reader:expr, $sql:expr, $v:expr, $row:ty) => {
            run!(
                $reader,
                BuiltStatement::same(&$sql),
                [$v.0, $v.1, $v.2, $v.3, $v.4, $v.5, $v.6, $v.7, $v.8],
                fetch_all::<$row>
            )
            .unwrap()
        };
    }

    /// Every combination of filters, with the index that it has to use.
    fn cases() -> Vec<(AuditFilter, &'static str)> {
        let given = |is_given: bool, text: &str| is_given.then(|| text.to_owned());
        let mut cases = Vec::new();
        for bits in 0..16_u8 {
            let has = |bit: u8| bits & bit != 0;
            let filter = AuditFilter {
                resource_id: given(has(1), "key_1"),
                actor_id: given(has(2), "usr_1"),
                action: given(has(4), "api_key_created"),
                resource: given(has(8), "api_key"),
                ..AuditFilter::default()
            };
            let index = match (has(1), has(2), has(4), has(8)) {
                (true, ..) => "audit_events_of_resource",
                (_, true, true, _) => "audit_events_of_actor_action",
                (_, true, ..) => "audit_events_of_actor",
                (_, _, true, _) => "audit_events_of_action",
                (.., true) => "audit_events_of_kind",
                _ => "audit_events_by_time",
            };
            cases.push((filter, index));
        }
        cases
    }

    async fn explain(db: &TestDatabase) {
        for (filter, index) in cases() {
            let filter = Filter::of(&filter).unwrap();
            let sql = page_sql(&filter);
            let mut reader = db.store.read().await.unwrap();
            let plan = plan(db, &mut reader, &sql, &filter).await;
            let uses =
                |name: &str| plan.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|w| w == name);
            assert!(uses(index), "{filter:?} without {index}:\n{plan}");
            assert!(!plan.contains("SCAN audit_events") && !plan.contains("Seq Scan"), "{filter:?}\n{plan}");
        }
    }

    async fn plan(db: &TestDatabase, reader: &mut crate::Reader, sql: &str, filter: &Filter<'_>) -> String {
        let Filter { resource, resource_id, actor_id, action, from, until } = *filter;
        let values = ("org_1", resource, resource_id, actor_id, action, from, until, 50_i64, 0_i64);
        let lines: Vec<String> = if matches!(db.target, Target::Postgres(_)) {
            let sql = format!("EXPLAIN {sql}");
            let rows = explained!(reader, sql, values, (String,));
            rows.into_iter().map(|(line,)| line).collect()
        } else {
            let sql = format!("EXPLAIN QUERY PLAN {sql}");
            let rows = explained!(reader, sql, values, (i64, i64, i64, String));
            rows.into_iter().map(|(.., line)| line).collect()
        };
        lines.join("\n")
    }

    #[tokio::test]
    async fn sqlite_uses_the_index_of_the_leading_filter() {
        explain(&sqlite().await).await;
    }

    #[tokio::test]
    async fn postgres_uses_the_index_of_the_leading_filter() {
        let db = postgres().await;
        let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(db.url().as_str()).await.unwrap();
        let seed = "INSERT INTO organizations (organization_id, internal_id, name, metadata, rate_limits, created_at, \
            updated_at) VALUES ('org_1', 'int_1', 'One', '{}', '{}', 0, 0); \
            INSERT INTO audit_events (audit_id, organization_id, happened_at, action, is_read, resource, resource_id, \
            actor_kind, actor_id, actor_name, changes) SELECT 'aud_' || n, 'org_1', n, \
            CASE WHEN n % 7 = 0 THEN 'api_key_created' ELSE 'x' || n % 9 END, FALSE, \
            CASE WHEN n % 3 = 0 THEN 'api_key' ELSE 'user' END, 'key_' || n % 999, 'user', 'usr_' || n % 5, '', '{}' \
            FROM generate_series(1, 30000) AS n; ANALYZE";
        sqlx::Executor::execute(&mut conn, seed).await.unwrap();
        explain(&db).await;
    }
}
