use service::testing::TestBed;

use crate::program::Program;

/// What an earlier version does not have yet.
const WITHOUT_0009: &str =
    "DROP INDEX keys_of_user_by_created; DELETE FROM _sqlx_migrations WHERE version = 9";

async fn the_schema_is_applied_once(bed: TestBed, url: &str) {
    bed.database.run(WITHOUT_0009).await;
    let program = Program::new();
    let run = || {
        let output = program.run(&["migrate", "--database-url", url]);
        assert!(output.status.success(), "{output:?}");
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(!log.contains("already exists"), "PostgreSQL's notice is not news: {log}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(), "Applied 0009 keys of user by created\n");
    assert_eq!(run(), "The database already has the schema of this version.\n");
}

#[tokio::test]
async fn the_schema_is_applied_once_on_sqlite() {
    let bed = TestBed::sqlite().await;
    let url = format!("sqlite:{}", bed.database.path().display());
    the_schema_is_applied_once(bed, &url).await;
}

#[tokio::test]
async fn the_schema_is_applied_once_on_postgres() {
    let bed = TestBed::postgres().await;
    let url = bed.database.url().to_string();
    the_schema_is_applied_once(bed, &url).await;
}
