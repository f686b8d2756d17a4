//! Every error in a log line is written with all its causes, by one function.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_logged_error_is_written_with_its_causes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for name in ["app/src", "server/src", "service/src", "store/src"] {
        collect(&root.join(name), &mut files);
    }
    let wrong: Vec<_> = files.iter().flat_map(|file| wrong_lines(file)).collect();
    assert!(wrong.is_empty(), "Log an error as error = %causes(&error):\n{}", wrong.join("\n"));
}

#[test]
fn a_field_that_loses_the_causes_is_found() {
    for line in [
        "tracing::warn!(%error, \"x\");",
        "error = %error,",
        "tracing::warn!(error = ?error, \"x\");",
        "error = &error as &(dyn std::error::Error + 'static),",
    ] {
        assert!(loses_causes(line), "{line}");
    }
    for line in ["error = %causes(&error),", "let error = read(b\"\");", "Err(error) => return Err(error),"] {
        assert!(!loses_causes(line), "{line}");
    }
}

fn loses_causes(line: &str) -> bool {
    let line = line.trim_start();
    let is_field = line.starts_with("error = ") || line.contains("!(error = ");
    let is_short = ["(%error", "(?error", ", %error", ", ?error"].iter().any(|field| line.contains(field));
    (is_field && !line.contains("causes(")) || is_short || line.starts_with("%error")
}

fn wrong_lines(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| loses_causes(line));
    lines.map(|line| format!("{}: {}", file.display(), line.trim())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
