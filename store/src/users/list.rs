//! Lists the users of an organization.

use model::id::OrganizationId;
use model::user::{Role, User, UserFilter, UserPage, UserStatus};

use super::row::{Stored, columns};
use crate::db::{BuiltStatement, Connection, run};
use crate::search_terms::Search;
use crate::{Result, decode};

/// Users of an organization, oldest first, and their total number. There are few, so they are counted.
pub async fn list(
    db: &mut impl Connection,
    organization: &OrganizationId,
    filter: &UserFilter,
    skip: u64,
    limit: u32,
) -> Result<UserPage> {
    let UserFilter { role, status, search } = filter;
    let search = Search::parse(search);
    let mut conditions = "u.organization_id = $1 AND u.removed_at IS NULL".to_owned();
    for (is_given, condition) in [
        (role.is_some(), " AND u.role = $2"),
        (status.is_some(), " AND u.status = $3"),
        (
            search.is_some(),
            " AND u.user_id IN (SELECT t.user_id FROM user_terms t \
              WHERE t.organization_id = $1 AND t.term >= $4 AND t.term < $5)",
        ),
    ] {
        if is_given {
            conditions.push_str(condition);
        }
    }
    let role = role.map(Role::as_str);
    let status = status.map(UserStatus::as_str);
    let Search { from, until, .. } = search.unwrap_or_default();
    let count = BuiltStatement::same(&format!("SELECT count(*) FROM users u WHERE {conditions}"));
    let (total,) =
        run!(db, count, [organization.as_str(), role, status, &from, &until], fetch_one::<(i64,)>)?;
    let select = BuiltStatement::same(&format!(
        concat!(
            "SELECT ",
            columns!(),
            " FROM users u WHERE {conditions} ORDER BY u.created_at, u.user_id LIMIT $6 OFFSET $7"
        ),
        conditions = conditions
    ));
    let skip = i64::try_from(skip).unwrap_or(i64::MAX);
    let rows = run!(
        db,
        select,
        [organization.as_str(), role, status, &from, &until, i64::from(limit), skip],
        fetch_all::<Stored>
    )?;
    Ok(UserPage {
        users: rows.into_iter().map(User::try_from).collect::<Result<_>>()?,
        total: decode::number(total, "a number of members")?,
    })
}
