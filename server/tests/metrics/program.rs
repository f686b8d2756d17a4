//! promtool and Prometheus.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether the tests with these programs are to run. They run unless the variable that skips them is set.
pub fn is_wanted() -> bool {
    std::env::var_os("KEYSTEAD_WITHOUT_PROMETHEUS").is_none()
}

/// The path of an installed program.
pub fn program(name: &str) -> PathBuf {
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let home = variable("HOME").unwrap_or_default();
    // The same folder as in scripts/tools.
    let cache = variable("XDG_CACHE_HOME").unwrap_or(format!("{home}/.cache"));
    let tools = variable("KEYSTEAD_TOOLS").unwrap_or(format!("{cache}/keystead/tools"));
    let own = tools + "/prometheus/usr/bin";
    let paths = variable("PATH").unwrap_or_default();
    let mut found = paths.split(':').chain([own.as_str()]).map(|folder| Path::new(folder).join(name));
    found
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is not installed: run scripts/install test"))
}

/// Runs promtool, which must find nothing wrong and nothing that could be better.
pub fn promtool(arguments: &[&str], input: &str) {
    let mut command = Command::new(program("promtool"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let [said, complained] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "promtool {arguments:?}: {said}{complained}");
}

/// A file or folder of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
