//! Recognizes a PostgreSQL server that was replaced as the primary, although it is still running and writable.
//!
//! A replica that is promoted begins a new *timeline*, and the numbers of timelines only grow. If the old primary is
//! still reachable, or is started again as it was, it lacks everything that was changed since. It has the same system
//! identifier and a lower timeline. The old primary itself cannot know that.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgConnection;
use tokio::time::Instant;

const OLD_PRIMARY: &str =
    "this PostgreSQL server is an old primary, because another server was promoted after it; stop it";

/// The newest primary to which this process was connected.
#[derive(Default)]
pub(super) struct PrimaryWatch {
    newest: Mutex<Newest>,
}

#[derive(Default)]
struct Newest {
    primary: Option<Primary>,
    /// When another primary was found in place of an earlier one. Older connections lead to the earlier one.
    changed_at: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
struct Primary {
    system: i64,
    timeline: i64,
}

impl PrimaryWatch {
    /// Refuses the server of a new connection if it is an old primary.
    pub(super) async fn check(&self, conn: &mut PgConnection) -> sqlx::Result<()> {
        let is_accepted = primary_of(conn).await?.is_none_or(|primary| self.accepts(primary));
        if is_accepted { Ok(()) } else { Err(sqlx::Error::Configuration(OLD_PRIMARY.into())) }
    }

    /// Whether a connection of this age leads to a server that was replaced.
    pub(super) fn is_outdated(&self, age: Duration) -> bool {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.changed_at.is_some_and(|at| age > at.elapsed())
    }

    /// Timelines can only be compared within one system. Another system is a database that was moved.
    fn accepts(&self, found: Primary) -> bool {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        match newest.primary {
            Some(known) if known.system == found.system && known.timeline > found.timeline => return false,
            Some(known) if known != found => newest.changed_at = Some(Instant::now()),
            _ => {}
        }
        newest.primary = Some(found);
        true
    }
}

/// `None` if the server does not say it, as some databases that are only compatible with PostgreSQL.
async fn primary_of(conn: &mut PgConnection) -> sqlx::Result<Option<Primary>> {
    // The name of a file of the write-ahead log begins with the timeline. The control file has it only from the first
    // checkpoint on.
    const SQL: &str = "SELECT system_identifier AS system, \
        ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint AS timeline FROM pg_control_system()";
    match sqlx::query_as(SQL).fetch_one(conn).await {
        Ok(primary) => Ok(Some(primary)),
        Err(sqlx::Error::Database(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_primary_is_refused_and_connections_to_it_are_outdated() {
        let watch = PrimaryWatch::default();
        let old = Primary { system: 7, timeline: 1 };
        assert!(watch.accepts(old) && watch.accepts(old));
        let day = Duration::from_hours(24);
        assert!(!watch.is_outdated(day), "nothing has changed");
        assert!(watch.accepts(Primary { timeline: 3, ..old }));
        assert!(watch.is_outdated(day) && !watch.is_outdated(Duration::ZERO));
        assert!(!watch.accepts(old) && !watch.accepts(Primary { timeline: 2, ..old }));
        assert!(watch.accepts(Primary { system: 8, timeline: 1 }), "a database that was moved");
    }
}
