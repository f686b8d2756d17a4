//! The columns of a table, written once. Inserts, updates and selects are made of this one list, so that a new column
//! cannot be forgotten in one of them.

use sqlx::query_builder::Separated;
use sqlx::{Database, Encode, Type};

/// Declares the struct of a row, with one field for each column.
///
/// A column is `fixed` if updates leave it alone, and `set` if they write it. The list of columns is itself a macro,
/// from which [`select!`] makes the columns of a `SELECT`.
macro_rules! row {
    ($row:ident { $($(#[$doc:meta])* $kind:ident $column:ident: $type:ty,)+ }) => {
        /// A row with the columns that are read and written.
        #[derive(sqlx::FromRow)]
        pub(super) struct $row {
            $($(#[$doc])* pub $column: $type,)+
        }

        impl $row {
            /// The values of all columns, in the order of their declaration.
            pub fn columns(&self) -> Vec<$crate::db::Column<'_>> {
                use $crate::db::{Column, Use};
                vec![$(Column { name: stringify!($column), kind: Use::$kind, value: (&self.$column).into() }),+]
            }
        }
    };
}

/// The columns of a row for a `SELECT` from a table with this alias, each followed by a comma.
macro_rules! select {
    ($alias:literal { $($(#[$doc:meta])* $kind:ident $column:ident: $type:ty,)+ }) => {
        concat!($($alias, ".", stringify!($column), ", "),+)
    };
}

/// Like [`select!`], without a comma at the end.
macro_rules! select_only {
    (
        $alias:literal {
            $kind:ident $column:ident: $type:ty,
            $($other_kind:ident $other:ident: $other_type:ty,)*
        }
    ) => {
        concat!($alias, ".", stringify!($column), $(", ", $alias, ".", stringify!($other)),*)
    };
}

pub(crate) use {row, select, select_only};

/// When a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "the words of the lists of columns")]
pub enum Use {
    /// Only when the row is added.
    fixed,
    /// When the row is added and when it is updated.
    set,
}

/// A column with the value to write.
#[derive(Debug, Clone, Copy)]
pub struct Column<'r> {
    pub name: &'static str,
    pub kind: Use,
    pub value: Value<'r>,
}

impl<'r> Column<'r> {
    /// A column that is written in addition to those of a row.
    pub fn set(name: &'static str, value: impl Into<Value<'r>>) -> Self {
        Self { name, kind: Use::set, value: value.into() }
    }

    pub fn is_set(&self) -> bool {
        self.kind == Use::set
    }
}

/// The value of a column. Each type of column has its own variant, because PostgreSQL also asks for the type of NULL.
#[derive(Debug, Clone, Copy)]
pub enum Value<'r> {
    Text(Option<&'r str>),
    Bytes(&'r [u8]),
    Integer(Option<i64>),
    Small(i16),
    Boolean(bool),
}

macro_rules! values {
    ($($type:ty: $value:ident => $made:expr;)+) => {
        $(impl<'r> From<$type> for Value<'r> {
            fn from($value: $type) -> Self {
                $made
            }
        })+
    };
}

values! {
    &'r str: text => Self::Text(Some(text));
    &'r String: text => Self::Text(Some(text));
    Option<&'r str>: text => Self::Text(text);
    &'r Option<String>: text => Self::Text(text.as_deref());
    &'r Vec<u8>: bytes => Self::Bytes(bytes);
    &'r i64: number => Self::Integer(Some(*number));
    &'r Option<i64>: number => Self::Integer(*number);
    &'r i16: number => Self::Small(*number);
    bool: value => Self::Boolean(value);
    &'r bool: value => Self::Boolean(*value);
}

/// A list of values in a statement that is being built.
type List<'q, D> = Separated<'q, D, &'static str>;

impl<'r> Column<'r> {
    /// Adds the value to the values of a row in an `INSERT`.
    pub fn push_value<D: Database>(self, list: &mut List<'_, D>)
    where
        Value<'r>: Bind<D>,
    {
        self.value.bind(list.push(""));
    }

    /// Adds `column = value` to the assignments of an `UPDATE`.
    pub fn push_assignment<D: Database>(self, list: &mut List<'_, D>)
    where
        Value<'r>: Bind<D>,
    {
        list.push(self.name);
        self.value.bind(list.push_unseparated(" = "));
    }

    /// Like [`Self::push_assignment`], but keeps the stored value unless `other` changes in the same statement.
    pub fn push_assignment_with<D: Database>(self, other: Self, list: &mut List<'_, D>)
    where
        Value<'r>: Bind<D>,
    {
        list.push(format_args!("{} = CASE WHEN {} = ", self.name, other.name));
        other.value.bind(list);
        list.push_unseparated(format_args!(" THEN {} ELSE ", self.name));
        self.value.bind(list);
        list.push_unseparated(" END");
    }
}

/// A value that a database takes.
pub trait Bind<D: Database> {
    /// Adds the value without a separator.
    fn bind(self, list: &mut List<'_, D>);
}

impl<'r, D> Bind<D> for Value<'r>
where
    D: Database,
    Option<&'r str>: Encode<'r, D> + Type<D>,
    &'r [u8]: Encode<'r, D> + Type<D>,
    Option<i64>: Encode<'r, D> + Type<D>,
    i16: Encode<'r, D> + Type<D>,
    bool: Encode<'r, D> + Type<D>,
{
    fn bind(self, list: &mut List<'_, D>) {
        match self {
            Self::Text(text) => list.push_bind_unseparated(text),
            Self::Bytes(bytes) => list.push_bind_unseparated(bytes),
            Self::Integer(number) => list.push_bind_unseparated(number),
            Self::Small(number) => list.push_bind_unseparated(number),
            Self::Boolean(value) => list.push_bind_unseparated(value),
        };
    }
}
