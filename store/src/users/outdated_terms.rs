//! Renews the search terms of users that an earlier version wrote. That version may still run on the same database. It
//! changes `updated_at` and does not know the column `terms_at`.

use super::write::write_terms;
use crate::Result;
use crate::db::{PerDatabase, Tx, run};

/// Selects a user whose terms are outdated, if there is one.
pub(crate) const ANY_OUTDATED: &str =
    "SELECT u.user_id FROM users u WHERE u.terms_at <> u.updated_at ORDER BY u.user_id LIMIT 1";

macro_rules! outdated {
    () => {
        "SELECT u.user_id, u.organization_id, u.user_name, u.email FROM users u WHERE u.terms_at <> u.updated_at \
         ORDER BY u.user_id LIMIT $1"
    };
}

pub(crate) const OUTDATED: PerDatabase =
    PerDatabase { sqlite: outdated!(), postgres: concat!(outdated!(), " FOR UPDATE SKIP LOCKED") };

/// Renews the terms of at most `limit` users. These include removed users, because their keys are still listed. Returns
/// how many it renewed.
pub(crate) async fn renew_terms(tx: &mut Tx, limit: u32) -> Result<u64> {
    const RENEWED: &str = "UPDATE users SET terms_at = updated_at WHERE user_id = $1";
    let outdated = run!(tx, OUTDATED, [i64::from(limit)], fetch_all::<(String, String, String, String)>)?;
    for (id, organization, user_name, email) in &outdated {
        write_terms(tx, organization, id, user_name, email).await?;
        run!(tx, RENEWED, [id], execute)?;
    }
    Ok(u64::try_from(outdated.len()).unwrap_or(u64::MAX))
}
