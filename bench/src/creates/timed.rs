//! Measures the time of creates, in alternation with the competitors.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::baseline::Baseline;
use crate::load::{self, Answer, Call, Calls, Outcome, Plan};
use crate::raw::{self, Commits, Inserts};
use crate::rivals::{self, Rival};
use crate::seed::{Filled, fill};
use crate::setting::{SMALL, Setting};
use crate::stats::median;
use crate::table::{Row, Verdict, number, per_second, us};
use crate::{Result, instance, process, start};

/// How many turns each server gets.
const ROUNDS: usize = 5;
/// The duration of a turn.
const TURN: Duration = Duration::from_millis(1500);
/// Concurrent callers in the comparisons with competitors.
const CALLERS: usize = 16;
/// If a flush takes longer than this, in microseconds, it dominates everything else.
const SLOW_FLUSH: f64 = 1000.0;
/// What a create may add to the floor if flushes are fast, in microseconds.
const SERVICE: f64 = 30.0;

/// The figures of one turn, or the medians of all turns.
struct Figures {
    alone: f64,
    alone_rate: f64,
    together: f64,
    large: f64,
    raw_alone: Inserts,
    raw_group: f64,
    json: f64,
}

pub async fn time(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let rivals_at = [folder.path().join("better-auth"), folder.path().join("drf")];
    for folder in &rivals_at {
        std::fs::create_dir_all(folder)?;
    }
    let [better_auth, drf] = &rivals_at;
    let rivals = [rivals::better_auth(setting, better_auth).await, rivals::drf(setting, drf).await];
    let mut rival_rates = [Vec::new(), Vec::new()];

    let (small, large) = (folder.path().join("small"), folder.path().join("large"));
    let in_small = fill(&small, SMALL, &folder.path().join("keys")).await?;
    let in_large = setting.database(setting.large, &large).await?;
    let (on_small, on_large) =
        (instance::start(setting, &small).await?, instance::start(setting, &large).await?);
    let bare = start::bare(setting, &Baseline::Json, folder.path()).await?;
    let (small_calls, large_calls) = (creates(&in_small), creates(&in_large));
    let verify: Calls = Arc::new(|_| Call::json("/", r#"{"key":"sk_live_0123456789abcdef"}"#.to_owned()));

    let mut turns = Vec::new();
    for _ in 0..ROUNDS {
        let alone = turn(on_small.address, 1, &small_calls, instance::is_created).await?;
        let raw_alone = raw(setting, Commits::Alone, folder.path()).await?;
        let json = turn(bare.address, 1, &verify, |answer| answer.status == 200).await?;
        let together = turn(on_small.address, CALLERS, &small_calls, instance::is_created).await?;
        for (rival, rates) in rivals.iter().zip(&mut rival_rates) {
            if let Ok(Rival { server, calls, .. }) = rival {
                rates.push(turn(server.address, CALLERS, calls, rivals::is_created).await?.rate());
            }
        }
        let raw_group = raw(setting, Commits::Group, folder.path()).await?.rate;
        let on_large = turn(on_large.address, CALLERS, &large_calls, instance::is_created).await?;
        turns.push(Figures {
            alone: alone.p50(),
            alone_rate: alone.rate(),
            together: together.rate(),
            large: on_large.rate(),
            raw_alone,
            raw_group,
            json: json.p50(),
        });
    }
    let figures = medians(&turns);
    let mut rows = floors(&figures, raw::flush(folder.path())?);
    for ((rival, rates), (name, wanted)) in
        rivals.iter().zip(&rival_rates).zip([("better-auth", 5.0), ("djangorestframework-api-key", 8.0)])
    {
        rows.push(against(
            rival.as_ref().map_err(ToString::to_string),
            name,
            rates,
            figures.together,
            wanted,
        ));
    }
    rows.push(Row {
        goal: "G12",
        what: format!("creates with {} keys, {CALLERS} callers", number(setting.large as f64)),
        ours: per_second(figures.large),
        opponent: format!("with {} keys {}", number(SMALL as f64), per_second(figures.together)),
        ratio: Some(figures.large / figures.together),
        wanted: "–".to_owned(),
        verdict: Verdict::Told,
    });
    Ok(rows)
}

/// Creates keys whose names are never repeated.
fn creates(filled: &Filled) -> Calls {
    let (filled, next) = (filled.clone(), AtomicU64::new(0));
    Arc::new(move |_| instance::create(&filled, next.fetch_add(1, Ordering::Relaxed)))
}

async fn turn(
    address: std::net::SocketAddr,
    callers: usize,
    calls: &Calls,
    check: fn(&Answer) -> bool,
) -> Result<Outcome> {
    load::run(address, Plan { callers, time: TURN, calls_max: 200_000, rate: None }, calls, check).await
}

/// Raw inserts in a separate process, on the core of the servers.
async fn raw(setting: &Setting, commits: Commits, folder: &Path) -> Result<Inserts> {
    let mut command = process::command(setting.server_core, std::env::current_exe()?);
    command.arg("raw").arg(commits.word()).arg("--folder").arg(folder);
    command.arg("--seconds").arg(TURN.as_secs_f64().to_string());
    let output = command.output().await?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn medians(turns: &[Figures]) -> Figures {
    let of =
        |value: fn(&Figures) -> f64| median(&turns.iter().map(value).collect::<Vec<_>>()).unwrap_or(f64::NAN);
    Figures {
        alone: of(|turn| turn.alone),
        alone_rate: of(|turn| turn.alone_rate),
        together: of(|turn| turn.together),
        large: of(|turn| turn.large),
        raw_alone: Inserts { rate: of(|turn| turn.raw_alone.rate), p50: of(|turn| turn.raw_alone.p50) },
        raw_group: of(|turn| turn.raw_group),
        json: of(|turn| turn.json),
    }
}

/// Compares creates with raw SQLite. The goal depends on how fast the disk is.
fn floors(figures: &Figures, flush: f64) -> Vec<Row> {
    let Figures { alone, alone_rate, together, large: _, raw_alone, raw_group, json } = figures;
    let is_slow = flush >= SLOW_FLUSH;
    let disk = format!("a flush takes {}", us(flush));
    let rate = |what: String, ours: f64, other: f64, opponent: String, wanted: f64| Row {
        goal: "G11",
        what,
        ours: per_second(ours),
        opponent,
        ratio: Some(ours / other),
        wanted: format!("≥ {wanted} × ({disk})"),
        verdict: Verdict::of(ours / other >= wanted, wanted * other / ours),
    };
    let one = if is_slow {
        let opponent = format!("raw insert {}", per_second(raw_alone.rate));
        rate("creates, 1 caller".to_owned(), *alone_rate, raw_alone.rate, opponent, 0.8)
    } else {
        let allowed = raw_alone.p50 + json + SERVICE;
        Row {
            goal: "G11",
            what: format!("create, p50, 1 caller ({})", per_second(*alone_rate)),
            ours: us(*alone),
            opponent: format!("raw insert {} + axum-json {} + {}", us(raw_alone.p50), us(*json), us(SERVICE)),
            ratio: Some(alone / allowed),
            wanted: format!("≤ 1 × ({disk})"),
            verdict: Verdict::of(*alone <= allowed, alone / allowed),
        }
    };
    let opponent = format!("raw group commit {}", per_second(*raw_group));
    let wanted = if is_slow { 0.8 } else { 0.5 };
    vec![one, rate(format!("creates, {CALLERS} callers"), *together, *raw_group, opponent, wanted)]
}

fn against(
    rival: std::result::Result<&Rival, String>,
    name: &'static str,
    rates: &[f64],
    ours: f64,
    wanted: f64,
) -> Row {
    let (what, bound) = (format!("creates, {CALLERS} callers, against {name}"), format!("≥ {wanted} ×"));
    if let Err(reason) = rival {
        return Row::not_measured("G12", what, bound, &reason);
    }
    let other = median(rates).unwrap_or(f64::NAN);
    Row {
        goal: "G12",
        what,
        ours: per_second(ours),
        opponent: per_second(other),
        ratio: Some(ours / other),
        wanted: bound,
        verdict: Verdict::of(ours / other >= wanted, wanted * other / ours),
    }
}
