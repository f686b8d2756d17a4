//! When the console answers to clicks, in a browser whose processor is slowed down four times.

use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

use crate::setting::Setting;
use crate::table::{Row, Verdict, ms};
use crate::{Result, instance};

/// Longest time to an interactive page, in milliseconds: that of the quickest opponent's sign-in page.
const WANTED: f64 = 530.0;
/// Longest wait for the browser.
const WAIT: Duration = Duration::from_secs(120);

#[derive(Deserialize)]
struct Said {
    /// Milliseconds from navigation to an answered click, in the middle of some loads without a cache.
    interactive: f64,
    /// Milliseconds to the first paint with content.
    painted: f64,
}

/// Loads the sign-in page in headless Chromium.
pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let data = folder.path().join("data");
    setting.database(crate::setting::SMALL, &data).await?;
    let server = instance::start(setting, &data).await?;
    let what = "sign-in page interactive at 4 × slower processor, empty cache";
    let wanted = format!("≤ {WANTED} ms");
    Ok(vec![match ask(setting, &format!("http://{}/login", server.address)).await {
        Ok(Said { interactive, painted }) => Row {
            goal: "G16",
            what: what.to_owned(),
            ours: ms(interactive),
            opponent: format!("painted and readable after {}", ms(painted)),
            ratio: Some(interactive / WANTED),
            wanted,
            verdict: Verdict::of(interactive <= WANTED, interactive / WANTED),
        },
        Err(error) => Row::not_measured("G16", what, wanted, &error.to_string()),
    }])
}

async fn ask(setting: &Setting, page: &str) -> Result<Said> {
    let script = setting.cache.join("browser/interactive.mjs");
    if !script.exists() {
        return Err("the browser's driver is not installed; run scripts/bench".into());
    }
    let mut command = Command::new("node");
    command.arg(script).arg(page).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(WAIT, command.output()).await.map_err(|_| "the browser did not end")??;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
        return Err(told.into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
