//! The table of settings in the documentation must be the same as in the program.

use std::fs;

use clap::{Arg, CommandFactory};
use server::cli::Cli;

#[test]
fn the_documentation_lists_every_setting_as_it_is() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/configuration.md");
    let documented = fs::read_to_string(path).unwrap();
    let table = table();
    assert!(
        documented.contains(&table),
        "docs/reference/configuration.md should contain this table:\n\n{table}"
    );
}

fn table() -> String {
    let cli = Cli::command();
    let serve = cli.get_subcommands().find(|command| command.get_name() == "serve").unwrap();
    let mut table = "| flag and variable | default | meaning |\n|---|---|---|\n".to_owned();
    for argument in serve.get_arguments().filter(|argument| argument.get_env().is_some()) {
        table.push_str(&row(argument));
    }
    table
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
