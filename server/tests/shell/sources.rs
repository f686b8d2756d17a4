//! Settings from variables, from a configuration file and from files with secrets, and what `keystead config` says.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A folder in which `keystead config …` runs.
struct Place(TempDir);

struct Outcome {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file that only its user can read.
    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
        close(&self.path(name), 0o600);
    }

    fn run(&self, command: &str, flags: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let mut program = Command::new(env!("CARGO_BIN_EXE_keystead"));
        program.args(command.split(' ')).args(flags).current_dir(&self.0);
        let inherited = std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("KEYSTEAD_"));
        for name in inherited {
            program.env_remove(name);
        }
        let output = program.envs(variables.iter().copied()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// What `config show` says of a setting: its value and its source.
    fn shown(&self, setting: &str, flags: &[&str], variables: &[(&str, &str)]) -> (String, String) {
        let outcome = self.run("config show --json", flags, variables);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let lines = outcome.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let found = lines.into_iter().find(|line| line["setting"] == setting).unwrap();
        (found["value"].as_str().unwrap_or("none").to_owned(), found["source"].as_str().unwrap().to_owned())
    }

    /// Expects that a configuration is refused, and returns all messages.
    fn refused(&self, flags: &[&str], variables: &[(&str, &str)]) -> String {
        let outcome = self.run("config check", flags, variables);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{flags:?} {}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
        outcome.stderr
    }
}

/// Flags, and variables with their values.
type Way<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)]);

fn close(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn pair(value: &str, source: &str) -> (String, String) {
    (value.to_owned(), source.to_owned())
}

/// All settings that `serve` has.
fn settings() -> Vec<(String, String)> {
    let command = server::cli::command();
    let serve = command.find_subcommand("serve").unwrap();
    let settings = serve.get_arguments().filter_map(|argument| {
        let variable = argument.get_env()?.to_str()?.to_owned();
        Some((argument.get_id().to_string(), variable))
    });
    settings.collect()
}

#[test]
fn an_empty_variable_counts_as_unset_for_every_setting() {
    let place = Place::new();
    let settings = settings();
    let empty: Vec<_> = settings.iter().map(|(_, variable)| (variable.as_str(), "")).collect();
    let outcome = place.run("config check", &[], &empty);
    assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (Some(0), "ok\n", ""));
    let (with, without) = (place.run("config show", &[], &empty), place.run("config show", &[], &[]));
    assert_eq!(with.stdout, without.stdout);
    // An empty flag is a mistake.
    assert!(place.refused(&["--public-url="], &[]).contains("--public-url (KEYSTEAD_PUBLIC_URL) is empty"));
}

#[test]
fn a_flag_wins_over_a_variable_which_wins_over_the_file_which_wins_over_the_default() {
    let place = Place::new();
    place.write("keystead.toml", "connections_max = 3\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n");
    let (file, variable) = (["--config", "keystead.toml"], [("KEYSTEAD_CONNECTIONS_MAX", "2")]);
    let all = [&file[..], &["--connections-max", "1"]].concat();
    let shown = |flags: &[&str], variables: &[(&str, &str)]| place.shown("connections_max", flags, variables);
    assert_eq!(shown(&all, &variable), pair("1", "flag"));
    assert_eq!(shown(&file, &variable), pair("2", "variable"));
    assert_eq!(shown(&file, &[("KEYSTEAD_CONNECTIONS_MAX", "")]), pair("3", "file"));
    assert_eq!(shown(&[], &[("KEYSTEAD_CONFIG", "keystead.toml")]), pair("3", "file"));
    assert_eq!(shown(&[], &[]), pair("10000", "default"));
    assert_eq!(place.shown("trusted_proxies", &file, &[]), pair("10.0.0.0/8,::1", "file"));
    assert_eq!(place.shown("public_url", &file, &[]), pair("none", "default"));
}

#[test]
fn every_setting_can_be_in_the_file_and_every_command_reads_it() {
    let place = Place::new();
    for (name, _) in settings().into_iter().filter(|(name, _)| name != "config") {
        place.write("keystead.toml", format!("{name} = \"hunter2\"\n"));
        let outcome = place.run("config check", &["--config", "keystead.toml"], &[]);
        assert!(!outcome.stderr.contains("unknown name"), "{name}: {}", outcome.stderr);
    }
    // A setting that does not concern a command is accepted there too.
    place.write("keystead.toml", "data_dir = 'elsewhere'\nlisten = '127.0.0.1:1'\n");
    for command in ["migrate", "user list", "gateway list --organization org_1"] {
        let outcome = place.run(command, &["--config", "keystead.toml"], &[]);
        let is_read = outcome.stderr.contains("elsewhere") || outcome.stderr.contains("--organization");
        assert!(outcome.code == Some(1) && is_read, "{command}: {}", outcome.stderr);
    }
}

#[test]
fn a_wrong_file_is_refused_with_the_line_and_without_values() {
    let place = Place::new();
    place.write("keystead.toml", "# Settings.\nlistn = \"hunter2\"\nconnections_max = true\n");
    let said = place.refused(&["--config", "keystead.toml"], &[]);
    assert!(said.contains("keystead.toml") && said.contains("line 2. Did you mean listen?"), "{said}");
    assert!(said.contains("connections_max a value of the wrong type in line 3"), "{said}");
    let serve = place.run("serve", &["--config", "keystead.toml"], &[]);
    assert_eq!((serve.code, serve.stderr.lines().count()), (Some(1), 1), "{}", serve.stderr);
    let huge = vec![b'#'; 300_000];
    for content in [&b"database_url = postgres://a:hunter2@b/c"[..], b"hunter2", b"\xff", &huge] {
        place.write("keystead.toml", content);
        let said = place.refused(&["--config", "keystead.toml"], &[]);
        assert!(said.contains("--config (KEYSTEAD_CONFIG) names keystead.toml, which"), "{said}");
    }
    for missing in ["missing.toml", "."] {
        let said = place.refused(&["--config", missing], &[]);
        assert!(said.contains("cannot be read"), "{said}");
    }
}

#[test]
fn a_check_finds_all_problems_together_and_changes_nothing() {
    let place = Place::new();
    place.write("keystead.toml", "log_format = 'hunter2'\nzzz = 1\n");
    let flags = ["--config", "keystead.toml", "--connections-max", "0", "--seal-key-file", "missing"];
    let said = place.refused(&flags, &[("KEYSTEAD_PUBLIC_URL", "hunter2"), ("KEYSTEAD_LISTN", "1")]);
    for name in ["KEYSTEAD_LISTN", "zzz", "LOG_FORMAT", "CONNECTIONS_MAX", "PUBLIC_URL", "SEAL_KEY_FILE"] {
        assert_eq!(
            said.lines()
                .filter(|line| line.contains(&format!("{name} "))
                    || line.contains(&format!("{name})"))
                    || line.contains(&format!("{name} in")))
                .count(),
            1,
            "{name}: {said}"
        );
    }
    assert!(said.ends_with("keystead: 6 problems were found.\n"), "{said}");
    assert!(place.run("config check", &[], &[]).code == Some(0));
    let left: Vec<_> = fs::read_dir(&place.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["keystead.toml"]);
}

#[test]
fn two_ports_on_one_address_are_refused_together() {
    let said = Place::new().refused(&["--envoy-grpc-listen", "127.0.0.1:3000"], &[]);
    assert!(said.contains("--envoy-grpc-listen") && said.contains("--listen"), "{said}");
}

#[test]
fn a_secret_can_be_in_a_file_of_its_own() {
    let place = Place::new();
    place.write("url", "postgres://me:hunter2@db.example/keystead\n");
    place.write("keystead.toml", "database_url_file = 'url'\n");
    let ways: [Way<'_>; 3] = [
        (&["--database-url-file", "url"], &[]),
        (&[], &[("KEYSTEAD_DATABASE_URL_FILE", "url"), ("KEYSTEAD_DATABASE_URL", "")]),
        (&["--config", "keystead.toml"], &[]),
    ];
    for (flags, variables) in ways {
        let expected = pair("postgres://me:***@db.example/keystead", "database_url_file");
        assert_eq!(place.shown("database_url", flags, variables), expected);
    }
    let both = place.refused(&["--database-url-file", "url"], &[("KEYSTEAD_DATABASE_URL", "sqlite:x")]);
    assert!(both.contains("--database-url-file") && both.contains("Set only one of the two"), "{both}");
    place.write("url", "hunter2://hunter2\n");
    assert!(place.refused(&["--database-url-file", "url"], &[]).contains("has an unknown scheme"));
}

#[test]
fn passwords_are_not_shown() {
    let place = Place::new();
    let variables = [("KEYSTEAD_DATABASE_URL", "postgres://me:hunter2@db/k"), ("KEYSTEAD_LOG", "a\x1b[31m")];
    for command in ["config show", "config show --json"] {
        let outcome = place.run(command, &[], &variables);
        assert!(
            !outcome.stdout.contains("hunter2") && outcome.stdout.contains("me:***@db"),
            "{}",
            outcome.stdout
        );
        assert!(!outcome.stdout.contains('\x1b'), "{}", outcome.stdout);
    }
}

#[test]
fn a_file_with_a_password_that_others_can_read_is_warned_about() {
    let place = Place::new();
    place.write("keystead.toml", "database_url = 'sqlite:x'\n");
    let run = || place.run("config check", &["--config", "keystead.toml"], &[]);
    assert_eq!(run().stderr, "");
    close(&place.path("keystead.toml"), 0o644);
    let said = run();
    assert!(said.code == Some(0) && said.stderr.contains("chmod 600 keystead.toml"), "{}", said.stderr);
    // Without a password in it, anybody may read it.
    place.write("keystead.toml", "listen = '127.0.0.1:1'\n");
    close(&place.path("keystead.toml"), 0o644);
    assert_eq!(run().stderr, "");
}
