//! Measures what the console costs a browser: the bytes that are loaded before a page responds to clicks, and the time
//! until then.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

use crate::load::{Call, once};
use crate::seed::Filled;
use crate::setting::{SMALL, Setting};
use crate::table::{Row, Verdict, ms};
use crate::{Result, instance};

/// The limit and the target for WebAssembly and its JavaScript, compressed with brotli, in KiB.
const BUDGET: f64 = 300.0;
const AIM: f64 = 250.0;
/// The longest allowed time to an interactive page, in milliseconds. It is that of the fastest competitor's sign-in
/// page.
const INTERACTIVE: f64 = 530.0;
/// The longest wait for the browser.
const WAIT: Duration = Duration::from_mins(2);

/// What the browser reports about a page.
#[derive(Deserialize)]
struct Visit {
    path: String,
    /// Milliseconds from navigation to the first answered click.
    interactive: f64,
    /// Milliseconds from navigation to the first painted content.
    painted: f64,
    /// The scripts and WebAssembly files that were loaded before the click was answered.
    files: Vec<String>,
}

/// Loads the sign-in page and the list of keys in headless Chromium.
pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let data = folder.path().join("data");
    let filled = setting.database(SMALL, &data).await?;
    let server = instance::start(setting, &data).await?;
    let reported = match visit(setting, server.address, &filled).await {
        Ok(visits) => visits,
        Err(error) => {
            // Without a browser, the files that the page itself names can still be measured.
            let what = "pages interactive in Chromium at 4 × slower processor";
            let wanted = format!("≤ {INTERACTIVE} ms");
            return Ok(vec![
                size("/login", &named_files(server.address).await?, server.address).await?,
                Row::not_measured("G16", what, wanted, &error.to_string()),
            ]);
        }
    };
    let mut rows = Vec::new();
    for Visit { path, interactive, painted, files } in &reported {
        rows.push(size(path, files, server.address).await?);
        rows.push(Row {
            goal: "G16",
            what: format!("`{path}` interactive, 4 × slower processor, empty cache"),
            ours: ms(*interactive),
            opponent: format!("painted after {}; goal {}", ms(*painted), ms(INTERACTIVE)),
            ratio: Some(interactive / INTERACTIVE),
            wanted: "≤ 1 ×".to_owned(),
            verdict: Verdict::of(*interactive <= INTERACTIVE, interactive / INTERACTIVE),
        });
    }
    Ok(rows)
}

async fn visit(setting: &Setting, server: SocketAddr, filled: &Filled) -> Result<Vec<Visit>> {
    let script = setting.cache.join("browser/interactive.mjs");
    if !script.exists() {
        return Err("the browser's driver is not installed; run scripts/bench".into());
    }
    let mut command = Command::new("node");
    command.arg(script).arg(format!("http://{server}")).arg(&filled.user_email).arg(&filled.password);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(WAIT, command.output()).await.map_err(|_| "the browser did not end")??;
    if !output.status.success() {
        let reported = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
        return Err(reported.into());
    }
    let lines = String::from_utf8(output.stdout)?;
    lines.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// Requests files in each encoding and adds up their sizes.
async fn size(path: &str, files: &[String], server: SocketAddr) -> Result<Row> {
    let mut sizes = [0.0; 3];
    for (encoding, sum) in ["identity", "gzip", "br"].into_iter().zip(&mut sizes) {
        for file in files {
            let answer = once(server, &Call::get(file).with("accept-encoding", encoding)).await?;
            let is_encoded = answer.headers.get(CONTENT_ENCODING).is_none_or(|reported| reported == encoding);
            let length =
                answer.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
            if !is_encoded || length.is_some_and(|length: usize| length != answer.body.len()) {
                return Err(format!("{file} as {encoding} is not what its headers say").into());
            }
            *sum += answer.body.len() as f64 / 1024.0;
        }
    }
    let [raw, gzip, brotli] = sizes;
    Ok(Row {
        goal: "G16",
        what: format!("WebAssembly and JavaScript until `{path}` is usable, {} files, brotli", files.len()),
        ours: format!("{brotli:.0} KiB"),
        opponent: format!("raw {raw:.0} KiB, gzip {gzip:.0} KiB; goal {BUDGET} KiB"),
        ratio: Some(brotli / BUDGET),
        wanted: format!("≤ 1 × (aim {:.2} ×)", AIM / BUDGET),
        verdict: Verdict::of(brotli <= BUDGET, brotli / BUDGET),
    })
}

/// The compiled files that the sign-in page names.
async fn named_files(server: SocketAddr) -> Result<Vec<String>> {
    let page = once(server, &Call::get("/login").with("accept", "text/html")).await?;
    Ok(files_in(&String::from_utf8_lossy(&page.body)))
}

fn files_in(page: &str) -> Vec<String> {
    let is_compiled = |text: &&str| {
        text.starts_with("/pkg/") && text.rsplit('.').next().is_some_and(|end| matches!(end, "js" | "wasm"))
    };
    let mut files: Vec<_> = page.split('"').filter(is_compiled).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_once() {
        let page =
            r#"<link href="/pkg/a.1.js"><script>import("/pkg/a.1.js")…"/pkg/a.2.wasm"</script>"/x.js""#;
        assert_eq!(files_in(page), ["/pkg/a.1.js", "/pkg/a.2.wasm"]);
    }
}
