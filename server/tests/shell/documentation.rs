//! The tables of settings in the documentation must be the same as in the program.

use std::fs;

use clap::Arg;

#[test]
fn the_documentation_lists_every_setting_as_it_is() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/configuration.md");
    let documented = fs::read_to_string(path).unwrap();
    let tables = tables();
    assert!(
        documented.contains(&tables),
        "docs/reference/configuration.md should contain these tables:\n\n{tables}"
    );
}

/// One table for each group of the help, in the same order.
fn tables() -> String {
    let cli = server::cli::command();
    let serve = cli.get_subcommands().find(|command| command.get_name() == "serve").unwrap();
    let settings: Vec<_> = serve.get_arguments().filter(|argument| argument.get_env().is_some()).collect();
    let mut groups: Vec<_> = settings.iter().map(|setting| setting.get_help_heading().unwrap()).collect();
    let mut seen = Vec::new();
    groups.retain(|group| {
        !seen.contains(group) && {
            seen.push(*group);
            true
        }
    });
    let table = |group: &str| {
        let rows = settings.iter().filter(|setting| setting.get_help_heading() == Some(group));
        let rows: String = rows.map(|setting| row(setting)).collect();
        format!("### {group}\n\n| flag and variable | default | meaning |\n|---|---|---|\n{rows}")
    };
    groups.into_iter().map(table).collect::<Vec<_>>().join("\n")
}

fn row(argument: &Arg) -> String {
    let flag = argument.get_long().unwrap();
    let variable = argument.get_env().unwrap().to_str().unwrap();
    assert_eq!(variable, format!("KEYSTEAD_{}", flag.replace('-', "_").to_uppercase()));
    let value = argument.get_value_names().unwrap().first().unwrap();
    let default = argument.get_default_values().first().and_then(|default| default.to_str());
    let default =
        default.filter(|default| !default.is_empty()).map_or("none".to_owned(), |text| format!("`{text}`"));
    let meaning = argument.get_long_help().or(argument.get_help()).unwrap();
    format!("| `--{flag} {value}`<br>`{variable}` | {default} | {meaning}. |\n")
}
