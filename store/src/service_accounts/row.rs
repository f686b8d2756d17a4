//! The row of a service account.

use model::Timestamp;
use model::key::KeyOwner;
use model::service_account::ServiceAccount;

use crate::db::Column;
use crate::stored_name::StoredName;
use crate::{Error, Result, decode};

/// The columns that are read and written. A new column is added here, and converted in [`Stored::of`] and in the
/// conversion of [`Row`].
macro_rules! stored {
    ($make:ident!($($of:tt)+)) => {
        $crate::db::$make! { $($of)+ {
            fixed service_account_id: String,
            fixed organization_id: String,
            set description: String,
            set permissions: String,
            set metadata: String,
            fixed created_by: Option<String>,
            fixed created_at: i64,
            set updated_at: i64,
            set disabled_at: Option<i64>,
        } }
    };
}

stored!(row!(Stored));

/// The columns of [`Row`], for a table with alias `s`.
macro_rules! columns {
    () => {
        concat!(
            $crate::service_accounts::row::stored!(select!("s")),
            $crate::stored_name::spelled!("s"),
            " AS name"
        )
    };
}

pub(super) use {columns, stored};

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    #[sqlx(flatten)]
    stored: Stored,
    /// The name as it was sent.
    name: String,
}

impl TryFrom<Row> for ServiceAccount {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { stored, name } = row;
        let Stored {
            service_account_id,
            organization_id,
            description,
            permissions,
            metadata,
            created_by,
            created_at,
            updated_at,
            disabled_at,
        } = stored;
        Ok(Self {
            service_account_id: decode::text(service_account_id, "a service account's id")?,
            organization_id: decode::text(organization_id, "a service account's organization")?,
            name,
            description,
            permissions: decode::json(&permissions, "a service account's permissions")?,
            metadata: decode::json(&metadata, "a service account's metadata")?,
            created_by: decode::optional_text(created_by, "a service account's creator")?,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
            disabled_at: decode::time(disabled_at),
        })
    }
}

impl Stored {
    /// The row of an account.
    pub fn of(account: &ServiceAccount) -> Result<Self> {
        let ServiceAccount {
            service_account_id,
            organization_id,
            name: _in_other_columns,
            description,
            permissions,
            metadata,
            created_by,
            created_at,
            updated_at,
            disabled_at,
        } = account;
        Ok(Self {
            service_account_id: service_account_id.as_str().to_owned(),
            organization_id: organization_id.as_str().to_owned(),
            description: description.clone(),
            permissions: decode::to_json(permissions, "permissions")?,
            metadata: decode::to_json(metadata, "metadata")?,
            created_by: created_by.as_ref().map(|owner: &KeyOwner| owner.as_str().to_owned()),
            created_at: created_at.micros(),
            updated_at: updated_at.micros(),
            disabled_at: disabled_at.map(Timestamp::micros),
        })
    }

    /// The values of all columns, with those of the name, and when the search terms were written.
    pub fn with_name<'r>(&'r self, name: &'r StoredName<'_>) -> impl Iterator<Item = Column<'r>> {
        let terms_at = Column::set("terms_at", &self.updated_at);
        self.columns().into_iter().chain(name.columns()).chain([terms_at])
    }
}
