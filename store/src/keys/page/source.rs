//! Where a page comes from, decided by counting a little.

use model::key::{Count, KeyTotals};

use super::super::totals::{COUNTED_MAX, bounded};
use super::narrowing::{Ended, Narrowing};
use super::scan::Scan;
use crate::db::Connection;
use crate::{Result, decode};

/// Most candidates that are sorted outright. Above it a walk meets one of them every hundred rows even among a million
/// keys; sorting that many takes milliseconds.
const CANDIDATES_MAX: u64 = 10_000;

/// Among so many candidates it is counted which meet every condition, if there are too many to look at each.
const COUNTED_AMONG: u64 = 2000;

/// Where the rows of a page come from.
pub(super) enum Source {
    /// Along the index of the order.
    Walk,
    /// All rows of this statement, sorted.
    Candidates(String),
}

/// Chooses, and says how many keys the filter finds.
pub(super) async fn choose(
    db: &mut impl Connection,
    scan: &Scan,
    totals: &KeyTotals,
) -> Result<(Source, Count)> {
    let total = totals.of(scan.view);
    match scan.narrowings.as_slice() {
        [] | [Narrowing::View(_)] => return Ok((Source::Walk, total)),
        _ => {}
    }
    let counted = count(db, scan, total).await?;
    let Some((best, rows, keys)) = counted.into_iter().min_by_key(|(_, rows, _)| *rows) else {
        return Ok((Source::Walk, total));
    };
    let is_range = scan.narrowings.len() == 1 && best.is_range_of(scan.column);
    let is_few = rows <= CANDIDATES_MAX && !is_range;
    let limit = if is_few { CANDIDATES_MAX } else { COUNTED_AMONG };
    let matching = scan.matching(best, &best.candidates(scan.view, scan.ended, Some(limit)));
    let found = match scan.narrowings.as_slice() {
        [_] if scan.ended == Ended::None => bounded(keys),
        _ if is_few => count_matching(db, scan, &matching).await?,
        _ => Count { or_more: true, ..count_matching(db, scan, &matching).await? },
    };
    Ok((if is_few { Source::Candidates(matching) } else { Source::Walk }, found))
}

/// For each narrowing by itself: how many rows its index gives, up to one above the bound, and how many keys those are.
/// How many there are of a view is known.
async fn count(db: &mut impl Connection, scan: &Scan, of_view: Count) -> Result<Vec<(Narrowing, u64, u64)>> {
    let (views, others): (Vec<_>, Vec<_>) = scan
        .narrowings
        .iter()
        .enumerate()
        .partition(|(_, narrowing)| matches!(narrowing, Narrowing::View(_)));
    let counts = others.into_iter().map(|(place, narrowing)| {
        let candidates = narrowing.candidates(scan.view, scan.ended, Some(CANDIDATES_MAX + 1));
        let keys = match narrowing {
            // Only here a key may come more than once.
            Narrowing::Search => {
                let limit = COUNTED_MAX + 1;
                format!("(SELECT count(*) FROM (SELECT DISTINCT d.key_id FROM ({candidates}) AS d LIMIT {limit}) AS d)")
            }
            _ => "count(*)".to_owned(),
        };
        format!("SELECT {place} AS place, count(*) AS found_rows, {keys} AS found_keys FROM ({candidates}) AS c")
    });
    let sql = counts.collect::<Vec<_>>().join(" UNION ALL ");
    let rows = scan.fetch_all::<(i32, i64, i64)>(db, &sql).await?;
    let number = |number| decode::number::<u64>(number, "a number of keys");
    let mut counted: Vec<_> =
        views.iter().map(|(_, view)| (**view, of_view.number, of_view.number)).collect();
    for (place, rows, keys) in rows {
        let narrowing = usize::try_from(place).ok().and_then(|place| scan.narrowings.get(place));
        if let Some(narrowing) = narrowing {
            counted.push((*narrowing, number(rows)?, number(keys)?));
        }
    }
    Ok(counted)
}

/// How many of the candidates meet every condition, up to a bound.
async fn count_matching(db: &mut impl Connection, scan: &Scan, matching: &str) -> Result<Count> {
    let limit = COUNTED_MAX + 1;
    let sql = format!("SELECT count(*) FROM ({matching} LIMIT {limit}) AS matching");
    let rows = scan.fetch_all::<(i64,)>(db, &sql).await?;
    let (number,) = rows.first().copied().unwrap_or_default();
    Ok(bounded(decode::number(number, "a number of keys")?))
}
