//! The search terms of service accounts.

use crate::db::{PerDatabase, Tx, build, run};
use crate::{Result, search_terms};

/// Replaces the search terms of an account.
pub(super) async fn write(tx: &mut Tx, organization: &str, id: &str, name: &str) -> Result<()> {
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

/// Selects an account whose search terms are outdated, if there is one. An earlier version of the program wrote them,
/// and may still run on the same database. It changes `updated_at` and does not know the column `terms_at`.
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
pub(crate) async fn renew(tx: &mut Tx, limit: u32) -> Result<u64> {
    const RENEWED: &str = "UPDATE service_accounts SET terms_at = updated_at WHERE service_account_id = $1";
    let outdated = run!(tx, OUTDATED, [i64::from(limit)], fetch_all::<(String, String, String)>)?;
    for (id, organization, name) in &outdated {
        write(tx, organization, id, name).await?;
        run!(tx, RENEWED, [id], execute)?;
    }
    Ok(u64::try_from(outdated.len()).unwrap_or(u64::MAX))
}
