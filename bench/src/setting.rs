//! Where things are: the binary, the cache, the core for servers.

use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::TempDir;

use crate::Result;
use crate::seed::{Filled, fill};

/// Keys of the small and the large database.
pub const SMALL: u64 = 1000;
pub const LARGE: u64 = 1_000_000;
/// How long a filled database can be used: seeded expiries begin three days after it was made.
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
    /// The same with whole paths: rivals run in folders of their own.
    pub fn absolute(self) -> Result<Self> {
        Ok(Self {
            keystead: std::path::absolute(&self.keystead)?,
            cache: std::path::absolute(&self.cache)?,
            ..self
        })
    }

    /// A folder for one measurement, on the same disk as everything else.
    pub fn folder(&self) -> Result<TempDir> {
        std::fs::create_dir_all(&self.cache)?;
        Ok(tempfile::Builder::new().prefix("run-").tempdir_in(&self.cache)?)
    }

    /// A database of so many keys in a data folder of its own: filled once, copied for each use.
    pub async fn database(&self, keys: u64, folder: &Path) -> Result<Filled> {
        let kept = self.kept(keys);
        let told = kept.join("filled.json");
        let is_fresh = std::fs::metadata(&told)
            .is_ok_and(|file| file.modified().is_ok_and(|made| made.elapsed().is_ok_and(|age| age < FRESH)));
        if !is_fresh || !same_schema(&kept)? {
            eprintln!("Filling a database with {keys} keys, once …");
            drop(std::fs::remove_dir_all(&kept));
            let filled = fill(&kept, keys, &self.secrets(keys)).await?;
            std::fs::write(kept.join("schema.sql"), SCHEMA)?;
            std::fs::write(&told, serde_json::to_string(&filled)?)?;
        }
        std::fs::create_dir_all(folder)?;
        let copy = folder.join("keystead.db");
        std::fs::copy(kept.join("keystead.db"), &copy)?;
        // On the disk before anything is measured: otherwise the system writes it meanwhile, and flushes wait.
        std::fs::File::open(copy)?.sync_all()?;
        Ok(serde_json::from_str(&std::fs::read_to_string(&told)?)?)
    }

    /// The secrets of such a database: a line `secret<TAB>key_id` for each key.
    pub fn secrets(&self, keys: u64) -> PathBuf {
        self.kept(keys).join("keys.tsv")
    }

    fn kept(&self, keys: u64) -> PathBuf {
        self.cache.join(format!("{keys}-keys-{}", env!("CARGO_PKG_VERSION")))
    }
}

/// What a database was filled under: another schema asks for another filling.
const SCHEMA: &str = include_str!("../../store/migrations/sqlite/0001_initial.sql");

fn same_schema(kept: &Path) -> Result<bool> {
    Ok(std::fs::read_to_string(kept.join("schema.sql"))? == SCHEMA)
}
