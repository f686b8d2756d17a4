//! The row of an organization.

use model::Timestamp;
use model::organization::Organization;

use crate::{Error, Result, decode};

/// The columns that are read and written. A new column is added here, and converted in [`Stored::of`] and in the
/// conversion of the row.
macro_rules! stored {
    ($make:ident!($($of:tt)+)) => {
        $crate::db::$make! { $($of)+ {
            fixed organization_id: String,
            fixed internal_id: String,
            set name: String,
            set logo_url: Option<String>,
            set billing_email: Option<String>,
            set metadata: String,
            set rate_limits: String,
            fixed created_at: i64,
            set updated_at: i64,
        } }
    };
}

stored!(row!(Stored));

pub(super) use stored;

impl TryFrom<Stored> for Organization {
    type Error = Error;

    fn try_from(row: Stored) -> Result<Self> {
        let Stored {
            organization_id,
            internal_id,
            name,
            logo_url,
            billing_email,
            metadata,
            rate_limits,
            created_at,
            updated_at,
        } = row;
        Ok(Self {
            organization_id: decode::text(organization_id, "an organization's id")?,
            internal_id: decode::text(internal_id, "an organization's internal id")?,
            name,
            logo_url,
            billing_email,
            metadata: decode::json(&metadata, "an organization's metadata")?,
            rate_limits: decode::json(&rate_limits, "an organization's rate limits")?,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at),
        })
    }
}

impl Stored {
    /// The row of an organization.
    pub fn of(organization: &Organization) -> Result<Self> {
        let Organization {
            organization_id,
            internal_id,
            name,
            logo_url,
            billing_email,
            metadata,
            rate_limits,
            created_at,
            updated_at,
        } = organization;
        Ok(Self {
            organization_id: organization_id.as_str().to_owned(),
            internal_id: internal_id.as_str().to_owned(),
            name: name.clone(),
            logo_url: logo_url.clone(),
            billing_email: billing_email.clone(),
            metadata: decode::to_json(metadata, "metadata")?,
            rate_limits: decode::to_json(rate_limits, "rate limits")?,
            created_at: created_at.micros(),
            updated_at: updated_at.micros(),
        })
    }
}
