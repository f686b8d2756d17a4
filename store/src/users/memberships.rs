//! Lists the users of all organizations, for the operator.

use model::id::OrganizationId;
use model::user::User;

use super::find::{Membership, MembershipRow};
use super::row::columns;
use crate::Result;
use crate::db::{Connection, run};

/// `CROSS JOIN` makes SQLite read the users first, in the order of their index. Otherwise it may begin with the
/// organizations, and read all of them again for each part of the list.
macro_rules! listed {
    ($after:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", o.name AS organization_name FROM users u CROSS JOIN organizations o \
             WHERE o.organization_id = u.organization_id AND o.removed_at IS NULL AND u.removed_at IS NULL AND ",
            $after,
            " ORDER BY u.organization_id, u.created_at, u.user_id LIMIT $4"
        )
    };
}

/// The users of one organization or of all, by organization and oldest first. Begins after the user `after`, who must
/// be one of them.
pub async fn list_memberships(
    db: &mut impl Connection,
    organization: Option<&OrganizationId>,
    after: Option<&User>,
    limit: u32,
) -> Result<Vec<Membership>> {
    const OF_ONE: &str = listed!("u.organization_id = $1 AND (u.created_at, u.user_id) > ($2, $3)");
    const OF_ALL: &str = listed!("(u.organization_id, u.created_at, u.user_id) > ($1, $2, $3)");
    let sql = if organization.is_some() { OF_ONE } else { OF_ALL };
    let organization = organization.or(after.map(|user| &user.organization_id));
    let organization = organization.map_or("", OrganizationId::as_str);
    let (at, id) = after.map_or((i64::MIN, ""), |user| (user.created_at.micros(), user.user_id.as_str()));
    let rows = run!(db, sql, [organization, at, id, i64::from(limit)], fetch_all::<MembershipRow>)?;
    rows.into_iter().map(Membership::try_from).collect()
}
