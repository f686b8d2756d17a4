//! What to do if the role may not create tables. Since version 15, PostgreSQL gives this right in the schema `public`
//! to the owner of the database only.

use sqlx::PgPool;

use crate::Error;

/// Replaces the error of a migration by a sentence with the right statement, if a missing right is the reason.
pub(super) async fn explain(pool: &PgPool, error: Error) -> Error {
    const SQL: &str = "SELECT quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public')), \
        quote_ident(current_database()), coalesce(has_schema_privilege(current_schema(), 'CREATE'), FALSE)";
    let asked = sqlx::query_as::<_, (String, String, String, bool)>(SQL).fetch_one(pool).await;
    match asked {
        Ok((role, schema, database, false)) => Error::Settings(format!(
            "the role {role} may not create tables in the schema {schema} of the database {database}; run there, as the \
             owner of the schema: GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}"
        )),
        _ => error,
    }
}
