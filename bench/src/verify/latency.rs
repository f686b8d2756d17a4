//! Measures the latency of verifications at a moderate rate, alone and during writes.

use std::sync::Arc;
use std::time::Duration;

use super::contest::home;
use super::shots::{Plain, Verify};
use super::warm_up::loaded;
use crate::baseline::Baseline;
use crate::load::{self, Calls, Plan, Shots, Volley, fire};
use crate::setting::Setting;
use crate::stats::median;
use crate::table::{Row, Verdict, us};
use crate::{Result, instance, start};

/// How many turns each server gets.
const ROUNDS: u64 = 5;
const TURN: Duration = Duration::from_secs(2);
/// Requests per second.
const PACE: f64 = 1000.0;
const CALLERS: u64 = 8;
/// Creates per second during the writes.
const CREATES: f64 = 100.0;

pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let data = folder.path().join("data");
    let filled = setting.database(setting.large, &data).await?;
    let ours = instance::start(setting, &data).await?;
    let bare = start::bare(setting, &Baseline::Json, folder.path()).await?;
    let home = Arc::new(home(&ours, &filled, &setting.secrets(setting.large)).await?);
    loaded(ours.address, &home).await?;
    let verify: Arc<dyn Shots> = Arc::new(Verify { home: home.clone(), cost: 1 });
    let json: Arc<dyn Shots> = Arc::new(Plain(home.clone()));
    let (mut quiet, mut floor, mut busy) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let volley = Volley { callers: CALLERS, time: TURN, rate: Some(PACE), first: round << 32 };
        // Keystead is suspended while the baseline is measured.
        ours.pause().await?;
        floor.push(fire(bare.address, volley, json.clone()).await?);
        ours.resume().await?;
        quiet.push(fire(ours.address, volley, verify.clone()).await?);
        let calls: Calls = {
            let filled = filled.clone();
            Arc::new(move |n| instance::create(&filled, round * 1_000_000 + n))
        };
        let plan = Plan { callers: 4, time: TURN, calls_max: 1000, rate: Some(CREATES) };
        let (among, creates) = tokio::join!(
            fire(ours.address, volley, verify.clone()),
            load::run(ours.address, plan, &calls, instance::is_created)
        );
        creates?;
        busy.push(among?);
    }
    let of = |outcomes: &[load::Outcome], part: f64| {
        median(&outcomes.iter().map(|outcome| outcome.below(part)).collect::<Vec<_>>()).unwrap_or(f64::NAN)
    };
    let row = |what: &str, ours: f64, name: &str, other: f64, most: f64| Row {
        goal: "G6",
        what: what.to_owned(),
        ours: us(ours),
        opponent: format!("{name} {}", us(other)),
        ratio: Some(ours / other),
        wanted: format!("≤ {most} ×"),
        verdict: Verdict::of(ours / other <= most, ours / other / most),
    };
    Ok(vec![
        row("p50 of a verify at 1,000 a second", of(&quiet, 0.5), "axum-json", of(&floor, 0.5), 1.3),
        row("p99 of a verify at 1,000 a second", of(&quiet, 0.99), "axum-json", of(&floor, 0.99), 2.0),
        row(
            "p99 beside 100 durable creates a second",
            of(&busy, 0.99),
            "without them",
            of(&quiet, 0.99),
            2.0,
        ),
    ])
}
