//! What the help of each command shows besides its options: examples, and only the settings that concern the command.

use clap::{Arg, Command};

/// Examples of each command.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "serve",
        &[
            "keystead serve",
            "keystead serve --tls-acme keys.example.com",
            "keystead serve --public-url https://keys.example.com --trusted-proxies 127.0.0.1",
            "keystead serve --config /etc/keystead/keystead.toml",
            "keystead serve --database-url-file /run/secrets/database-url",
        ],
    ),
    (
        "bootstrap",
        &[
            "keystead bootstrap --organization Acme --email ada@acme.example",
            "keystead bootstrap --organization Acme --email ada@acme.example --password-file password",
        ],
    ),
    ("admin-key", &["keystead admin-key --email ada@acme.example"]),
    ("gateway create", &["keystead gateway create --organization org_1234 --name Shop --rules rules.json"]),
    ("gateway list", &["keystead gateway list --organization org_1234"]),
    ("gateway show", &["keystead gateway show gw_1234"]),
    ("gateway remove", &["keystead gateway remove gw_1234"]),
    ("gateway snippet", &["keystead gateway snippet gw_1234 --proxy nginx --upstream http://127.0.0.1:8080"]),
    ("user list", &["keystead user list", "keystead user list --organization org_1234"]),
    ("user invite", &["keystead user invite --organization org_1234 --email bob@acme.example --role admin"]),
    ("user reset-password", &["keystead user reset-password --email ada@acme.example"]),
    ("user allow-sign-in", &["keystead user allow-sign-in --email ada@acme.example"]),
    ("user make-admin", &["keystead user make-admin --organization org_1234 --email bob@acme.example"]),
    ("config check", &["keystead config check --config /etc/keystead/keystead.toml"]),
    ("config show", &["keystead config show", "keystead config show --json"]),
    ("doctor", &["keystead doctor --data-dir /var/lib/keystead", "keystead doctor --json"]),
    (
        "backup",
        &[
            "keystead backup keystead.backup --data-dir /var/lib/keystead",
            "keystead backup - --passphrase-file /etc/keystead/backup.passphrase",
        ],
    ),
    ("restore", &["keystead restore keystead.backup --data-dir ./restored"]),
    ("verify-backup", &["keystead verify-backup keystead.backup"]),
    (
        "copy",
        &["keystead copy --from sqlite:data/keystead.db --to postgres://keystead@db.example.com/keystead"],
    ),
    ("healthcheck", &["keystead healthcheck", "keystead healthcheck --url http://127.0.0.1:3000"]),
    ("migrate", &["keystead migrate --data-dir /var/lib/keystead"]),
    ("version", &["keystead version"]),
];

/// Completes the help of all commands.
pub(super) fn complete(cli: Command) -> Command {
    cli.mut_subcommands(|command| {
        let path = command.get_name().to_owned();
        complete_command(command, &path)
    })
}

/// `path` names the command, as in `user list`.
fn complete_command(command: Command, path: &str) -> Command {
    let command = command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        complete_command(below, &path)
    });
    let command = command.mut_args(|argument| {
        let is_hidden = argument.is_hide_set() || !concerns(path, &argument);
        argument.hide(is_hidden)
    });
    match EXAMPLES.iter().find(|(name, _)| *name == path) {
        Some((_, examples)) => command.after_help(format!("Examples:\n  {}", examples.join("\n  "))),
        None => command,
    }
}

/// Whether an argument changes what a command does. Others are accepted, so that scripts can give all commands the same
/// settings, but they are not shown.
fn concerns(path: &str, argument: &Arg) -> bool {
    let is_of_server = matches!(path, "serve" | "config check" | "config show" | "doctor");
    if is_of_server || argument.get_env().is_none() {
        return true;
    }
    match argument.get_help_heading() {
        Some("Keys") => argument.get_id() == "key_prefix" && matches!(path, "bootstrap" | "admin-key"),
        Some("Sessions" | "Usage") => false,
        // The other commands only need to know the address of the console.
        Some("TLS") => path != "healthcheck" && !argument.get_id().as_str().starts_with("tls_acme_"),
        Some("Database") if path == "copy" => argument.get_id() == "database_connections_max",
        Some("Database") => !matches!(path, "verify-backup" | "version"),
        _ => path != "version",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command;

    fn innermost(command: &Command, path: &str, found: &mut Vec<String>) {
        if !command.has_subcommands() {
            found.push(path.trim().to_owned());
        }
        for below in command.get_subcommands() {
            innermost(below, &format!("{path} {}", below.get_name()), found);
        }
    }

    #[test]
    fn every_command_has_examples_that_it_accepts() {
        let mut commands = Vec::new();
        innermost(&command(), "", &mut commands);
        assert_eq!(EXAMPLES.len(), commands.len());
        for path in commands {
            let (_, examples) = EXAMPLES.iter().find(|(name, _)| *name == path).expect(&path);
            for example in *examples {
                assert!(example.starts_with(&format!("keystead {path}")), "{example}");
                let parsed = command().try_get_matches_from(example.split(' '));
                assert!(parsed.is_ok(), "{example}: {parsed:?}");
            }
        }
    }

    #[test]
    fn the_help_of_a_command_shows_the_settings_that_concern_it_in_groups() {
        let help = |words: &[&str]| command().try_get_matches_from(words).unwrap_err().to_string();
        let serve = help(&["keystead", "serve", "--help"]);
        for heading in ["Listening:", "Connections:", "Database:", "Keys:", "Sessions:", "Operator:", "Logs:"]
        {
            assert!(serve.contains(&format!("\n{heading}\n")), "{heading}: {serve}");
        }
        assert!(serve.contains("Examples:\n  keystead serve\n"), "{serve}");
        assert!(!serve.contains("Other settings:"), "{serve}");
        let list = help(&["keystead", "user", "list", "--help"]);
        assert!(list.contains("--database-url-file") && list.contains("--config"), "{list}");
        assert!(!list.contains("--key-prefix") && !list.contains("--session-hours-max"), "{list}");
        let bootstrap = help(&["keystead", "bootstrap", "--help"]);
        assert!(
            bootstrap.contains("--key-prefix") && !bootstrap.contains("--verified-keys-max"),
            "{bootstrap}"
        );
        assert!(!help(&["keystead", "version", "--help"]).contains("--data-dir"));
    }
}
