//! The settings of all measurements: the binary, the cache folder and the core for servers.

use std::path::{Path, PathBuf};

use clap::Args;
use store::testing::sqlite_migrations;
use tempfile::TempDir;

use crate::Result;
use crate::seed::{Filled, fill};

/// The number of keys in the small and in the large database.
pub const SMALL: u64 = 1000;
pub const LARGE: u64 = 1_000_000;
/// How long a filled database can be used. The earliest seeded expiry is three days after filling.
const FRESH: std::time::Duration = std::time::Duration::from_hours(48);

/// What every measurement needs to know.
#[derive(Args, Clone)]
pub struct Setting {
    /// The binary to measure.
    #[arg(long, default_value = "target/release/keystead")]
    pub keystead: PathBuf,
    /// Folder for filled databases and installed rivals, kept between runs.
    #[arg(long, default_value = "target/bench")]
    pub cache: PathBuf,
    /// Keys of the large database.
    #[arg(long, default_value_t = LARGE)]
    pub large: u64,
    /// The core that servers run on; without it, wherever the system puts them.
    #[arg(long)]
    pub server_core: Option<usize>,
}

impl Setting {
    /// Makes the paths absolute, because competitors run in folders of their own.
    pub fn absolute(self) -> Result<Self> {
        Ok(Self {
            keystead: std::path::absolute(&self.keystead)?,
            cache: std::path::absolute(&self.cache)?,
            ..self
        })
    }

    /// A folder for one measurement, on the same disk as the cache.
    pub fn folder(&self) -> Result<TempDir> {
        std::fs::create_dir_all(&self.cache)?;
        Ok(tempfile::Builder::new().prefix("run-").tempdir_in(&self.cache)?)
    }

    /// Copies a database with this many keys to a data folder. It is filled once and copied for each use.
    pub async fn database(&self, keys: u64, folder: &Path) -> Result<Filled> {
        let kept = self.kept(keys);
        let reported = kept.join("filled.json");
        let is_fresh = std::fs::metadata(&reported)
            .is_ok_and(|file| file.modified().is_ok_and(|made| made.elapsed().is_ok_and(|age| age < FRESH)));
        if !is_fresh || !same_schema(&kept)? {
            eprintln!("Filling a database with {keys} keys, once …");
            drop(std::fs::remove_dir_all(&kept));
            let filled = fill(&kept, keys, &self.secrets(keys)).await?;
            std::fs::write(kept.join("schema.sql"), sqlite_migrations())?;
            std::fs::write(&reported, serde_json::to_string(&filled)?)?;
        }
        std::fs::create_dir_all(folder)?;
        let copy = folder.join("keystead.db");
        std::fs::copy(kept.join("keystead.db"), &copy)?;
        // Written to disk before the measurement. Otherwise the system would write it during the measurement, and
        // flushes would wait for it.
        std::fs::File::open(copy)?.sync_all()?;
        Ok(serde_json::from_str(&std::fs::read_to_string(&reported)?)?)
    }

    /// The secrets of such a database: a line `secret<TAB>key_id` for each key.
    pub fn secrets(&self, keys: u64) -> PathBuf {
        self.kept(keys).join("keys.tsv")
    }

    fn kept(&self, keys: u64) -> PathBuf {
        self.cache.join(format!("{keys}-keys-{}", env!("CARGO_PKG_VERSION")))
    }
}

/// Whether a database was filled under the present schema. If not, it is filled again.
fn same_schema(kept: &Path) -> Result<bool> {
    Ok(std::fs::read_to_string(kept.join("schema.sql"))? == sqlite_migrations())
}
