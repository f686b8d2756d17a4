//! Normalizes a name that the previous version of the program wrote.

use model::id::KeyId;
use model::key::KeyStatus;
use model::text::normalized;

use super::find::{find, holders};
use super::key_search_terms;
use crate::db::{PerDatabase, Tx, run};
use crate::{Result, decode, search_terms};

macro_rules! lock {
    ($lock:literal) => {
        concat!(
            "SELECT organization_id, status, search_text FROM keys WHERE key_id = $1 AND name = $2",
            $lock
        )
    };
}

/// Normalizes the name of a key if the key still has it. The name stays if its normalized form belongs to another key
/// of the owner that has not ended for good. Then each of the two is found by its exact spelling.
pub(crate) async fn normalize_name(tx: &mut Tx, id: &str, name: &str) -> Result<()> {
    const LOCK: PerDatabase = PerDatabase { sqlite: lock!(""), postgres: lock!(" FOR UPDATE") };
    const SQL: &str =
        "UPDATE keys SET name = $2, spelling = $3, spelling_of = $2 WHERE key_id = $1 AND name = $3";
    const TERMS: &str = "UPDATE keys SET search_text = $2 WHERE key_id = $1";
    let row = run!(tx, LOCK, [id, name], fetch_optional::<(String, String, String)>)?;
    let Some((organization, status, search_text)) = row else { return Ok(()) };
    let key_id: KeyId = decode::text(id.to_owned(), "a key's id")?;
    let Some(key) = find(tx, &decode::text(organization, "a key's organization")?, &key_id).await? else {
        return Ok(());
    };
    let form = normalized(name);
    let is_over = status == KeyStatus::Revoked.as_str() || key.ended_at.is_some();
    let is_free = is_over || {
        let holders = holders(tx, &key.owner, &form, &form).await?;
        holders.iter().all(|holder| holder.key_id == key_id)
    };
    if is_free {
        run!(tx, SQL, [id, &*form, name], execute)?;
    }
    let terms = search_terms::of_key(key.fields.name.as_str(), id, &key.shown_prefix, &key.fields.metadata);
    let new_text = search_terms::to_text(&terms, &key.fields.metadata);
    if new_text != search_text {
        let organization = key.organization_id.as_str();
        let old_terms: Vec<_> = search_terms::from_text(&search_text).collect();
        key_search_terms::delete(tx, organization, &status, id, &old_terms).await?;
        let rows: Vec<_> = key_search_terms::rows(organization, &status, id, &new_text).collect();
        key_search_terms::insert(tx, &rows).await?;
        run!(tx, TERMS, [id, &new_text], execute)?;
    }
    Ok(())
}
