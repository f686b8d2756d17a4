//! The statements of the list. They are assembled from this crate's own text, and parameters have the same numbers in
//! all of them.

use model::id::OrganizationId;
use model::key::{KeyQuery, KeyView, Place, SortColumn};

use super::super::ended_counts::ENDED_ROWS;
use super::super::row::columns;
use super::filter::{Ended, Filter, filters, parts, statuses};
use super::listed_row::ListedRow;
use super::values::{Values, read_cursor};
use crate::Result;
use crate::db::Connection;
use crate::search_terms::Search;
use crate::stored_name::spelled;

/// A request for a page, prepared for the statements.
pub(super) struct Scan {
    pub view: KeyView,
    /// Keys that were ended by an owner revocation and are still stored as active.
    pub ended: Ended,
    pub filters: Vec<Filter>,
    pub column: SortColumn,
    pub has_cursor: bool,
    /// The number of rows to skip before the first.
    pub skipped: u32,
    pub values: Values,
}

/// Where the rows of a page come from.
pub(super) enum Source {
    /// The index of the order.
    Walk,
    /// All rows of this statement, sorted.
    Candidates(String),
}

impl Scan {
    pub fn of(organization: &OrganizationId, query: &KeyQuery, ended: Ended) -> Self {
        let KeyQuery { filter, sort, place, size: _ } = query;
        let search = Search::parse(&filter.search);
        let cursor = match place {
            Place::First | Place::Last | Place::Skip(_) => None,
            Place::After(cursor) | Place::Before(cursor) => read_cursor(cursor, sort.column),
        };
        Self {
            view: filter.view,
            ended,
            filters: filters(filter, search.as_ref()),
            column: sort.column,
            has_cursor: cursor.is_some(),
            skipped: if let Place::Skip(rows) = place { *rows } else { 0 },
            values: Values::of(organization, filter, search.unwrap_or_default(), cursor.unwrap_or_default()),
        }
    }

    pub async fn rows(
        &self,
        db: &mut impl Connection,
        source: &Source,
        descending: bool,
        limit: usize,
    ) -> Result<Vec<ListedRow>> {
        self.values.fetch_all(db, &self.rows_sql(source, descending, limit)).await
    }

    /// The statement for the rows of the list.
    pub fn rows_sql(&self, source: &Source, descending: bool, limit: usize) -> String {
        let direction = if descending { "DESC" } else { "ASC" };
        format!(
            concat!(
                "SELECT ",
                columns!("$1"),
                ", COALESCE(u.email, '') AS owner_email, COALESCE(u.user_name, ",
                spelled!("s"),
                ", '') AS owner_name \
                 FROM ({slice}) AS k LEFT JOIN users u ON u.user_id = k.user_id \
                 LEFT JOIN service_accounts s ON s.service_account_id = k.service_account_id ORDER BY k.sort_value {direction}, k.key_id {direction}"
            ),
            slice = self.slice(source, descending, limit),
            direction = direction
        )
    }

    /// Whether there is any row in a direction from the cursor, including the cursor's own row.
    pub async fn any(&self, db: &mut impl Connection, source: &Source, descending: bool) -> Result<bool> {
        let slice = self.slice(source, descending, 1);
        let (rows,) = self
            .values
            .fetch_all::<(i64,)>(db, &format!("SELECT count(*) FROM ({slice}) AS k"))
            .await?
            .pop()
            .unwrap_or_default();
        Ok(rows > 0)
    }

    /// Selects the first rows, starting with the cursor's row if there is a cursor. The columns are `sort_value` and
    /// those of `keys`.
    fn slice(&self, source: &Source, descending: bool, limit: usize) -> String {
        let direction = if descending { "DESC" } else { "ASC" };
        let sign = self.has_cursor.then_some(if descending { "<=" } else { ">=" });
        let cursor = match self.column {
            SortColumn::Name | SortColumn::Environment => "$3",
            SortColumn::Created | SortColumn::LastUsed | SortColumn::Expires => "$2",
        };
        let from = |value: &str, id: &str| {
            sign.map(|sign| format!("({value}, {id}) {sign} ({cursor}, $4)")).unwrap_or_default()
        };
        match source {
            Source::Walk => self.walk(&from(self.sort_value(), "r.key_id"), direction, limit),
            Source::Candidates(matching) => {
                let from = match from("m.sort_value", "m.key_id") {
                    condition if condition.is_empty() => condition,
                    condition => format!(" WHERE {condition}"),
                };
                format!(
                    "WITH matching AS MATERIALIZED ({matching}) SELECT m.sort_value, r.* FROM (SELECT * FROM \
                     matching m{from} ORDER BY m.sort_value {direction}, m.key_id {direction} \
                     LIMIT {limit}{skip}) AS m {{key_of_m}}",
                    skip = self.skip()
                )
            }
        }
    }

    /// Walks along the index of the order. A view of several parts has one such index for each part. They are merged,
    /// and each is read only as far as the page needs. PostgreSQL has to be told that each part is sorted.
    fn walk(&self, from: &str, direction: &str, limit: usize) -> String {
        let value = self.sort_value();
        let narrower = self.filters.iter().filter(|filter| !matches!(filter, Filter::View(_)));
        let conditions = narrower
            .map(|filter| filter.condition())
            .chain(Some(from.to_owned()).filter(|from| !from.is_empty()))
            .fold(String::new(), |text, condition| text + " AND " + &condition)
            + self.ended.condition(self.view);
        // The skipped rows may be in any part.
        let most = limit.saturating_add(usize::try_from(self.skipped).unwrap_or(usize::MAX));
        let of_part = |from: &str| {
            format!(
                "{{postgres:SELECT * FROM (}}SELECT {value} AS sort_value, r.* FROM {from}{conditions}\
                 {{postgres: ORDER BY {value} {direction}, r.key_id {direction} LIMIT {most}) AS part}}"
            )
        };
        let along = |part: &&str| of_part(&format!("keys r WHERE r.organization_id = $1 AND {part}"));
        let mut parts: Vec<_> = parts(self.view, self.ended).iter().map(along).collect();
        if (self.view, self.ended) == (KeyView::Revoked, Ended::Few) {
            // No index contains these in any order, so they are sorted.
            parts.extend(ENDED_ROWS.iter().map(|from| of_part(from)));
        }
        let (all, skip) = (parts.join(" UNION ALL "), self.skip());
        format!("{all} ORDER BY sort_value {direction}, key_id {direction} LIMIT {limit}{skip}")
    }

    fn skip(&self) -> String {
        if self.skipped == 0 { String::new() } else { format!(" OFFSET {}", self.skipped) }
    }

    /// The candidates of one filter that meet the conditions of all filters, as `key_id` and `sort_value`.
    pub fn matching(&self, best: Filter, candidates: &str) -> String {
        let statuses: Vec<_> =
            statuses(self.view, self.ended).iter().map(|status| format!("'{status}'")).collect();
        let others = self.filters.iter().filter(|filter| **filter != best);
        let conditions = others.map(|filter| format!(" AND {}", filter.condition()));
        let rows = match best {
            Filter::Search | Filter::Metadata(_) => {
                format!("(SELECT DISTINCT c.key_id FROM ({candidates}) AS c) AS c {{key_of_c}}")
            }
            _ => format!("({candidates}) AS c {{row_of_c}}"),
        };
        format!(
            "SELECT r.key_id, {value} AS sort_value FROM {rows} AND r.organization_id = $1 \
             AND r.status IN ({statuses}){conditions}{ended}",
            value = self.sort_value(),
            statuses = statuses.join(", "),
            conditions = conditions.collect::<String>(),
            ended = self.ended.condition(self.view),
        )
    }

    fn sort_value(&self) -> &'static str {
        match self.column {
            SortColumn::Created => "r.created_at",
            SortColumn::Name => "r.name_folded",
            SortColumn::LastUsed => "r.last_used_order",
            SortColumn::Expires => "r.expires_order",
            SortColumn::Environment => "r.environment",
        }
    }
}
