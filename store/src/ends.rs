//! Ends of members and service accounts whose keys have not all been revoked yet.
//!
//! An end is written in the transaction that ends the owner. From its commit on the owner's keys count as revoked (see
//! `keys/ended.rs`), and [`crate::keys::revoke_ended`] writes that into their rows, some keys at a time.

use std::collections::HashMap;

use model::Timestamp;
use model::audit::AuditEvent;
use model::id::{KeyId, OrganizationId};
use model::key::{KeyOwner, Revocation};

use crate::audit::{Row as AuditRow, columns as audit_columns};
use crate::changes::Subject;
use crate::db::{Connection, Pair, Tx, run};
use crate::{Result, decode};

/// An owner's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerEnd {
    /// Its number. Later ends of one owner have larger ones, and none is given twice.
    pub number: i64,
    /// The owner's organization.
    pub organization_id: OrganizationId,
    /// Who was ended.
    pub owner: KeyOwner,
    /// What becomes of their keys.
    pub revocation: Revocation,
    /// The record of the end.
    pub event: AuditEvent,
}

/// Ends all keys that an owner has, in the transaction that ends the owner and after it has changed the owner's row: the row
/// is locked then, so that no key is being made meanwhile. The record of the end must be written already.
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
    tx.touch(Subject::Owner(owner.to_string()));
    Ok(())
}

/// Whether there is any end whose keys are still to be revoked.
pub async fn any(db: &mut impl Connection) -> Result<bool> {
    let row = run!(db, "SELECT number FROM owner_ends LIMIT 1", [], fetch_optional::<(i64,)>)?;
    Ok(row.is_some())
}

/// The number of each such owner's newest end.
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

/// The oldest end that nobody else works on, for the rest of the transaction. An owner's ends come one after the other.
pub async fn take(tx: &mut Tx) -> Result<Option<OwnerEnd>> {
    const SQL: Pair = Pair {
        sqlite: select!("x.number = (SELECT min(o.number) FROM owner_ends o)"),
        postgres: select!(
            "NOT EXISTS (SELECT 1 FROM owner_ends o WHERE o.owner_id = x.owner_id AND o.number < x.number) \
             ORDER BY x.number LIMIT 1 FOR UPDATE OF x SKIP LOCKED"
        ),
    };
    run!(tx, SQL, [], fetch_optional::<Row>)?.map(OwnerEnd::try_from).transpose()
}

/// The end that concerns a key of an owner; nothing if none does, or not any more.
pub async fn find(db: &mut impl Connection, owner: &KeyOwner, key: &KeyId) -> Result<Option<OwnerEnd>> {
    const SQL: &str = select!(
        "x.number = (SELECT min(o.number) FROM owner_ends o WHERE o.owner_id = $1 AND o.number > \
         (SELECT COALESCE(k.after_end, 0) FROM keys k WHERE k.key_id = $2 AND k.status = 'active'))"
    );
    run!(db, SQL, [owner.as_str(), key.as_str()], fetch_optional::<Row>)?.map(OwnerEnd::try_from).transpose()
}

/// Forgets an end that no key is left of. What is known of the owner's keys is asked for anew from then on.
pub async fn remove(tx: &mut Tx, end: &OwnerEnd) -> Result<()> {
    run!(tx, "DELETE FROM owner_ends WHERE number = $1", [end.number], execute)?;
    tx.touch(Subject::Owner(end.owner.to_string()));
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

impl TryFrom<Row> for OwnerEnd {
    type Error = crate::Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { number, owner_id, ended_at, ended_by, reason, event } = row;
        let event = AuditEvent::try_from(event)?;
        Ok(Self {
            number,
            organization_id: event.organization_id.clone(),
            owner: decode::text(owner_id, "the owner of an end")?,
            revocation: Revocation {
                at: Timestamp::from_micros(ended_at),
                by: decode::optional_text(ended_by, "who ended an owner")?,
                reason,
            },
            event,
        })
    }
}
