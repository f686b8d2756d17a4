//! Rows turned into one list of values for each column, with which one statement writes them all.

use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;

use crate::archive::tables::{Kind, Table};
use crate::archive::value::Value;

/// The type of the elements of a list.
pub(super) fn sql_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "bigint",
        Kind::Boolean => "boolean",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
    }
}

/// The values of one column.
pub(super) enum List {
    Integers(Vec<Option<i64>>),
    Booleans(Vec<Option<bool>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl List {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Integer => Self::Integers(Vec::new()),
            Kind::Boolean => Self::Booleans(Vec::new()),
            Kind::Text => Self::Texts(Vec::new()),
            Kind::Bytes => Self::Bytes(Vec::new()),
        }
    }

    /// Adds a value, whose kind was checked.
    fn push(&mut self, value: Value) {
        match (self, value) {
            (Self::Integers(list), Value::Integer(number)) => list.push(Some(number)),
            (Self::Integers(list), _) => list.push(None),
            (Self::Booleans(list), Value::Boolean(value)) => list.push(Some(value)),
            (Self::Booleans(list), _) => list.push(None),
            (Self::Texts(list), Value::Text(text)) => list.push(Some(text)),
            (Self::Texts(list), _) => list.push(None),
            (Self::Bytes(list), Value::Bytes(bytes)) => list.push(Some(bytes)),
            (Self::Bytes(list), _) => list.push(None),
        }
    }

    pub fn bind(self, query: Query<'_, Postgres, PgArguments>) -> Query<'_, Postgres, PgArguments> {
        match self {
            Self::Integers(list) => query.bind(list),
            Self::Booleans(list) => query.bind(list),
            Self::Texts(list) => query.bind(list),
            Self::Bytes(list) => query.bind(list),
        }
    }
}

/// Turns rows into one list for each column.
pub(super) fn columns(table: &Table, rows: Vec<Vec<Value>>) -> Vec<List> {
    let mut lists: Vec<_> = table.columns.iter().map(|column| List::of(column.kind)).collect();
    for row in rows {
        for (list, value) in lists.iter_mut().zip(row) {
            list.push(value);
        }
    }
    lists
}
