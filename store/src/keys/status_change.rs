//! Updates search terms and totals when the stored status of many keys changes at once.

use model::key::KeyStatus;

use super::expiry_flags::ExpiryFlags;
use super::totals::{Facts, TotalsDelta};
use crate::Result;
use crate::db::Tx;

/// The columns of [`ChangedKey`], for a statement that changes keys.
macro_rules! returning {
    () => {
        " RETURNING organization_id, key_id, search_text, disabled_at IS NOT NULL AS is_disabled, \
         expires_at IS NULL AS never_expires, rate_limit_override IS NULL AS is_unlimited, is_expiring, is_unused"
    };
}

pub(super) use returning;

/// A key whose stored status has changed.
#[derive(sqlx::FromRow)]
pub(super) struct ChangedKey {
    pub organization_id: String,
    pub key_id: String,
    pub search_text: String,
    pub is_disabled: bool,
    pub never_expires: bool,
    pub is_unlimited: bool,
    #[sqlx(flatten)]
    pub flags: ExpiryFlags,
}

/// Moves the search terms and totals of keys from one status to another.
pub(super) async fn apply_status_change(
    tx: &mut Tx,
    moved: &[ChangedKey],
    from: KeyStatus,
    to: KeyStatus,
) -> Result<()> {
    let mut tally = TotalsDelta::default();
    let mut terms = Vec::new();
    for moved in moved {
        let ChangedKey {
            organization_id,
            key_id,
            search_text,
            is_disabled,
            never_expires,
            is_unlimited,
            flags,
        } = moved;
        terms.extend(super::key_search_terms::rows(organization_id, from.as_str(), key_id, search_text));
        let facts = Facts {
            status: from,
            is_disabled: *is_disabled,
            never_expires: *never_expires,
            is_unlimited: *is_unlimited,
            flags: *flags,
        };
        tally.subtract(organization_id, facts);
        tally.add(organization_id, Facts { status: to, ..facts });
    }
    super::key_search_terms::set_status(tx, &terms, to.as_str()).await?;
    tally.write(tx).await
}
