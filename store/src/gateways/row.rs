//! The row of a gateway.

use model::Timestamp;
use model::gateway::{Gateway, HandedHeader, HandedHeaders, Otherwise};
use model::key::KeyOwner;

use crate::{Error, Result, decode};

/// The columns that are read and written. A new column is added here, and converted in [`Stored::of`] and in the
/// conversion of [`Row`].
macro_rules! stored {
    ($make:ident!($($of:tt)+)) => {
        $crate::db::$make! { $($of)+ {
            fixed gateway_id: String,
            fixed organization_id: String,
            set key_header: String,
            set rules: String,
            set otherwise: String,
            set headers: String,
            set hands_environment: bool,
            set hide_key: bool,
            fixed created_by: Option<String>,
            fixed created_at: i64,
            set updated_at: i64,
        } }
    };
}

stored!(row!(Stored));

/// The columns of [`Row`], for a table with alias `g`.
macro_rules! columns {
    () => {
        concat!($crate::gateways::row::stored!(select!("g")), $crate::stored_name::spelled!("g"), " AS name")
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

impl TryFrom<Row> for Gateway {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { stored, name } = row;
        let Stored {
            gateway_id,
            organization_id,
            key_header,
            rules,
            otherwise,
            headers,
            hands_environment,
            hide_key,
            created_by,
            created_at,
            updated_at,
        } = stored;
        let headers: HandedHeaders = decode::json(&headers, "a gateway's headers")?;
        Ok(Self {
            gateway_id: decode::text(gateway_id, "a gateway's id")?,
            organization_id: decode::text(organization_id, "a gateway's organization")?,
            name,
            key_header: decode::text(key_header, "a gateway's header")?,
            rules: decode::json(&rules, "a gateway's rules")?,
            otherwise: decode::word(Otherwise::from_word(&otherwise), "a gateway's fallback")?,
            headers: headers.with(HandedHeader::KeyEnvironment, hands_environment),
            hide_key,
            created_by: decode::optional_text(created_by, "a gateway's creator")?,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
        })
    }
}

impl Stored {
    /// The row of a gateway.
    pub fn of(gateway: &Gateway) -> Result<Self> {
        let Gateway {
            gateway_id,
            organization_id,
            name: _in_other_columns,
            key_header,
            rules,
            otherwise,
            headers,
            hide_key,
            created_by,
            created_at,
            updated_at,
        } = gateway;
        // An earlier version on the same database reads only the list, and does not know the name of this header.
        let list = headers.with(HandedHeader::KeyEnvironment, false);
        Ok(Self {
            gateway_id: gateway_id.as_str().to_owned(),
            organization_id: organization_id.as_str().to_owned(),
            key_header: key_header.as_str().to_owned(),
            rules: decode::to_json(rules, "rules")?,
            otherwise: otherwise.as_str().to_owned(),
            headers: decode::to_json(&list, "headers")?,
            hands_environment: headers.has(HandedHeader::KeyEnvironment),
            hide_key: *hide_key,
            created_by: created_by.as_ref().map(|owner: &KeyOwner| owner.as_str().to_owned()),
            created_at: created_at.micros(),
            updated_at: updated_at.micros(),
        })
    }
}
