//! Statements, written once for both databases, and the dispatch that runs them.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// The text of a statement on either database.
pub trait Statement {
    /// For SQLite.
    fn sqlite(self) -> SqlStr;
    /// For PostgreSQL.
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

/// A statement that the two databases want told differently.
#[derive(Clone, Copy)]
pub struct Pair {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

impl Statement for Pair {
    fn sqlite(self) -> SqlStr {
        self.sqlite.into_sql_str()
    }

    fn postgres(self) -> SqlStr {
        self.postgres.into_sql_str()
    }
}

/// A statement put together from pieces of this crate's own text and from numbers, never from anybody's input.
pub struct Built {
    /// For SQLite.
    pub sqlite: String,
    /// For PostgreSQL.
    pub postgres: String,
}

impl Built {
    /// A statement that both databases take as it is.
    pub fn same(sql: &str) -> Self {
        Self { sqlite: sql.to_owned(), postgres: sql.to_owned() }
    }

    /// A statement with marks for what the two databases want told differently:
    ///
    /// - `{contains}(text, part)` gives the place of a part in a text, or zero;
    /// - `… AS c {key_of_c} AND …` joins the row `r` of keys that has the id of `c`, and nothing else first. SQLite keeps
    ///   to the order of a cross join. PostgreSQL, when it misjudges how many `c` there are, would turn the order around
    ///   and compare each with each; it cannot look into a lateral part with an offset. `{key_of_m}` is the same for `m`.
    /// - `{row}` is the column that finds a row soonest, `… AS c {row_of_c} AND …` the same join by it.
    /// - `… AS o {keys_of_users} AND …` joins the rows `r` of keys stored as active that belong to the member `o.owner_id`, by the
    ///   owner's index; `{keys_of_accounts}` is the same for service accounts.
    /// - `{postgres:…}` holds what SQLite does without; there are no braces in it.
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

/// The text with or without what is PostgreSQL's own.
fn with_own(sql: &str, is_postgres: bool) -> String {
    let mut parts = sql.split("{postgres:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (own, rest) = part.split_once('}').unwrap_or(("", part));
        text + if is_postgres { own } else { "" } + rest
    })
}

impl Statement for Built {
    fn sqlite(self) -> SqlStr {
        AssertSqlSafe(self.sqlite).into_sql_str()
    }

    fn postgres(self) -> SqlStr {
        AssertSqlSafe(self.postgres).into_sql_str()
    }
}

/// Runs a statement on whichever database it is. `run!(tx, SQL, [values…], execute)` gives the number of rows it
/// touched; `run!(db, SQL, [values…], fetch_optional::<Row>)`, `fetch_one` and `fetch_all` give rows.
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
        $crate::db::noted!(db, outcome)
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
        $crate::db::noted!(db, outcome)
    }};
    (@ $driver:ty, $conn:ident, $start:expr, $builder:ident, $fill:block, execute) => {{
        let mut $builder = sqlx::QueryBuilder::<$driver>::new($start);
        $fill
        $builder.build().execute($conn).await.map(|done| done.rows_affected())
    }};
}

/// Tells what a statement ran on how it ended.
macro_rules! noted {
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

pub(crate) use {build, noted, run};
