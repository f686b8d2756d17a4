//! The text of an error for the log contains no value.

use sqlx::Connection;
use store::{Error, Target, causes};

#[tokio::test]
async fn the_text_of_an_error_of_postgres_contains_no_value() {
    let db = store::testing::postgres().await;
    let Target::Postgres(url) = &db.target else { panic!("not PostgreSQL") };
    let mut conn = sqlx::PgConnection::connect(url.as_str()).await.unwrap();
    let sql = "SELECT CAST(name AS INTEGER) FROM (SELECT CAST('hunter2' AS TEXT) AS name) AS named";
    let error = sqlx::query(sql).execute(&mut conn).await.map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("hunter2"), "{error}");
    let text = causes(&Error::from(error)).to_string();
    assert_eq!(text, "the database refused a statement: the database refused a value (code 22P02)");
}
