//! What a browser loads before the console is alive, as the server sends it.

use http::header::CONTENT_LENGTH;

use crate::load::{Call, once};
use crate::setting::Setting;
use crate::table::{Row, Verdict};
use crate::{Result, instance};

/// Budget and aim for WebAssembly and its JavaScript, brotli, in KiB.
const BUDGET: f64 = 300.0;
const AIM: f64 = 250.0;

/// Asks for the files of the sign-in page in each encoding and counts their bytes.
pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let folder = setting.folder()?;
    let data = folder.path().join("data");
    setting.database(crate::setting::SMALL, &data).await?;
    let server = instance::start(setting, &data).await?;
    let page = once(server.address, &Call::get("/login").with("accept", "text/html")).await?;
    let files = files_in(&String::from_utf8_lossy(&page.body));
    let mut sums = Vec::new();
    for encoding in ["identity", "gzip", "br"] {
        let mut sum = 0;
        for file in files.iter().filter(|file| !file.ends_with(".css")) {
            let answer = once(server.address, &Call::get(file).with("accept-encoding", encoding)).await?;
            let told = answer.headers.get("content-encoding").is_none_or(|told| told == encoding);
            let length =
                answer.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
            if !told || length.is_some_and(|length: usize| length != answer.body.len()) {
                return Err(format!("{file} as {encoding} is not what its headers say").into());
            }
            sum += answer.body.len();
        }
        sums.push(sum as f64 / 1024.0);
    }
    let [raw, gzip, brotli] = sums.as_slice() else { return Err("three encodings".into()) };
    Ok(vec![Row {
        goal: "G16",
        what: format!("WebAssembly and JavaScript of the console, {} files, brotli", files.len()),
        ours: format!("{brotli:.1} KiB"),
        opponent: format!("raw {raw:.1} KiB, gzip {gzip:.1} KiB"),
        ratio: Some(brotli / BUDGET),
        wanted: format!("≤ {BUDGET} KiB, aim {AIM}"),
        verdict: Verdict::of(*brotli <= BUDGET, brotli / BUDGET),
    }])
}

/// The hashed files that a page names.
fn files_in(page: &str) -> Vec<String> {
    let mut files: Vec<_> = page
        .split('"')
        .filter(|text| text.starts_with("/pkg/") && (text.ends_with(".js") || text.ends_with(".wasm")))
        .map(str::to_owned)
        .collect();
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
