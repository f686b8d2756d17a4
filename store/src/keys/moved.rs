//! What follows when many keys are given another stored status at once.

use model::key::KeyStatus;

use super::marks::Marks;
use super::totals::{Facts, Tally};
use crate::Result;
use crate::db::Tx;

/// What a statement that changes keys gives back of each: the columns of [`Moved`].
macro_rules! returning {
    () => {
        " RETURNING organization_id, key_id, search_text, disabled_at IS NOT NULL AS is_disabled, \
         expires_at IS NULL AS never_expires, rate_limit_override IS NULL AS is_unlimited, is_expiring, is_unused"
    };
}

pub(super) use returning;

/// A key whose stored status has changed.
#[derive(sqlx::FromRow)]
pub(super) struct Moved {
    pub organization_id: String,
    pub key_id: String,
    pub search_text: String,
    pub is_disabled: bool,
    pub never_expires: bool,
    pub is_unlimited: bool,
    #[sqlx(flatten)]
    pub marks: Marks,
}

/// Moves what is kept of keys from one status over to another.
pub(super) async fn note_moved(tx: &mut Tx, moved: &[Moved], from: KeyStatus, to: KeyStatus) -> Result<()> {
    let mut tally = Tally::default();
    let mut terms = Vec::new();
    for moved in moved {
        let Moved { organization_id, key_id, search_text, is_disabled, never_expires, is_unlimited, marks } =
            moved;
        terms.extend(super::terms::rows(organization_id, from.as_str(), key_id, search_text));
        let facts = Facts {
            status: from,
            is_disabled: *is_disabled,
            never_expires: *never_expires,
            is_unlimited: *is_unlimited,
            marks: *marks,
        };
        tally.subtract(organization_id, facts);
        tally.add(organization_id, Facts { status: to, ..facts });
    }
    super::terms::set_status(tx, &terms, to.as_str()).await?;
    tally.write(tx).await
}
