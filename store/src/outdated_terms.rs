//! Renews search terms that were not made by the rules of this version.
//!
//! A migration cannot do this, because SQL does not know the rules, and servers of the previous version may continue to
//! write terms by their own rules. So every row shows whether its terms are outdated, and a background task renews them
//! in batches. Until then, a search finds what it found by the earlier rules.

use crate::db::{Connection, Tx, run};
use crate::{Result, keys, service_accounts, users};

/// Whether the terms of any key, user or service account are outdated.
pub async fn any_outdated(db: &mut impl Connection) -> Result<bool> {
    for sql in
        [keys::ANY_OUTDATED, users::outdated_terms::ANY_OUTDATED, service_accounts::terms::ANY_OUTDATED]
    {
        if run!(db, sql, [], fetch_optional::<(String,)>)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Renews the terms of at most `limit` keys, `limit` users and `limit` service accounts. Returns how many rows it
/// renewed.
pub async fn renew(tx: &mut Tx, limit: u32) -> Result<u64> {
    Ok(keys::renew_terms(tx, limit).await?
        + users::outdated_terms::renew_terms(tx, limit).await?
        + service_accounts::terms::renew(tx, limit).await?)
}
