//! Tests of archives: a database is the same after a way through the other kind of database, and an interrupted import
//! continues.

use std::collections::BTreeSet;

use store::archive::{self, Batch, LEFT_OUT, Part, Parts, export, import, is_import_unfinished};
use store::testing::TestDatabase;
use store::{Error, Refusal, Target, newest_migration};

use crate::support::{TestOrganization, ask, insert, key};

on_both!(
    every_table_and_column_is_archived,
    an_interrupted_import_continues_with_the_same_source_only,
    an_import_that_another_process_has_finished_says_so,
    a_database_that_is_in_use_is_not_overwritten,
    numbers_and_indexes_are_as_before,
    a_row_that_is_none_is_refused,
);

/// Adds a row to every table, with a value in every column.
async fn fill(db: &TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    insert(&db.store, key(&home)).await;
    let account = home.service_account(&db.store).await;
    let organization = home.id().as_str();
    for sql in [
        "INSERT INTO accounts VALUES ('acc_1', 'ä@x', 'ä@x', '$argon2id$', TRUE, 5, 3, 2)".to_owned(),
        "INSERT INTO sessions VALUES ('ses_1', 'acc_1', '{user}', {bytes}, 1, 2, 3, '::1', 'curl')".to_owned(),
        "INSERT INTO links VALUES ({bytes}, 'reset', '{user}', 1, 9223372036854775807, 'ä@x')".to_owned(),
        "INSERT INTO key_totals VALUES ('{org}', 'active', 15, -3)".to_owned(),
        "INSERT INTO earlier_secrets SELECT {bytes}, key_id, 'sk_live_a', 7, 6, '::1', 'agent\u{1f}' FROM keys".to_owned(),
        "INSERT INTO audit_events (audit_id, organization_id, happened_at, action, is_read, resource, resource_id, \
         actor_kind, actor_id, actor_name, actor_key_id, changes, address, agent, request_id) VALUES ('aud_1', '{org}', 1, \
         'x', FALSE, 'key', 'key_1', 'user', 'u', 'Ada \"\\', 'key_1', '{}', '::1', 'a', 'req_1')"
            .to_owned(),
        "INSERT INTO owner_ends (organization_id, owner_id, ended_at, ended_by, reason, audit_id) \
         VALUES ('{org}', '{user}', 1, NULL, 'x', 'aud_1')"
            .to_owned(),
        "INSERT INTO usage_hours VALUES ('key_1', 1, 'valid', 2)".to_owned(),
        "INSERT INTO usage_days VALUES ('key_1', 1, 'valid', 2, '{org}')".to_owned(),
        "INSERT INTO usage_endpoints VALUES ('key_1', 1, 'GET', '/', 2, 0)".to_owned(),
        "INSERT INTO kept_answers VALUES ({bytes}, {bytes}, 'c', NULL, 4)".to_owned(),
        "INSERT INTO gateways (gateway_id, organization_id, name, key_header, rules, otherwise, headers, hide_key, \
         created_at, updated_at) VALUES ('gw_1', '{org}', 'G', 'authorization', '[]', 'key', '[]', TRUE, 1, 2)"
            .to_owned(),
        "UPDATE keys SET after_end = 77".to_owned(),
    ] {
        let bytes = if matches!(db.target, Target::Postgres(_)) { "decode" } else { "hex" };
        let bytes = match bytes {
            "decode" => format!("'\\x{}'::bytea", "00ff".repeat(16)),
            _ => format!("X'{}'", "00ff".repeat(16)),
        };
        let sql = sql
            .replace("{org}", organization)
            .replace("{user}", home.user.user_id.as_str())
            .replace("{bytes}", &bytes);
        db.run(sql.leak()).await;
    }
    assert!(account.disabled_at.is_none());
}

/// All rows of a database as text, one line each, behind the name of its table.
async fn rows(db: &TestDatabase) -> Vec<String> {
    let mut all = Vec::new();
    for batch in batches(db).await {
        let table = archive::table_names().nth(batch.table).unwrap();
        let lines = archive::row_lines(&batch.lines).map(|line| String::from_utf8(line.to_vec()).unwrap());
        all.extend(lines.map(|line| format!("{table} {line}")));
    }
    all
}

async fn batches(db: &TestDatabase) -> Vec<Batch> {
    let mut parts = export(&db.store).await.unwrap().parts;
    let mut batches = Vec::new();
    loop {
        match parts.recv().await.unwrap().unwrap() {
            Part::Rows(batch) => batches.push(batch),
            Part::End => return batches,
        }
    }
}

/// A source that sends batches, and then ends or breaks off.
fn source(batches: Vec<Batch>, is_whole: bool) -> Parts {
    let (sender, parts) = archive::channel();
    tokio::spawn(async move {
        for batch in batches {
            let _the_import_ended = sender.send(Ok(Part::Rows(batch))).await;
        }
        if is_whole {
            let _the_import_ended = sender.send(Ok(Part::End)).await;
        }
    });
    parts
}

async fn copy(from: &TestDatabase, to: &TestDatabase) {
    import(&to.store, newest_migration(), export(&from.store).await.unwrap().parts).await.unwrap();
    assert!(!is_import_unfinished(&to.store).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_through_the_other_database_changes_no_row() {
    let file = store::testing::sqlite().await;
    fill(&file).await;
    let before = rows(&file).await;
    let filled: BTreeSet<_> = before.iter().map(|row| row.split(' ').next().unwrap()).collect();
    assert_eq!(filled.len(), archive::table_names().count(), "{filled:?}");
    let (server, back) = (store::testing::postgres().await, store::testing::sqlite().await);
    copy(&file, &server).await;
    assert_eq!(rows(&server).await, before);
    copy(&server, &back).await;
    assert_eq!(rows(&back).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_between_databases_of_one_kind_changes_no_row() {
    let (from, to) = (store::testing::postgres().await, store::testing::postgres().await);
    fill(&from).await;
    copy(&from, &to).await;
    assert_eq!(rows(&to).await, rows(&from).await);
    let (from, to) = (store::testing::sqlite().await, store::testing::sqlite().await);
    fill(&from).await;
    copy(&from, &to).await;
    assert_eq!(rows(&to).await, rows(&from).await);
}

/// Schema 9 had neither environments nor metadata of keys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_database_is_archived_and_comes_to_the_present_schema() {
    use store::testing::{empty_postgres, empty_sqlite};
    let databases =
        [(empty_sqlite().await, empty_postgres().await), (empty_postgres().await, empty_sqlite().await)];
    for (from, to) in databases {
        from.store.migrate_to(9).await.unwrap();
        TestOrganization::new(&from.store).await;
        let gateway = "INSERT INTO gateways (gateway_id, organization_id, name, key_header, rules, otherwise, headers, \
            hide_key, created_at, updated_at) SELECT 'gw_1', organization_id, 'G', 'authorization', '[]', 'key', '[]', \
            TRUE, 1, 2 FROM organizations";
        from.run(gateway).await;
        let older = export(&from.store).await.unwrap();
        assert_eq!(older.schema, 9);
        import(&to.store, older.schema, older.parts).await.unwrap();
        assert!(!is_import_unfinished(&to.store).await.unwrap());
        from.store.migrate().await.unwrap();
        assert_eq!(rows(&to).await, rows(&from).await);
    }
}

/// What the target contains stays as it is, also its schema.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_is_in_use_or_newer_than_the_source_is_refused() {
    let from = store::testing::empty_sqlite().await;
    from.store.migrate_to(9).await.unwrap();
    let parts = async || export(&from.store).await.unwrap().parts;
    for newer in [store::testing::sqlite().await, store::testing::postgres().await] {
        let outcome = import(&newer.store, 9, parts().await).await;
        assert!(matches!(outcome, Err(Error::Archive(Refusal::NewerSchema { .. }))), "{outcome:?}");
    }
    TestOrganization::new(&from.store).await;
    let outcome = import(&from.store, newest_migration(), source(Vec::new(), true)).await;
    assert!(matches!(outcome, Err(Error::Archive(Refusal::NotEmpty))), "{outcome:?}");
    assert_eq!(export(&from.store).await.unwrap().schema, 9);
}

/// A migration that adds a table or a column must not be forgotten. The export itself refuses unknown types.
async fn every_table_and_column_is_archived(db: TestDatabase) {
    let is_postgres = matches!(db.target, Target::Postgres(_));
    let sql = if is_postgres {
        "SELECT string_agg(table_name, ',') FROM information_schema.tables WHERE table_schema = current_schema()"
    } else {
        "SELECT group_concat(name, ',') FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    };
    let (names,): (String,) = ask(&db, sql).await;
    let known: BTreeSet<_> = archive::table_names().chain(LEFT_OUT).collect();
    let unknown: Vec<_> = names.split(',').filter(|name| !known.contains(name)).collect();
    assert!(unknown.is_empty(), "add them to store/src/archive/tables.rs: {unknown:?}");
    let sql = if is_postgres {
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() \
         AND is_generated = 'NEVER' AND table_name NOT IN ('changes', 'nodes', '_sqlx_migrations')"
    } else {
        "SELECT count(*) FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' \
         AND m.name NOT LIKE 'sqlite%' AND m.name NOT IN ('changes', 'nodes', '_sqlx_migrations') AND c.hidden = 0"
    };
    let (columns,): (i64,) = ask(&db, sql).await;
    let export = export(&db.store).await.unwrap();
    let archived: usize = export.tables.iter().map(|table| table.columns.len()).sum();
    assert_eq!(i64::try_from(archived).unwrap(), columns);
    assert_eq!(export.schema, newest_migration());
}

async fn an_interrupted_import_continues_with_the_same_source_only(db: TestDatabase) {
    let from = store::testing::sqlite().await;
    fill(&from).await;
    let all = batches(&from).await;
    for stop in [1, all.len() / 2, all.len()] {
        let outcome = import(&db.store, newest_migration(), source(all[..stop].to_vec(), false)).await;
        assert!(matches!(outcome, Err(Error::Archive(Refusal::CutOff))), "{outcome:?}");
        assert!(is_import_unfinished(&db.store).await.unwrap());
    }
    let mut other = all.clone();
    other[0].lines =
        String::from_utf8(other[0].lines.clone()).unwrap().replace("Organization", "organization").into();
    for wrong in [other, Vec::new()] {
        let outcome = import(&db.store, newest_migration(), source(wrong, true)).await;
        assert!(matches!(outcome, Err(Error::Archive(Refusal::OtherSource))), "{outcome:?}");
    }
    import(&db.store, newest_migration(), source(all, true)).await.unwrap();
    assert!(!is_import_unfinished(&db.store).await.unwrap());
    assert_eq!(rows(&db).await, rows(&from).await);
}

async fn an_import_that_another_process_has_finished_says_so(db: TestDatabase) {
    let from = store::testing::sqlite().await;
    fill(&from).await;
    let batches = batches(&from).await;
    let (sender, parts) = archive::channel();
    let store = db.store.clone();
    let slower = tokio::spawn(async move { import(&store, newest_migration(), parts).await });
    while !is_import_unfinished(&db.store).await.unwrap() {
        tokio::task::yield_now().await;
    }
    import(&db.open_again().await, newest_migration(), source(batches.clone(), true)).await.unwrap();
    sender.send(Ok(Part::Rows(batches[0].clone()))).await.unwrap();
    let refused = slower.await.unwrap();
    assert!(matches!(refused, Err(Error::Archive(Refusal::Busy))), "{refused:?}");
    assert!(!is_import_unfinished(&db.store).await.unwrap());
}

async fn a_database_that_is_in_use_is_not_overwritten(db: TestDatabase) {
    let from = store::testing::sqlite().await;
    fill(&from).await;
    TestOrganization::new(&db.store).await;
    let before = rows(&db).await;
    let outcome = import(&db.store, newest_migration(), export(&from.store).await.unwrap().parts).await;
    assert!(matches!(outcome, Err(Error::Archive(Refusal::NotEmpty))), "{outcome:?}");
    assert_eq!(rows(&db).await, before);
    assert!(!is_import_unfinished(&db.store).await.unwrap());
}

/// A new owner revocation with a number that keys remember would not end them. Servers that have the empty database
/// open must read everything again.
async fn numbers_and_indexes_are_as_before(db: TestDatabase) {
    let from = store::testing::sqlite().await;
    fill(&from).await;
    let indexes = if matches!(db.target, Target::Postgres(_)) {
        "SELECT string_agg(indexdef, ';' ORDER BY indexname) FROM pg_indexes WHERE schemaname = current_schema()"
    } else {
        "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master WHERE type = 'index' ORDER BY name)"
    };
    let before: (String,) = ask(&db, indexes).await;
    copy(&from, &db).await;
    assert_eq!(ask::<(String,)>(&db, indexes).await, before);
    let end = "INSERT INTO owner_ends (organization_id, owner_id, ended_at, reason, audit_id) \
        SELECT organization_id, owner_id, 1, 'x', audit_id FROM owner_ends RETURNING number";
    assert_eq!(ask::<(i64,)>(&db, end).await, (78,));
    let event = "INSERT INTO audit_events (audit_id, organization_id, happened_at, action, is_read, resource, \
        resource_id, actor_kind, actor_id, actor_name, changes) SELECT 'aud_2', organization_id, 1, 'x', FALSE, 'key', '', \
        '', '', '', '{}' FROM organizations RETURNING number";
    assert_eq!(ask::<(i64,)>(&db, event).await, (2,));
    assert_eq!(ask::<(i64,)>(&db, "SELECT count(*) FROM changes WHERE kind = 3").await, (1,));
}

async fn a_row_that_is_none_is_refused(db: TestDatabase) {
    for line in ["[1]", "{}", "[", r#"["slot",0]"#, "[0,0,0]", "[0,null]", "[0,1.5]"] {
        let mut batch =
            Batch::of(archive::table_names().position(|name| name == "uncounted_sign_ins").unwrap());
        batch.push_line(line.as_bytes());
        let outcome = import(&db.store, newest_migration(), source(vec![batch], true)).await;
        assert!(
            matches!(outcome, Err(Error::Corrupt(_) | Error::Database(_) | Error::Unavailable(_))),
            "{line}"
        );
    }
}
