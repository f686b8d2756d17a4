//! The command line: each measurement by itself, or all of them in one table.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::baseline::{self, Baseline};
use crate::raw::{self, Commits};
use crate::seed::fill;
use crate::setting::Setting;
use crate::table::{Row, print};
use crate::{Result, cache, console, creates, lists, machine, start, verify};

/// Measures Keystead against the machine's floor and against others.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fills a new database and prints how to sign in, as JSON. Each line of OUT is a secret, a tab and the key's id.
    Seed {
        /// Data folder to create.
        #[arg(long)]
        data_dir: PathBuf,
        /// Number of keys.
        #[arg(long)]
        keys: u64,
        /// File for the secrets.
        #[arg(long)]
        out: PathBuf,
    },
    /// Serves a baseline until the process ends.
    Baseline {
        #[command(subcommand)]
        which: Baseline,
    },
    /// Inserts into raw SQLite and prints the rate as JSON.
    Raw {
        commits: Commits,
        /// Folder on the disk to measure.
        #[arg(long)]
        folder: PathBuf,
        /// Duration in seconds.
        #[arg(long, default_value_t = 1.0)]
        seconds: f64,
    },
    /// Measures how long a start takes.
    Start(Setting),
    /// Measures what a page of the list costs.
    Lists(Setting),
    /// Measures what a create costs.
    Creates(Setting),
    /// Measures what a lookup in the key cache costs, without a server.
    Cache(Setting),
    /// Measures what a verification costs.
    Verify(Setting),
    /// Compares the speed of verifications with another build.
    Builds {
        /// The binary of the other build.
        #[arg(long)]
        other: PathBuf,
        #[command(flatten)]
        setting: Setting,
    },
    /// Measures what the console costs a browser.
    Console(Setting),
    /// Measures everything, and prints one table.
    Table(Setting),
}

pub fn run() -> Result<()> {
    let command = Cli::parse().command;
    // The load generator has one core, so a second thread would only compete for it.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(perform(command))
}

async fn perform(command: Command) -> Result<()> {
    match command {
        Command::Seed { data_dir, keys, out } => {
            let filled = fill(&data_dir, keys, &out).await?;
            println!("{}", serde_json::to_string(&filled)?);
        }
        Command::Baseline { which } => baseline::serve(which).await?,
        Command::Raw { commits, folder, seconds } => {
            println!("{}", serde_json::to_string(&raw::insert(&folder, commits, seconds)?)?);
        }
        Command::Start(setting) => print(&start::measure(&setting.absolute()?).await?),
        Command::Lists(setting) => print(&lists::measure(&setting.absolute()?).await?),
        Command::Creates(setting) => print(&make(&setting.absolute()?).await?),
        Command::Cache(setting) => print(&cache::measure(&setting.absolute()?)?),
        Command::Verify(setting) => print(&verify::measure(&setting.absolute()?).await?),
        Command::Builds { other, setting } => {
            print(&verify::measure_builds(&setting.absolute()?, &other).await?);
        }
        Command::Console(setting) => print(&console::measure(&setting.absolute()?).await?),
        Command::Table(setting) => table(&setting.absolute()?).await?,
    }
    Ok(())
}

async fn make(setting: &Setting) -> Result<Vec<Row>> {
    let mut rows = creates::count(setting).await?;
    rows.extend(creates::time(setting).await?);
    Ok(rows)
}

async fn table(setting: &Setting) -> Result<()> {
    let about = machine::describe();
    let step = |name: &str| eprintln!("Measuring {name} …");
    step("the start");
    let mut rows = start::measure(setting).await?;
    step("lists");
    rows.extend(lists::measure(setting).await?);
    step("creates");
    rows.extend(make(setting).await?);
    step("verifying");
    rows.extend(verify::measure(setting).await?);
    step("the console");
    rows.extend(console::measure(setting).await?);
    for line in about {
        println!("- {line}");
    }
    println!();
    print(&rows);
    Ok(())
}
