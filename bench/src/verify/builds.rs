//! Compares this build of Keystead with another one, for example the one before a change, in alternation.

use std::path::Path;
use std::sync::Arc;

use super::contest::{Contestant, cpu, home, rate, rounds, tail, unknown_keys};
use super::memory;
use super::shots::{Forward, Home, Unknown, Verify};
use crate::Result;
use crate::load::Shots;
use crate::process::Server;
use crate::setting::Setting;
use crate::table::Row;

/// Below this share of the other build's rate, this build is slower by more than the noise.
const LEAST: f64 = 0.97;
const OTHER: &str = "the other build";

/// Measures both builds, each on a copy of the same database.
pub async fn measure(setting: &Setting, other: &Path) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let other = Setting { keystead: std::path::absolute(other)?, ..setting.clone() };
    let (ours, our_home) = start(setting, &folder.path().join("this")).await?;
    let (theirs, their_home) = start(&other, &folder.path().join("other")).await?;
    let unknown_keys = unknown_keys()?;
    let mut contestants = Vec::new();
    for shots in [verify, forward, unknown] {
        for (server, home) in [(&ours, &our_home), (&theirs, &their_home)] {
            contestants.push(Contestant::new(server, shots(home, &unknown_keys)));
        }
    }
    ours.pause().await?;
    theirs.pause().await?;
    rounds(&mut contestants).await?;
    let mut rows = Vec::new();
    for (pair, what) in contestants.chunks(2).zip(["verify", "forward-auth", "verify of unknown keys"]) {
        let [ours, other] = pair else { continue };
        rows.push(rate("–", what, ours, (OTHER, other), Some(LEAST)));
        if what == "verify" {
            rows.push(cpu("–", ours, (OTHER, other)));
            rows.push(tail("–", ours, (OTHER, other)));
        }
    }
    Ok(rows)
}

async fn start(setting: &Setting, data: &Path) -> Result<(Server, Arc<Home>)> {
    let filled = setting.database(setting.large, data).await?;
    let server = memory::start_filled(setting, data).await?;
    let home = Arc::new(home(&server, &filled, &setting.secrets(setting.large)).await?);
    Ok((server, home))
}

fn verify(home: &Arc<Home>, _: &[String]) -> Arc<dyn Shots> {
    Arc::new(Verify { home: home.clone(), cost: 1 })
}

fn forward(home: &Arc<Home>, _: &[String]) -> Arc<dyn Shots> {
    Arc::new(Forward(home.clone()))
}

fn unknown(home: &Arc<Home>, unknown_keys: &[String]) -> Arc<dyn Shots> {
    Arc::new(Unknown { home: home.clone(), unknown_keys: unknown_keys.to_vec() })
}
