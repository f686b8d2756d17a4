//! Builds the SQL condition of a filter so that the database uses the index that narrows the list most.
//!
//! Neither database knows that a resource has few records while an action may have millions, and each sometimes chooses
//! an index that leads through all of them. Therefore one filter, chosen in a fixed order, is written as a plain
//! comparison that can use an index. The other filters are written as expressions that cannot.

use model::Timestamp;
use model::audit::AuditFilter;

use crate::decode;

/// The conditions of a filter, which are bound as `$2` to `$7`.
#[derive(Debug)]
pub(super) struct Filter<'a> {
    pub resource: Option<&'a str>,
    pub resource_id: Option<&'a str>,
    pub actor_id: Option<&'a str>,
    pub action: Option<&'a str>,
    pub from: Option<i64>,
    pub until: Option<i64>,
}

impl<'a> Filter<'a> {
    /// Converts a filter. `None` if no record can match it.
    pub fn of(filter: &'a AuditFilter) -> Option<Self> {
        let AuditFilter { resource, resource_id, actor_id, action, from, until } = filter;
        let texts = [resource, resource_id, actor_id, action];
        if texts.into_iter().flatten().any(|text| !decode::is_storable(text)) {
            return None;
        }
        Some(Self {
            resource: resource.as_deref(),
            resource_id: resource_id.as_deref(),
            actor_id: actor_id.as_deref(),
            action: action.as_deref(),
            from: from.map(Timestamp::micros),
            until: until.map(Timestamp::micros),
        })
    }

    /// The SQL condition for records of organization `$1`.
    pub fn sql(&self) -> String {
        let mut is_led = false;
        let mut sql = "organization_id = $1".to_owned();
        // The most selective column comes first. Actor and action together have an index of their own.
        for (column, place, is_given) in [
            ("resource_id", "$3", self.resource_id.is_some()),
            ("actor_id", "$4", self.actor_id.is_some()),
            ("action", "$5", self.action.is_some()),
            ("resource", "$2", self.resource.is_some()),
        ] {
            if !is_given {
                continue;
            }
            let is_pair = column == "action" && self.actor_id.is_some() && self.resource_id.is_none();
            let is_indexed = !is_led || is_pair;
            is_led = true;
            let (open, close) = if is_indexed { ("", "") } else { ("(", " || '')") };
            sql.extend([" AND ", open, column, close, " = ", place]);
        }
        if self.from.is_some() {
            sql.push_str(" AND happened_at >= $6");
        }
        if self.until.is_some() {
            sql.push_str(" AND happened_at < $7");
        }
        sql
    }
}
