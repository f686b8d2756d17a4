//! A wrong setting is refused at the start, with the name of the setting and without its value.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

/// Runs the server with some flags in an empty folder. Expects that it refuses them, and returns the message.
fn refusal(flags: &[&str], variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    // If the server starts in spite of the wrong setting, the test must not wait forever.
    let mut command = Command::new("timeout");
    command.args(["20", env!("CARGO_BIN_EXE_keystead"), "serve"]).args(flags).current_dir(&folder);
    command.env("KEYSTEAD_LISTEN", "127.0.0.1:0").envs(variables.iter().copied());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{flags:?} {variables:?} {output:?}");
    assert!(output.stdout.is_empty(), "nothing is ready");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn each_wrong_setting_is_named_without_its_value() {
    let cases = [
        ("listen", "hunter2"),
        ("listen", "localhost:3000"),
        ("listen", "127.0.0.1:99999"),
        ("public-url", "hunter2"),
        ("public-url", "http://keys.hunter2.example"),
        ("public-url", "https://a:hunter2@keys.example.com"),
        ("trusted-proxies", "10.0.0.0/hunter2"),
        ("connections-max", "0"),
        ("connections-max", "hunter2"),
        ("header-timeout-seconds", ""),
        ("request-timeout-seconds", "-1"),
        ("data-dir", ""),
        ("database-url", "mysql://root:hunter2@db/x"),
        ("database-url", "hunter2"),
        ("database-connections-max", "1.5"),
        ("key-prefix", "HUNTER2"),
        ("rate-limit-default", "99999999999"),
        ("keys-per-organization-max", "0"),
        ("session-idle-minutes", "0"),
        ("session-hours-max", "9999"),
        ("docs", "hunter2"),
        ("backup-dir", "hunter2"),
        ("backup-every", "hunter2"),
        ("backup-keep", "0"),
        ("backup-passphrase-file", "/missing"),
        ("log", "server=hunter2"),
        ("log", "hunter2"),
        ("log", "hunter2=debug"),
        ("log", "warning"),
        ("log-format", "hunter2"),
    ];
    for (name, value) in cases {
        let (flag, variable) =
            (format!("--{name}"), format!("KEYSTEAD_{}", name.replace('-', "_").to_uppercase()));
        let by_flag = refusal(&[&format!("{flag}={value}")], &[]);
        // The variable for the port is set already, and an empty variable counts as unset.
        let by_variable = match (name, value) {
            ("listen", _) | (_, "") => by_flag.clone(),
            _ => refusal(&[], &[(&variable, value)]),
        };
        for said in [by_flag, by_variable] {
            assert!(said.contains(&flag) && said.contains(&variable), "{name}: {said}");
            assert!(!said.to_lowercase().contains("hunter2"), "{name}: {said}");
            assert_eq!(said.lines().count(), 1, "{name}: {said}");
        }
    }
}

#[test]
fn an_unknown_variable_is_refused_with_the_list_of_known_ones() {
    let said = refusal(&[], &[("KEYSTEAD_LISTN", "127.0.0.1:1")]);
    assert!(said.contains("KEYSTEAD_LISTN is not a setting") && said.contains("KEYSTEAD_LISTEN"), "{said}");
}

#[test]
fn a_privileged_port_is_refused_with_what_to_do() {
    let closed: u16 = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start")
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    if closed == 0 {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("env");
    if is_root() {
        command = Command::new("setpriv");
        command.args(["--bounding-set", "-net_bind_service"]);
    }
    command.args(["timeout", "20", env!("CARGO_BIN_EXE_keystead"), "serve", "--listen", "127.0.0.1:1"]);
    let output = command.current_dir(&folder).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    for word in ["--listen (KEYSTEAD_LISTEN)", "127.0.0.1:1", "AmbientCapabilities", "setcap", "proxy"] {
        assert!(said.contains(word), "{word}: {said}");
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

#[test]
fn a_token_or_a_key_that_others_can_read_is_refused_with_the_command_that_closes_it() {
    let folder = tempfile::tempdir().unwrap();
    for (flag, variable) in [
        ("--operator-token-file", "KEYSTEAD_OPERATOR_TOKEN_FILE"),
        ("--seal-key-file", "KEYSTEAD_SEAL_KEY_FILE"),
    ] {
        let file = folder.path().join("secret");
        std::fs::write(&file, "0123456789abcdef".repeat(4)).unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        let said = refusal(&[flag, file.to_str().unwrap()], &[]);
        let advice = format!("chmod 600 {}", file.display());
        assert!(said.contains(variable) && said.contains(&advice) && !said.contains("89abcdef"), "{said}");
    }
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (flag, variable) in
        [("--listen", "(KEYSTEAD_LISTEN)"), ("--envoy-grpc-listen", "(KEYSTEAD_ENVOY_GRPC_LISTEN)")]
    {
        let said = refusal(&[flag, &address], &[]);
        assert!(said.contains(variable) && said.contains(&address), "{said}");
    }
}

#[test]
fn a_data_folder_that_cannot_be_one_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let said = refusal(&["--data-dir", file.path().to_str().unwrap()], &[]);
    assert!(said.contains("KEYSTEAD_DATA_DIR"), "{said}");
    let said = refusal(&["--data-dir", "/proc/keystead"], &[]);
    assert!(said.contains("KEYSTEAD_DATA_DIR"), "{said}");
}

#[test]
fn a_file_that_is_not_a_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letters.txt");
    std::fs::write(&file, "Dear Sir or Madam, ".repeat(1000)).unwrap();
    let said = refusal(&["--database-url", &format!("sqlite:{}", file.display())], &[]);
    assert!(said.contains("KEYSTEAD_DATABASE_URL") && !said.contains("use the store"), "{said}");
}

#[test]
fn a_missing_postgresql_server_is_named_with_what_to_do() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let said = refusal(&[], &[("KEYSTEAD_DATABASE_URL", &format!("postgres://me:hunter2@{free}/keystead"))]);
    let reason = format!("names a database that cannot be used: nothing listens at {free}; start PostgreSQL");
    assert!(said.contains(&reason) && !said.contains("hunter2"), "{said}");
}
