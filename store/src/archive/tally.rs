//! Counts rows and hashes them, so that a source and a target can be compared.

use sha2::{Digest, Sha256};

use super::batch::Batch;
use super::tables::TABLES;

/// What was counted of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableTally {
    pub name: &'static str,
    pub rows: u64,
    /// The SHA-256 of its lines.
    pub sha256: [u8; 32],
}

/// Counts the rows of an archive.
#[derive(Debug, Clone)]
pub struct Tally {
    tables: Vec<(u64, Sha256)>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { tables: TABLES.iter().map(|_| (0, Sha256::new())).collect() }
    }
}

impl Tally {
    pub fn add(&mut self, batch: &Batch) {
        if let Some((rows, hash)) = self.tables.get_mut(batch.table) {
            *rows += batch.rows;
            hash.update(&batch.lines);
        }
    }

    /// The number of rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|(rows, _)| rows).sum()
    }

    pub fn tables(&self) -> Vec<TableTally> {
        let tally = |(table, (rows, hash)): (&super::tables::ArchivedTable, &(u64, Sha256))| TableTally {
            name: table.name,
            rows: *rows,
            sha256: hash.clone().finalize().into(),
        };
        TABLES.iter().zip(&self.tables).map(tally).collect()
    }

    /// The SHA-256 of everything that was counted, table by table.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut all = Sha256::new();
        for (rows, hash) in &self.tables {
            all.update(rows.to_be_bytes());
            all.update(hash.clone().finalize());
        }
        all.finalize().into()
    }

    /// The first table that differs from another tally, with the number of its rows here and there.
    pub fn first_difference(&self, other: &Self) -> Option<(&'static str, u64, u64)> {
        let (here, there) = (self.tables(), other.tables());
        here.iter()
            .zip(&there)
            .find(|(here, there)| here != there)
            .map(|(here, there)| (here.name, here.rows, there.rows))
    }
}
