//! Chooses how a page is found, by counting a few rows.

use model::key::{Count, KeyTotals};

use super::super::totals::{COUNTED_MAX, bounded};
use super::filter::{Ended, Filter};
use super::scan::{Scan, Source};
use crate::db::Connection;
use crate::{Result, decode};

/// The most candidates that are sorted, which takes milliseconds. If there are more, at least one in a hundred keys is
/// a candidate even among a million, so a walk finds them quickly.
const CANDIDATES_MAX: u64 = 10_000;

/// If the candidates are not sorted, only this many are checked against the other filters in order to count.
const COUNTED_AMONG: u64 = 2000;

/// Chooses the source. Also returns how many keys the filter matches.
pub(super) async fn choose(
    db: &mut impl Connection,
    scan: &Scan,
    totals: &KeyTotals,
) -> Result<(Source, Count)> {
    let total = totals.of(scan.view);
    match scan.filters.as_slice() {
        [] | [Filter::View(_)] => return Ok((Source::Walk, total)),
        _ => {}
    }
    let counted = count(db, scan, total).await?;
    let Some((best, rows, keys)) = counted.into_iter().min_by_key(|(_, rows, _)| *rows) else {
        return Ok((Source::Walk, total));
    };
    let is_range = scan.filters.len() == 1 && best.is_range_of(scan.column);
    let is_few = rows <= CANDIDATES_MAX && !is_range;
    let limit = if is_few { CANDIDATES_MAX } else { COUNTED_AMONG };
    let matching = scan.matching(best, &best.candidates(scan.view, scan.ended, Some(limit)));
    let found = match scan.filters.as_slice() {
        [_] if scan.ended == Ended::None => bounded(keys),
        _ if is_few => count_matching(db, scan, &matching).await?,
        _ => Count { or_more: true, ..count_matching(db, scan, &matching).await? },
    };
    Ok((if is_few { Source::Candidates(matching) } else { Source::Walk }, found))
}

/// For each filter by itself: how many rows its index returns, up to one above the bound, and how many keys these are.
/// For a view the number is already known.
async fn count(db: &mut impl Connection, scan: &Scan, of_view: Count) -> Result<Vec<(Filter, u64, u64)>> {
    let (views, others): (Vec<_>, Vec<_>) =
        scan.filters.iter().enumerate().partition(|(_, filter)| matches!(filter, Filter::View(_)));
    let counts = others.into_iter().map(|(place, filter)| {
        let candidates = filter.candidates(scan.view, scan.ended, Some(CANDIDATES_MAX + 1));
        let keys = match filter {
            // Only a search can return the same key more than once.
            Filter::Search => {
                let limit = COUNTED_MAX + 1;
                format!("(SELECT count(*) FROM (SELECT DISTINCT d.key_id FROM ({candidates}) AS d LIMIT {limit}) AS d)")
            }
            _ => "count(*)".to_owned(),
        };
        format!("SELECT {place} AS place, count(*) AS found_rows, {keys} AS found_keys FROM ({candidates}) AS c")
    });
    let sql = counts.collect::<Vec<_>>().join(" UNION ALL ");
    let rows = scan.values.fetch_all::<(i32, i64, i64)>(db, &sql).await?;
    let number = |number| decode::number::<u64>(number, "a number of keys");
    let mut counted: Vec<_> =
        views.iter().map(|(_, view)| (**view, of_view.number, of_view.number)).collect();
    for (place, rows, keys) in rows {
        let filter = usize::try_from(place).ok().and_then(|place| scan.filters.get(place));
        if let Some(filter) = filter {
            counted.push((*filter, number(rows)?, number(keys)?));
        }
    }
    Ok(counted)
}

/// How many candidates meet all conditions, up to a bound.
async fn count_matching(db: &mut impl Connection, scan: &Scan, matching: &str) -> Result<Count> {
    let limit = COUNTED_MAX + 1;
    let sql = format!("SELECT count(*) FROM ({matching} LIMIT {limit}) AS matching");
    let rows = scan.values.fetch_all::<(i64,)>(db, &sql).await?;
    let (number,) = rows.first().copied().unwrap_or_default();
    Ok(bounded(decode::number(number, "a number of keys")?))
}
