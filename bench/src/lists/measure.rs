//! Compares each page on a small and a large database, and a page with the floor.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use model::key::{KeyQuery, KeyView, Place};

use super::each::{ROWS, lists, name};
use super::place::middle;
use super::through::{Through, call};
use crate::baseline::Baseline;
use crate::instance::{self, contains};
use crate::load::{self, Answer, Call, Plan};
use crate::setting::{SMALL, Setting};
use crate::stats::{median, quantile};
use crate::table::{Row, Verdict, number, times, us};
use crate::verify::start_filled;
use crate::{Result, raw, start};

/// How many times each page is requested on each database, at most.
const ROUNDS: usize = 15;
/// A page is not requested again once its requests on the large database have taken longer than this in total, in
/// microseconds. Some pages take a second.
const PAGE_TIME: f64 = 100_000.0;
/// How much more a page may cost on the large database.
const GROWTH_MAX: f64 = 1.3;

/// The cost of one page on both databases, in microseconds.
struct Pair {
    query: KeyQuery,
    small: f64,
    large: f64,
}

pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let (small, large) = (folder.path().join("small"), folder.path().join("large"));
    let (in_small, in_large) =
        (setting.database(SMALL, &small).await?, setting.database(setting.large, &large).await?);

    let mut stores = (Through::store(&small, &in_small).await?, Through::store(&large, &in_large).await?);
    let by_store = compare(&mut stores.0, &mut stores.1).await?;
    drop(stores);

    let servers = (start_filled(setting, &small).await?, start_filled(setting, &large).await?);
    let cookies = (
        instance::sign_in(servers.0.address, &in_small).await?,
        instance::sign_in(servers.1.address, &in_large).await?,
    );
    let mut https = (
        Through::http(servers.0.address, cookies.0).await?,
        Through::http(servers.1.address, cookies.1.clone()).await?,
    );
    let by_http = compare(&mut https.0, &mut https.1).await?;
    servers.0.kill().await?;

    let mut rows = growth(&by_http, "over HTTP", setting.large);
    rows.extend(growth(&by_store, "in the store", setting.large));
    let bare = start::bare(setting, &Baseline::Json, folder.path()).await?;
    let sql = raw::page(&large.join("keystead.db"))?;
    rows.extend(against_floor(servers.1.address, &cookies.1, bare.address, sql).await?);
    Ok(rows)
}

/// Measures every page of every list, alternating between the two databases.
async fn compare(small: &mut Through, large: &mut Through) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for list in lists() {
        let (in_small, in_large) = (places(small, &list).await?, places(large, &list).await?);
        for (of_small, of_large) in in_small.into_iter().zip(in_large) {
            let (mut small_times, mut large_times) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                small_times.push(small.page(&of_small).await?.1);
                large_times.push(large.page(&of_large).await?.1);
                if large_times.iter().sum::<f64>() > PAGE_TIME {
                    break;
                }
            }
            let middle = |times: &[f64]| median(times).unwrap_or(f64::NAN);
            pairs.push(Pair { query: of_large, small: middle(&small_times), large: middle(&large_times) });
        }
    }
    Ok(pairs)
}

/// The first, a middle, and the last page of a list. Each is loaded once to check it.
async fn places(through: &mut Through, list: &KeyQuery) -> Result<[KeyQuery; 3]> {
    let at = |place| KeyQuery { place, ..list.clone() };
    let (first, ending) = (at(Place::First), at(Place::Last));
    let (beginning, end) = (through.page(&first).await?.0, through.page(&ending).await?.0);
    let between = at(Place::After(middle(&beginning, &end, list.sort)?));
    let middle_page = through.page(&between).await?.0;
    let is_first = !beginning.has_previous && beginning.has_next;
    let is_last = end.has_previous && !end.has_next;
    for (query, page, is_right) in [
        (&first, &beginning, is_first),
        (&between, &middle_page, middle_page.has_previous),
        (&ending, &end, is_last),
    ] {
        // A page that is not full costs less, which would distort the comparison.
        if !is_right || page.rows.len() != ROWS as usize {
            return Err(format!("{} is no such page, with {} rows", name(query), page.rows.len()).into());
        }
    }
    Ok([first, between, ending])
}

fn growth(pairs: &[Pair], way: &str, keys: u64) -> Vec<Row> {
    let ratio = |pair: &Pair| pair.large / pair.small;
    let row = |what: String, ours: f64, other: f64, ratio: f64| Row {
        goal: "G13",
        what,
        ours: format!("{} at {}", us(ours), number(keys as f64)),
        opponent: format!("{} at {}", us(other), number(SMALL as f64)),
        ratio: Some(ratio),
        wanted: format!("≤ {GROWTH_MAX} ×"),
        verdict: Verdict::of(ratio <= GROWTH_MAX, ratio / GROWTH_MAX),
    };
    let (of_statuses, of_views): (Vec<&Pair>, Vec<&Pair>) =
        pairs.iter().partition(|pair| is_status(pair.query.filter.view));
    let of = |place: &str| -> Vec<&Pair> {
        of_statuses.iter().copied().filter(|pair| name(&pair.query).ends_with(place)).collect()
    };
    let mut rows = Vec::new();
    for place in ["first", "middle", "last"] {
        let pairs = of(place);
        let middle =
            |value: fn(&Pair) -> f64| median(&pairs.iter().map(|pair| value(pair)).collect::<Vec<_>>());
        let (ours, other) =
            (middle(|pair| pair.large).unwrap_or(f64::NAN), middle(|pair| pair.small).unwrap_or(f64::NAN));
        let typical = median(&pairs.iter().map(|pair| ratio(pair)).collect::<Vec<_>>()).unwrap_or(f64::NAN);
        rows.push(row(
            format!("{place} page of 50 {way}, median of {} lists: every status in every order", pairs.len()),
            ours,
            other,
            typical,
        ));
    }
    for (kind, pairs) in [("statuses", of_statuses), ("views that narrow", of_views)] {
        let ratios: Vec<f64> = pairs.iter().map(|pair| ratio(pair)).collect();
        let missed = ratios.iter().filter(|ratio| **ratio > GROWTH_MAX).count();
        let Some(worst) = pairs.iter().max_by(|a, b| ratio(a).total_cmp(&ratio(b))) else { continue };
        let middle = quantile(&ratios, 0.5).unwrap_or(f64::NAN);
        let tail = quantile(&ratios, 0.95).unwrap_or(f64::NAN);
        let what = format!(
            "the worst of {} pages of {kind} {way}: {} ({missed} above {GROWTH_MAX} ×; half below {}, 95 of 100 below {})",
            pairs.len(),
            name(&worst.query),
            times(middle),
            times(tail)
        );
        rows.push(row(what, worst.large, worst.small, ratio(worst)));
    }
    rows
}

/// Whether a view is a status. The other views are subsets of the active keys.
fn is_status(view: KeyView) -> bool {
    match view {
        KeyView::All | KeyView::Active | KeyView::Expired | KeyView::Revoked => true,
        KeyView::Expiring
        | KeyView::Unused
        | KeyView::NeverExpires
        | KeyView::NoRateLimit
        | KeyView::Disabled => false,
    }
}

/// Measures the first page on one connection, in alternation with a bare server.
async fn against_floor(ours: SocketAddr, cookie: &str, bare: SocketAddr, sql: f64) -> Result<Vec<Row>> {
    let query = call(&KeyQuery::default(), &format!("http://{ours}"), cookie);
    let html = Call::get("/keys").with("cookie", cookie).with("accept", "text/html");
    let verify = Call::json("/", r#"{"key":"sk_live_0123456789abcdefghijklmnopqrstuv000000"}"#.to_owned());
    let (mut lists, mut pages, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        lists.push(
            p50(ours, &query, |answer| answer.status == 200 && contains(&answer.body, b"\"rows\":[{"))
                .await?,
        );
        pages.push(
            p50(ours, &html, |answer| answer.status == 200 && contains(&answer.body, b"</html>")).await?,
        );
        floors.push(
            p50(bare, &verify, |answer| answer.status == 200 && contains(&answer.body, b"\"valid\":true"))
                .await?,
        );
    }
    let middle = |times: &[f64]| median(times).unwrap_or(f64::NAN);
    let (list, page, floor) = (middle(&lists), middle(&pages), middle(&floors));
    let allowed = floor + 5.0 * sql;
    let opponent = format!("axum-json {} + 5 × SQL page {}", us(floor), us(sql));
    Ok(vec![
        Row {
            goal: "G13",
            what: "page of 50 over HTTP (JSON, 1,000,000 keys), p50, 1 connection".to_owned(),
            ours: us(list),
            opponent,
            ratio: Some(list / allowed),
            wanted: "≤ 1 ×".to_owned(),
            verdict: Verdict::of(list <= allowed, list / allowed),
        },
        Row {
            goal: "G13",
            what: "the same as a page of the console (HTML rendered on the server), p50".to_owned(),
            ours: us(page),
            opponent: format!("axum-json {}", us(floor)),
            ratio: Some(page / floor),
            wanted: "–".to_owned(),
            verdict: Verdict::Told,
        },
    ])
}

async fn p50(address: SocketAddr, call: &Call, check: fn(&Answer) -> bool) -> Result<f64> {
    let call = call.clone();
    let calls: load::Calls = Arc::new(move |_| call.clone());
    let plan = Plan { callers: 1, time: Duration::from_millis(600), calls_max: 20_000, rate: None };
    Ok(load::run(address, plan, &calls, check).await?.p50())
}
