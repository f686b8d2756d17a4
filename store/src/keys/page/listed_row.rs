//! The rows of the list.

use model::key::{Key, KeyRow};

use super::super::row::Row;
use crate::Result;

/// A key's row and its owner.
#[derive(sqlx::FromRow)]
pub(super) struct ListedRow {
    #[sqlx(flatten)]
    key: Row,
    owner_email: String,
    owner_name: String,
}

impl ListedRow {
    pub(super) fn into_row(self) -> Result<KeyRow> {
        let Self { key, owner_email, owner_name } = self;
        Ok(KeyRow { key: Key::try_from(key)?, grace_periods: Vec::new(), owner_email, owner_name })
    }
}
