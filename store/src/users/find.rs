//! Finds users.

use model::id::{AccountId, OrganizationId, UserId};
use model::organization::OrganizationSummary;
use model::user::User;

use super::row::{Stored, columns};
use crate::db::{Connection, PerDatabase, run};
use crate::stored_email::StoredEmail;
use crate::{Result, decode};

/// The most users that are found by an address in all organizations.
const EVERYWHERE_MAX: i64 = 1000;

/// A user together with the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub user: User,
    pub organization: OrganizationSummary,
}

pub async fn find(
    db: &mut impl Connection,
    organization: &OrganizationId,
    id: &UserId,
) -> Result<Option<User>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM users u WHERE u.user_id = $2 AND u.organization_id = $1 AND u.removed_at IS NULL"
    );
    run!(db, SQL, [organization.as_str(), id.as_str()], fetch_optional::<Stored>)?
        .map(User::try_from)
        .transpose()
}

/// Finds a user without knowing the organization, for one-time tokens, which only refer to the user. Ignores removed
/// organizations.
pub async fn find_anywhere(db: &mut impl Connection, id: &UserId) -> Result<Option<User>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM users u JOIN organizations o ON o.organization_id = u.organization_id \
         WHERE u.user_id = $1 AND u.removed_at IS NULL AND o.removed_at IS NULL"
    );
    run!(db, SQL, [id.as_str()], fetch_optional::<Stored>)?.map(User::try_from).transpose()
}

/// Finds a user who may use the console: an active user in an organization that was not removed.
pub async fn find_active(db: &mut impl Connection, id: &UserId) -> Result<Option<User>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM users u JOIN organizations o ON o.organization_id = u.organization_id AND o.removed_at IS NULL \
         WHERE u.user_id = $1 AND u.status = 'active' AND u.removed_at IS NULL"
    );
    run!(db, SQL, [id.as_str()], fetch_optional::<Stored>)?.map(User::try_from).transpose()
}

/// Finds a user of an organization by the address in any spelling. If the previous version stored two spellings as two
/// users, it is the one with the given spelling.
pub async fn find_by_email(
    db: &mut impl Connection,
    organization: &OrganizationId,
    email: &str,
) -> Result<Option<User>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM users u WHERE u.organization_id = $1 AND u.email_folded IN ($2, $3) AND u.removed_at IS NULL \
         ORDER BY u.email_folded <> $2 LIMIT 1"
    );
    if !decode::is_storable(email) {
        return Ok(None);
    }
    let StoredEmail { given, folded } = StoredEmail::of(email);
    run!(db, SQL, [organization.as_str(), &given, &folded], fetch_optional::<Stored>)?
        .map(User::try_from)
        .transpose()
}

/// Finds the users of all organizations by the address in any spelling, oldest first. At most 1000, and only one of
/// each organization. Ignores removed organizations.
pub async fn find_everywhere(db: &mut impl Connection, email: &str) -> Result<Vec<User>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM users u JOIN organizations o ON o.organization_id = u.organization_id \
         WHERE u.email_folded IN ($1, $2) AND u.removed_at IS NULL AND o.removed_at IS NULL \
         AND (u.email_folded = $1 OR NOT EXISTS (SELECT 1 FROM users s \
         WHERE s.organization_id = u.organization_id AND s.email_folded = $1 AND s.removed_at IS NULL)) \
         ORDER BY u.created_at, u.user_id LIMIT $3"
    );
    if !decode::is_storable(email) {
        return Ok(Vec::new());
    }
    let StoredEmail { given, folded } = StoredEmail::of(email);
    let rows = run!(db, SQL, [&given, &folded, EVERYWHERE_MAX], fetch_all::<Stored>)?;
    rows.into_iter().map(User::try_from).collect()
}

/// Addresses and names of users, including removed ones, in no particular order.
pub async fn names(db: &mut impl Connection, ids: &[UserId]) -> Result<Vec<(UserId, String, String)>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: "SELECT user_id, email, user_name FROM users WHERE user_id IN (SELECT value FROM json_each($1))",
        postgres: "SELECT user_id, email, user_name FROM users \
            WHERE user_id IN (SELECT jsonb_array_elements_text($1::jsonb))",
    };
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = decode::to_json(&ids, "members' ids")?;
    let rows = run!(db, SQL, [&ids], fetch_all::<(String, String, String)>)?;
    rows.into_iter().map(|(id, email, name)| Ok((decode::text(id, "a member's id")?, email, name))).collect()
}

pub async fn count_admins(db: &mut impl Connection, organization: &OrganizationId) -> Result<u64> {
    const SQL: &str = "SELECT count(*) FROM users \
        WHERE organization_id = $1 AND role = 'admin' AND status = 'active' AND removed_at IS NULL";
    let (admins,) = run!(db, SQL, [organization.as_str()], fetch_one::<(i64,)>)?;
    decode::number(admins, "a number of admins")
}

/// An account's active users, by the name of the organization.
pub async fn memberships(db: &mut impl Connection, account: &AccountId) -> Result<Vec<Membership>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        ", o.name AS organization_name FROM users u JOIN organizations o ON o.organization_id = u.organization_id \
         WHERE u.account_id = $1 AND u.status = 'active' AND u.removed_at IS NULL AND o.removed_at IS NULL \
         ORDER BY o.name, o.organization_id"
    );
    let rows = run!(db, SQL, [account.as_str()], fetch_all::<MembershipRow>)?;
    rows.into_iter().map(Membership::try_from).collect()
}

/// An account's users, also those who are suspended.
pub async fn of_account(db: &mut impl Connection, account: &AccountId) -> Result<Vec<User>> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM users u JOIN organizations o ON o.organization_id = u.organization_id \
         WHERE u.account_id = $1 AND u.removed_at IS NULL AND o.removed_at IS NULL ORDER BY u.user_id"
    );
    let rows = run!(db, SQL, [account.as_str()], fetch_all::<Stored>)?;
    rows.into_iter().map(User::try_from).collect()
}

/// The account with which a user signs in, if any.
pub async fn account_of(db: &mut impl Connection, id: &UserId) -> Result<Option<AccountId>> {
    const SQL: &str = "SELECT account_id FROM users WHERE user_id = $1 AND removed_at IS NULL";
    let row = run!(db, SQL, [id.as_str()], fetch_optional::<(Option<String>,)>)?;
    decode::optional_text(row.and_then(|(account,)| account), "a member's account")
}

#[derive(sqlx::FromRow)]
pub(super) struct MembershipRow {
    #[sqlx(flatten)]
    user: Stored,
    organization_name: String,
}

impl TryFrom<MembershipRow> for Membership {
    type Error = crate::Error;

    fn try_from(row: MembershipRow) -> Result<Self> {
        let MembershipRow { user, organization_name } = row;
        let user = User::try_from(user)?;
        let organization_id = user.organization_id.clone();
        Ok(Self { user, organization: OrganizationSummary { organization_id, name: organization_name } })
    }
}
