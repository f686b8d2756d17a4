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

use std::collections::VecDeque;

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{Count, Key, KeyCursor, KeyPage, KeyQuery, KeyRow, Place};

use self::narrowing::Ended;
use self::scan::Scan;
use super::row::Row;
use super::{graces, totals::totals_and_ended};
use crate::Result;
use crate::db::Connection;

/// One page, with owners, earlier secrets and totals.
pub async fn page(
    db: &mut impl Connection,
    organization: &OrganizationId,
    query: &KeyQuery,
    now: Timestamp,
) -> Result<KeyPage> {
    let (totals, ended) = totals_and_ended(db, organization).await?;
    let scan = Scan::of(organization, query, ended.map_or(Ended::None, Ended::of));
    let (source, found) = source::choose(db, &scan, &totals).await?;
    let size = usize::try_from(query.size.get()).unwrap_or(usize::MAX);
    let (is_backwards, beside) = match (&query.place, scan.has_cursor) {
        (Place::First | Place::Skip(_), _) | (Place::After(_) | Place::Before(_), false) => (false, None),
        (Place::Last, _) => (true, None),
        (Place::After(cursor), true) => (false, Some(cursor)),
        (Place::Before(cursor), true) => (true, Some(cursor)),
    };
    let descending = query.sort.descending != is_backwards;
    // One row more than asked for tells whether there are more, and the row beside them whether there are others.
    let limit = size.saturating_add(1 + usize::from(beside.is_some()));
    let rows = scan.rows(db, &source, descending, limit).await?;
    let mut rows = rows.into_iter().map(ListedRow::into_row).collect::<Result<VecDeque<_>>>()?;
    let has_behind = match beside {
        Some(cursor)
            if rows.front().is_some_and(|row| KeyCursor::of(&row.key, query.sort.column) == *cursor) =>
        {
            rows.pop_front();
            true
        }
        // The row beside has gone, or changed.
        Some(_) => scan.any(db, &source, !descending).await?,
        None => scan.skipped > 0 && found.number > 0,
    };
    let has_more = rows.len() > size;
    rows.truncate(size);
    let (has_previous, has_next) = if is_backwards { (has_more, has_behind) } else { (has_behind, has_more) };
    let mut rows = Vec::from(rows);
    if is_backwards {
        rows.reverse();
    }
    add_graces(db, &mut rows, now).await?;
    let found = match u64::try_from(rows.len()).unwrap_or(u64::MAX) {
        // Counting stopped early, the page did not.
        number if found.or_more && !has_previous && !has_next => Count { number, or_more: false },
        number => Count { number: found.number.max(number), ..found },
    };
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

impl ListedRow {
    fn into_row(self) -> Result<KeyRow> {
        let Self { key, owner_email, owner_name } = self;
        Ok(KeyRow { key: Key::try_from(key)?, graces: Vec::new(), owner_email, owner_name })
    }
}

/// Adds the earlier secrets. They end with their key, before their rows go. Only a key whose secret was replaced can have any.
/// When that was does not tell: a grace period can be extended again and again.
async fn add_graces(db: &mut impl Connection, rows: &mut [KeyRow], now: Timestamp) -> Result<()> {
    let may_have = |key: &&Key| key.revoked.is_none() && key.ended_at.is_none() && key.rotated_at.is_some();
    let rotated = rows.iter().map(|row| &row.key).filter(may_have);
    let ids: Vec<KeyId> = rotated.map(|key| key.key_id.clone()).collect();
    for (id, grace) in graces(db, &ids, now).await? {
        if let Some(row) = rows.iter_mut().find(|row| row.key.key_id == id) {
            row.graces.push(grace);
        }
    }
    Ok(())
}
