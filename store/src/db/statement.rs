//! Statements that are written once for both databases, and the macros that run them.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// The text of a statement for either database.
pub trait Statement {
    fn sqlite(self) -> SqlStr;
    fn postgres(self) -> SqlStr;
}

impl Statement for &'static str {
    fn sqlite(self) -> SqlStr {
        self.into_sql_str()
    }

    fn postgres(self) -> SqlStr {
        self.into_sql_str()
    }
}

/// A statement with different texts for the two databases.
#[derive(Clone, Copy)]
pub struct PerDatabase {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Statement for PerDatabase {
    fn sqlite(self) -> SqlStr {
        self.sqlite.into_sql_str()
    }

    fn postgres(self) -> SqlStr {
        self.postgres.into_sql_str()
    }
}

/// A statement that is assembled from this crate's own text and from numbers. It never contains user input.
pub struct BuiltStatement {
    pub sqlite: String,
    pub postgres: String,
}

impl BuiltStatement {
    /// A statement with the same text for both databases.
    pub fn same(sql: &str) -> Self {
        Self { sqlite: sql.to_owned(), postgres: sql.to_owned() }
    }

    /// Replaces placeholders in a statement with text that differs between the two databases:
    ///
    /// - `{contains}(text, part)` is the position of a part in a text, or zero.
    /// - `… AS c {key_of_c} AND …` joins the row `r` of `keys` whose id is that of `c`, after `c` has been read. SQLite
    ///   keeps the order of a cross join. PostgreSQL would reverse the order when it misjudges the number of rows `c`,
    ///   and compare every row with every other. It cannot do so with a lateral subquery that has an offset.
    ///   `{key_of_m}` is the same for `m`.
    /// - `{row}` is the column by which a row is found fastest. `… AS c {row_of_c} AND …` is the same join by this
    ///   column.
    /// - `… AS o {keys_of_users} AND …` joins the rows `r` of keys that are stored as active and belong to the user
    ///   `o.owner_id`, through the index on owners. `{keys_of_accounts}` is the same for service accounts.
    /// - `{postgres:…}` is text that is only used on PostgreSQL. It must not contain braces.
    pub fn marked(sql: &str) -> Self {
        const PLAIN: &str = "CROSS JOIN keys r WHERE r.key_id = c.key_id";
        const LATERAL: &str =
            "CROSS JOIN LATERAL (SELECT * FROM keys k WHERE k.key_id = c.key_id OFFSET 0) AS r WHERE TRUE";
        const OWN_PLAIN: &str = "CROSS JOIN keys r WHERE r.user_id = o.owner_id AND r.status = 'active'";
        const OWN_LATERAL: &str = "CROSS JOIN LATERAL (SELECT * FROM keys k WHERE k.user_id = o.owner_id \
            AND k.status = 'active' OFFSET 0) AS r WHERE TRUE";
        let fill = |is_postgres: bool, contains: &str, row: &str, join: &str| {
            let own = if is_postgres { OWN_LATERAL } else { OWN_PLAIN };
            let row_of_c = join.replace("c.key_id", "c.row_id").replace(".key_id", &format!(".{row}"));
            with_own(sql, is_postgres)
                .replace("{contains}", contains)
                .replace("{row}", row)
                .replace("{row_of_c}", &row_of_c)
                .replace("{key_of_c}", join)
                .replace("{key_of_m}", &join.replace("c.key_id", "m.key_id"))
                .replace("{keys_of_users}", own)
                .replace("{keys_of_accounts}", &own.replace(".user_id", ".service_account_id"))
        };
        Self {
            sqlite: fill(false, "instr", "rowid", PLAIN),
            postgres: fill(true, "strpos", "key_id", LATERAL),
        }
    }
}

/// Keeps or removes the text of `{postgres:…}` placeholders.
fn with_own(sql: &str, is_postgres: bool) -> String {
    let mut parts = sql.split("{postgres:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (own, rest) = part.split_once('}').unwrap_or(("", part));
        text + if is_postgres { own } else { "" } + rest
    })
}

impl Statement for BuiltStatement {
    fn sqlite(self) -> SqlStr {
        AssertSqlSafe(self.sqlite).into_sql_str()
    }

    fn postgres(self) -> SqlStr {
        AssertSqlSafe(self.postgres).into_sql_str()
    }
}

/// Runs a statement on either database. `run!(tx, SQL, [values…], execute)` returns the number of affected rows.
/// `run!(db, SQL, [values…], fetch_optional::<Row>)`, `fetch_one` and `fetch_all` return rows.
macro_rules! run {
    ($db:expr, $sql:expr, [$($value:expr),* $(,)?], $($finish:tt)+) => {{
        use $crate::db::{Conn, Connection, Statement};
        let db = &mut *$db;
        let outcome = match Connection::conn(&mut *db) {
            Conn::Sqlite(conn) => $crate::db::run!(@ conn, Statement::sqlite($sql), [$($value),*], $($finish)+),
            Conn::Postgres(conn) => $crate::db::answer(async {
                $crate::db::run!(@ conn, Statement::postgres($sql), [$($value),*], $($finish)+)
            })
            .await,
        };
        $crate::db::record_outcome!(db, outcome)
    }};
    (@ $conn:ident, $sql:expr, [$($value:expr),*], execute) => {
        sqlx::query($sql)$(.bind($value))*.execute($conn).await.map(|done| done.rows_affected())
    };
    (@ $conn:ident, $sql:expr, [$($value:expr),*], $fetch:ident::<$row:ty>) => {
        sqlx::query_as::<_, $row>($sql)$(.bind($value))*.$fetch($conn).await
    };
}

/// Runs a statement with lists of values: `build!(tx, "INSERT … ", |builder| { … }, execute)`.
macro_rules! build {
    ($db:expr, $start:expr, |$builder:ident| $fill:block, $($finish:tt)+) => {{
        use $crate::db::{Conn, Connection};
        let db = &mut *$db;
        let outcome = match Connection::conn(&mut *db) {
            Conn::Sqlite(conn) => $crate::db::build!(@ sqlx::Sqlite, conn, $start, $builder, $fill, $($finish)+),
            Conn::Postgres(conn) => $crate::db::answer(async {
                $crate::db::build!(@ sqlx::Postgres, conn, $start, $builder, $fill, $($finish)+)
            })
            .await,
        };
        $crate::db::record_outcome!(db, outcome)
    }};
    (@ $driver:ty, $conn:ident, $start:expr, $builder:ident, $fill:block, execute) => {{
        let mut $builder = sqlx::QueryBuilder::<$driver>::new($start);
        $fill
        $builder.build().execute($conn).await.map(|done| done.rows_affected())
    }};
}

/// Reports the outcome of a statement to the connection on which it ran.
macro_rules! record_outcome {
    ($db:ident, $outcome:expr) => {
        match $outcome {
            Ok(done) => {
                $crate::db::Connection::answered(&mut *$db);
                Ok(done)
            }
            Err(error) => {
                let error = $crate::Error::from(error);
                $crate::db::Connection::failed(&mut *$db, &error);
                Err(error)
            }
        }
    };
}

pub(crate) use {build, record_outcome, run};
