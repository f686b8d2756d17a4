//! Renews the search terms of keys that an earlier version wrote. That version may still run on the same database.
//! Verdicts do not depend on search terms, so the version of the key stays the same.

use std::collections::BTreeSet;

use model::metadata::Metadata;

use super::key_search_terms::{self, TermRow};
use crate::db::{PerDatabase, Tx, build, run};
use crate::search_terms::{from_text, of_key, outdated_keys, to_text};
use crate::stored_name::spelled;
use crate::{Result, decode};

/// Selects a key whose terms are outdated, if there is one.
pub(crate) const ANY_OUTDATED: &str =
    concat!("SELECT d.key_id FROM keys d WHERE ", outdated_keys!(), " ORDER BY d.key_id LIMIT 1");

macro_rules! outdated {
    () => {
        concat!(
            "SELECT d.key_id, d.organization_id, d.status, ",
            spelled!("d"),
            " AS name, d.shown_prefix, d.metadata, d.search_text FROM keys d WHERE ",
            outdated_keys!(),
            " ORDER BY d.key_id LIMIT $1"
        )
    };
}

/// Several processes may renew terms at the same time, and other transactions may change the same keys. Each process
/// renews only keys that no other transaction has locked.
pub(super) const OUTDATED: PerDatabase =
    PerDatabase { sqlite: outdated!(), postgres: concat!(outdated!(), " FOR UPDATE SKIP LOCKED") };

/// The end of the statement that writes search texts, after the list of rows.
pub(super) const RENEWED: &str = ") AS v WHERE keys.key_id = v.column1";

#[derive(sqlx::FromRow)]
struct Outdated {
    key_id: String,
    organization_id: String,
    status: String,
    name: String,
    shown_prefix: String,
    metadata: String,
    search_text: String,
}

/// Renews the terms of at most `limit` keys. Returns how many it renewed.
pub(crate) async fn renew_terms(tx: &mut Tx, limit: u32) -> Result<u64> {
    let outdated = run!(tx, OUTDATED, [i64::from(limit)], fetch_all::<Outdated>)?;
    let metadata: Vec<Metadata> =
        outdated.iter().map(|key| decode::json(&key.metadata, "a key's metadata")).collect::<Result<_>>()?;
    let terms: Vec<_> = outdated
        .iter()
        .zip(&metadata)
        .map(|(key, metadata)| of_key(&key.name, &key.key_id, &key.shown_prefix, metadata))
        .collect();
    let mut new = Vec::new();
    for (key, terms) in outdated.iter().zip(&terms) {
        let Outdated { key_id, organization_id, status, search_text, .. } = key;
        let old: BTreeSet<_> = from_text(search_text).collect();
        let ended: Vec<_> = old.iter().copied().filter(|term| !terms.contains(*term)).collect();
        key_search_terms::delete(tx, organization_id, status, key_id, &ended).await?;
        let added = terms.iter().filter(|term| !old.contains(term.as_str()));
        new.extend(added.map(|term| TermRow { organization: organization_id, status, term, key: key_id }));
    }
    key_search_terms::insert(tx, &new).await?;
    let rows: Vec<_> = outdated
        .iter()
        .zip(terms.iter().zip(&metadata))
        .map(|(key, (terms, metadata))| {
            (key.key_id.as_str(), to_text(terms, metadata), model::text::fold(&key.name))
        })
        .collect();
    write(tx, &rows).await?;
    Ok(u64::try_from(outdated.len()).unwrap_or(u64::MAX))
}

/// Writes search texts and folded names. The earlier version folds the normalized name and not the name as it was sent,
/// by which the list is sorted.
async fn write(tx: &mut Tx, rows: &[(&str, String, String)]) -> Result<()> {
    for rows in rows.chunks(tx.rows_of_a_statement()) {
        build!(
            tx,
            "UPDATE keys SET search_text = v.column2, name_folded = v.column3 FROM (",
            |builder| {
                builder.push_values(rows, |mut values, (id, text, folded)| {
                    values.push_bind(*id).push_bind(text).push_bind(folded);
                });
                builder.push(RENEWED);
            },
            execute
        )?;
    }
    Ok(())
}
