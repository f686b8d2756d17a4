//! One page of the organization's key list.
//!
//! Pages are found by the values of the row beside them, never by counting rows, so the last page costs what the first
//! does. A view that nothing narrows is a *walk* along the indexes of its order, which hold just its rows. A narrowed one
//! starts from the index of what narrows it most: few candidates are sorted outright; if there are many, the walk meets them
//! soon enough and takes them on its way.

mod narrowing;
#[cfg(all(test, feature = "testing"))]
mod plans;
mod scan;
mod source;

use std::collections::HashMap;

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{Grace, Key, KeyPage, KeyQuery, KeyRow, Place};

use self::scan::{Bound, Scan};
use super::row::Row;
use super::{graces, totals};
use crate::Result;
use crate::db::Connection;

/// One page, with owners, earlier secrets and totals.
pub async fn page(
    db: &mut impl Connection,
    organization: &OrganizationId,
    query: &KeyQuery,
    now: Timestamp,
) -> Result<KeyPage> {
    let totals = totals(db, organization).await?;
    let scan = Scan::of(organization, query);
    let (source, found) = source::choose(db, &scan, &totals).await?;
    let size = usize::try_from(query.size.get()).unwrap_or(usize::MAX);
    let (is_backwards, is_beside) = match (&query.place, scan.has_cursor) {
        (Place::First | Place::Skip(_), _) | (Place::After(_) | Place::Before(_), false) => (false, false),
        (Place::Last, _) => (true, false),
        (Place::After(_), true) => (false, true),
        (Place::Before(_), true) => (true, true),
    };
    let bound = if is_beside { Bound::Beyond } else { Bound::None };
    let descending = query.sort.descending != is_backwards;
    // One row more than asked for tells whether there are more.
    let mut rows = scan.rows(db, &source, bound, descending, size.saturating_add(1)).await?;
    let has_more = rows.len() > size;
    rows.truncate(size);
    let has_behind = is_beside && scan.any(db, &source, Bound::From, !descending).await?;
    let has_behind = has_behind || (scan.skipped > 0 && found.number > 0);
    let (has_previous, has_next) = if is_backwards { (has_more, has_behind) } else { (has_behind, has_more) };
    if is_backwards {
        rows.reverse();
    }
    let rows = complete(db, rows, now).await?;
    Ok(KeyPage { rows, found, totals, has_previous, has_next })
}

/// A key's row and its owner.
#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    key: Row,
    owner_email: String,
    owner_name: String,
}

/// Adds the earlier secrets.
async fn complete(db: &mut impl Connection, rows: Vec<ListedRow>, now: Timestamp) -> Result<Vec<KeyRow>> {
    let rows = rows
        .into_iter()
        .map(|ListedRow { key, owner_email, owner_name }| {
            Ok(KeyRow { key: Key::try_from(key)?, graces: Vec::new(), owner_email, owner_name })
        })
        .collect::<Result<Vec<_>>>()?;
    let ids: Vec<KeyId> = rows.iter().map(|row| row.key.key_id.clone()).collect();
    let mut by_key: HashMap<KeyId, Vec<Grace>> = HashMap::new();
    for (key, grace) in graces(db, &ids, now).await? {
        by_key.entry(key).or_default().push(grace);
    }
    let with_graces =
        |row: KeyRow| KeyRow { graces: by_key.remove(&row.key.key_id).unwrap_or_default(), ..row };
    Ok(rows.into_iter().map(with_graces).collect())
}
