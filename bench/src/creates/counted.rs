//! Counts the disk flushes of creates, from a trace of the server's system calls. The result does not depend on time.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::load::{self, Plan};
use crate::seed::fill;
use crate::setting::{SMALL, Setting};
use crate::table::{Row, Verdict, number};
use crate::{Result, instance, process};

/// Callers, number of creates, and allowed flushes per create.
const CASES: [(usize, u64, f64); 2] = [(1, 500, 1.0), (16, 4000, 0.15)];

/// Counts flushes with one caller and with sixteen callers.
pub async fn count(setting: &Setting) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (callers, creates, wanted) in CASES {
        let what = format!("flushes (fsync, fdatasync) per create, {callers} at once, counted");
        let bound = format!("≤ {wanted}");
        rows.push(match flushes(setting, callers, creates).await {
            Ok(flushes) => {
                let each = flushes as f64 / creates as f64;
                // The last use of the admin's key is also written, once a second. It adds at most a hundredth.
                let is_met = each <= wanted + 0.01;
                Row {
                    goal: "G11",
                    what,
                    ours: format!("{each:.3}"),
                    opponent: format!(
                        "{} flushes, {} creates",
                        number(flushes as f64),
                        number(creates as f64)
                    ),
                    ratio: Some(each),
                    wanted: bound,
                    verdict: Verdict::of(is_met, each / wanted),
                }
            }
            Err(error) => Row::not_measured("G11", what, bound, &error.to_string()),
        });
    }
    Ok(rows)
}

async fn flushes(setting: &Setting, callers: usize, creates: u64) -> Result<u64> {
    let folder = setting.folder()?;
    let (data, record) = (folder.path().join("data"), folder.path().join("calls"));
    let filled = fill(&data, SMALL, &folder.path().join("keys")).await?;
    let mut command = process::command(setting.server_core, "strace");
    // -D makes the server our direct child, so that it ends with us.
    command
        .args(["-D", "-f", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range,syncfs,msync", "-o"])
        .arg(&record);
    command.arg(&setting.keystead);
    let server = process::start(instance::configure(command, &data), &folder.path().join("errors")).await?;
    let calls: load::Calls = {
        let filled = filled.clone();
        Arc::new(move |number| instance::create(&filled, number))
    };
    let plan = |calls_max| Plan { callers, time: Duration::from_mins(1), calls_max, rate: None };
    load::run(server.address, Plan { callers: 1, ..plan(1) }, &calls, instance::is_created).await?;
    let before = recorded(&record).await?;
    let after_first: load::Calls = Arc::new(move |number| calls(number + 1));
    let done = load::run(server.address, plan(creates), &after_first, instance::is_created).await?;
    let flushes = recorded(&record).await? - before;
    server.kill().await?;
    let made = done.nanoseconds.len() as u64;
    if made == creates {
        Ok(flushes)
    } else {
        Err(format!("only {made} of {creates} creates in time").into())
    }
}

/// The number of flushes in strace's output. The second line of an interrupted call is not counted.
async fn recorded(record: &Path) -> Result<u64> {
    // strace writes after the call returns, so the response may have arrived earlier.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let text = std::fs::read_to_string(record)?;
    Ok(text.lines().filter(|line| line.contains("sync") && !line.contains("resumed>")).count() as u64)
}
