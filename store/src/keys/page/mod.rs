//! One page of the organization's key list.
//!
//! Pages are found by the values of the row next to them and not by counting rows, so the last page costs as much as
//! the first. A view without further filters is a *walk* along the indexes of its order, which contain exactly its
//! rows. With filters, the page starts from the index of the most selective filter: if there are few candidates, all of
//! them are sorted. If there are many, a walk finds them quickly and picks them on its way.

mod filter;
mod listed_row;
#[cfg(all(test, feature = "testing"))]
mod plans;
mod scan;
mod source;
mod values;

use std::collections::VecDeque;

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{Count, Key, KeyCursor, KeyPage, KeyQuery, KeyRow, Place};

use self::filter::Ended;
use self::listed_row::ListedRow;
use self::scan::Scan;
use super::grace_periods;
use super::totals::totals_and_ended;
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
    // One row more than requested shows whether there are more rows. The row of the cursor shows whether there are rows
    // before the page.
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
        // The row of the cursor has been deleted or has changed.
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
    add_grace_periods(db, &mut rows, now).await?;
    let found = match u64::try_from(rows.len()).unwrap_or(u64::MAX) {
        // Counting stopped early, but the page contains all rows.
        number if found.or_more && !has_previous && !has_next => Count { number, or_more: false },
        number => Count { number: found.number.max(number), ..found },
    };
    Ok(KeyPage { rows, found, totals, has_previous, has_next })
}

/// Adds the earlier secrets. They end with their key, even before their rows are deleted. Only keys whose secret was
/// replaced can have any. The time of the replacement does not matter, because a grace period can be extended
/// repeatedly.
async fn add_grace_periods(db: &mut impl Connection, rows: &mut [KeyRow], now: Timestamp) -> Result<()> {
    let may_have = |key: &&Key| key.revoked.is_none() && key.ended_at.is_none() && key.rotated_at.is_some();
    let rotated = rows.iter().map(|row| &row.key).filter(may_have);
    let ids: Vec<KeyId> = rotated.map(|key| key.key_id.clone()).collect();
    for (id, grace) in grace_periods(db, &ids, now).await? {
        if let Some(row) = rows.iter_mut().find(|row| row.key.key_id == id) {
            row.grace_periods.push(grace);
        }
    }
    Ok(())
}
