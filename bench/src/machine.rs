//! Describes the machine on which the figures were measured. The description is printed above the table.

use std::fs::read_to_string;
use std::process::Command;

pub fn describe() -> Vec<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let of = |file: &str, name: &str| {
        let text = read_to_string(file).unwrap_or_default();
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.split_once(':'));
        value.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<_> = load.split(' ').take(3).collect();
    vec![
        format!(
            "processor: {}; {} in /proc/cpuinfo, {cores} for this process",
            of("/proc/cpuinfo", "model name"),
            count()
        ),
        format!("memory: {}; kernel: {}", of("/proc/meminfo", "MemTotal"), said("uname", &["-r"])),
        format!("load before the run: {}", load.join(" ")),
        format!("node {}; {}", said("node", &["--version"]), said("python3", &["--version"])),
    ]
}

fn count() -> usize {
    read_to_string("/proc/cpuinfo")
        .unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count()
}

fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    output.map_or_else(
        |_| "missing".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
