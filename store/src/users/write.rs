//! Writes users.

use model::Timestamp;
use model::id::{AccountId, UserId};
use model::user::User;

use super::row::Stored;
use crate::db::{Column, Tx, build, insert_row, run, update_row};
use crate::invalidations::Invalidation;
use crate::{Result, search_terms};

/// Adds a user, with the account if the user can sign in. Fails with `Taken("user_email")` if the organization has a
/// user with this address who was not removed.
pub async fn insert(tx: &mut Tx, user: &User, account: Option<&AccountId>) -> Result<()> {
    let (stored, folded) = (Stored::of(user, account)?, user.email.folded());
    let columns = stored.columns().into_iter();
    let columns = columns.chain([Column::set("email_folded", &folded), terms_at(&stored)]);
    insert_row(tx, "users", columns).await?;
    write_terms_of(tx, user).await
}

/// Updates all columns except the account and the address by which the user is found, unless the user was removed. The
/// address of a user never changes.
pub async fn update(tx: &mut Tx, user: &User) -> Result<()> {
    let stored = Stored::of(user, None)?;
    let columns = stored.columns().into_iter().chain([terms_at(&stored)]);
    update_row(tx, "users", columns, " AND removed_at IS NULL").await?;
    tx.invalidate(Invalidation::Owner(user.user_id.to_string()));
    write_terms_of(tx, user).await
}

/// When the search terms were written.
fn terms_at(stored: &Stored) -> Column<'_> {
    Column::set("terms_at", &stored.updated_at)
}

async fn write_terms_of(tx: &mut Tx, user: &User) -> Result<()> {
    let User { user_id, organization_id, user_name, email, .. } = user;
    write_terms(tx, organization_id.as_str(), user_id.as_str(), user_name, email.as_str()).await
}

/// Replaces the search terms of a user.
pub(super) async fn write_terms(
    tx: &mut Tx,
    organization: &str,
    user: &str,
    user_name: &str,
    email: &str,
) -> Result<()> {
    run!(tx, "DELETE FROM user_terms WHERE user_id = $1", [user], execute)?;
    let terms = search_terms::of_user(user_name, email);
    build!(
        tx,
        "INSERT INTO user_terms (organization_id, term, user_id) ",
        |builder| {
            builder.push_values(&terms, |mut row, term| {
                row.push_bind(organization).push_bind(term).push_bind(user);
            });
        },
        execute
    )?;
    Ok(())
}

/// Lets a user sign in with an account.
pub async fn link_account(tx: &mut Tx, id: &UserId, account: &AccountId) -> Result<()> {
    const SQL: &str = "UPDATE users SET account_id = $2 WHERE user_id = $1 AND removed_at IS NULL";
    run!(tx, SQL, [id.as_str(), account.as_str()], execute)?;
    Ok(())
}

/// Removes a user. The row stays, because keys and audit records refer to it.
pub async fn remove(tx: &mut Tx, id: &UserId, at: Timestamp) -> Result<()> {
    const SQL: &str = "UPDATE users SET removed_at = $2, updated_at = $2, \
        terms_at = CASE WHEN terms_at = updated_at THEN $2 ELSE terms_at END \
        WHERE user_id = $1 AND removed_at IS NULL";
    run!(tx, SQL, [id.as_str(), at.micros()], execute)?;
    tx.invalidate(Invalidation::Owner(id.to_string()));
    Ok(())
}

/// Locks a user until the end of the transaction. Returns false if the user is removed or not active.
pub async fn lock_active(tx: &mut Tx, id: &UserId) -> Result<bool> {
    const SQL: &str = "UPDATE users SET lock_version = lock_version + 1 \
        WHERE user_id = $1 AND status = 'active' AND removed_at IS NULL";
    Ok(run!(tx, SQL, [id.as_str()], execute)? > 0)
}
