//! Owner revocations: users and service accounts that were ended and whose keys have not all been revoked yet.
//!
//! An owner revocation is inserted in the transaction that ends the owner. From its commit on, the owner's keys count
//! as revoked (see `keys/ended.rs`). [`crate::keys::revoke_ended`] then stores that in the rows of the keys, in
//! batches.

use std::collections::HashMap;

use model::Timestamp;
use model::audit::AuditEvent;
use model::id::{KeyId, OrganizationId};
use model::key::{KeyOwner, Revocation};

use crate::audit::{Row as AuditRow, columns as audit_columns};
use crate::db::{Connection, PerDatabase, Tx, run};
use crate::invalidations::Invalidation;
use crate::{Result, decode};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerRevocation {
    /// Later revocations of an owner have larger numbers, and no number is used twice.
    pub number: i64,
    pub organization_id: OrganizationId,
    pub owner: KeyOwner,
    /// The revocation that is stored for each key.
    pub revocation: Revocation,
    /// The audit record of the owner revocation.
    pub event: AuditEvent,
}

/// Ends all current keys of an owner. Call this in the transaction that ends the owner, after the owner's row was
/// changed: the row is then locked, so that no key can be created meanwhile. The audit record must already have been
/// inserted.
pub async fn insert(
    tx: &mut Tx,
    owner: &KeyOwner,
    revocation: &Revocation,
    event: &AuditEvent,
) -> Result<()> {
    const SQL: &str = "INSERT INTO owner_ends (organization_id, owner_id, ended_at, ended_by, reason, audit_id) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    let Revocation { at, by, reason } = revocation;
    run!(
        tx,
        SQL,
        [
            event.organization_id.as_str(),
            owner.as_str(),
            at.micros(),
            by.as_ref().map(KeyOwner::as_str),
            reason,
            event.audit_id.as_str(),
        ],
        execute
    )?;
    tx.invalidate(Invalidation::Owner(owner.to_string()));
    Ok(())
}

/// Whether there is any owner revocation whose keys are not all revoked yet.
pub async fn any(db: &mut impl Connection) -> Result<bool> {
    let row = run!(db, "SELECT number FROM owner_ends LIMIT 1", [], fetch_optional::<(i64,)>)?;
    Ok(row.is_some())
}

/// The number of the latest revocation of each owner in the table.
pub async fn newest(db: &mut impl Connection) -> Result<HashMap<String, i64>> {
    const SQL: &str = "SELECT owner_id, max(number) FROM owner_ends GROUP BY owner_id";
    Ok(run!(db, SQL, [], fetch_all::<(String, i64)>)?.into_iter().collect())
}

macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT x.number, x.owner_id, x.ended_at, x.ended_by, x.reason, ",
            audit_columns!(),
            " FROM owner_ends x JOIN audit_events e ON e.audit_id = x.audit_id WHERE ",
            $which
        )
    };
}

/// Locks the oldest revocation that no other transaction works on, until this transaction ends. The revocations of one
/// owner are handled in order.
pub async fn lock_oldest(tx: &mut Tx) -> Result<Option<OwnerRevocation>> {
    const SQL: PerDatabase = PerDatabase {
        sqlite: select!("x.number = (SELECT min(o.number) FROM owner_ends o)"),
        postgres: select!(
            "NOT EXISTS (SELECT 1 FROM owner_ends o WHERE o.owner_id = x.owner_id AND o.number < x.number) \
             ORDER BY x.number LIMIT 1 FOR UPDATE OF x SKIP LOCKED"
        ),
    };
    run!(tx, SQL, [], fetch_optional::<Row>)?.map(OwnerRevocation::try_from).transpose()
}

/// Finds the revocation that ended a key. `None` if there is none, or the key has already been revoked.
pub async fn find(
    db: &mut impl Connection,
    owner: &KeyOwner,
    key: &KeyId,
) -> Result<Option<OwnerRevocation>> {
    const SQL: &str = select!(
        "x.number = (SELECT min(o.number) FROM owner_ends o WHERE o.owner_id = $1 AND o.number > \
         (SELECT COALESCE(k.after_end, 0) FROM keys k WHERE k.key_id = $2 AND k.status = 'active'))"
    );
    run!(db, SQL, [owner.as_str(), key.as_str()], fetch_optional::<Row>)?
        .map(OwnerRevocation::try_from)
        .transpose()
}

/// Deletes a revocation that has no keys left. Invalidates the owner, so that cached state of its keys is read again.
pub async fn remove(tx: &mut Tx, end: &OwnerRevocation) -> Result<()> {
    run!(tx, "DELETE FROM owner_ends WHERE number = $1", [end.number], execute)?;
    tx.invalidate(Invalidation::Owner(end.owner.to_string()));
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    owner_id: String,
    ended_at: i64,
    ended_by: Option<String>,
    reason: String,
    #[sqlx(flatten)]
    event: AuditRow,
}

impl TryFrom<Row> for OwnerRevocation {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { number, owner_id, ended_at, ended_by, reason, event } = row;
        let event = AuditEvent::try_from(event)?;
        Ok(Self {
            number,
            organization_id: event.organization_id.clone(),
            owner: decode::text(owner_id, "the owner in an owner revocation")?,
            revocation: Revocation {
                at: Timestamp::from_micros(ended_at),
                by: decode::optional_text(ended_by, "the actor in an owner revocation")?,
                reason,
            },
            event,
        })
    }
}
