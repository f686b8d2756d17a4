//! Tests the plans of both databases for every statement of the list: each has to use an index, and none may read all
//! keys.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod seed;

use model::id::KeyId;
use model::key::{
    Environment, KeyCursor, KeyFilter, KeyName, KeyQuery, KeySort, KeyView, Permission, Place, SortColumn,
};
use model::metadata::MetadataFilter;
use seed::{Home, now, seed};

use super::filter::{Ended, Filter};
use super::scan::Scan;
use super::source;
use crate::db::{BuiltStatement, PerDatabase};
use crate::keys::ended::{EXPIRED_OF_ACCOUNT, EXPIRED_OF_USER, OF_ACCOUNT, OF_USER};
use crate::keys::expire::{ANY_DUE, EXPIRE};
use crate::keys::flag_sweep::{CLEAR_EXPIRING, CLEAR_UNUSED, SET_EXPIRING, SET_UNUSED};
use crate::keys::key_search_terms::MOVED;
use crate::keys::list::{ACTIVE, ALL};
use crate::keys::outdated_terms::{OUTDATED, RENEWED};
use crate::keys::restore::{END_REPLACED, RESTORE};
use crate::keys::service_accounts::USES;
use crate::names::UNNORMALIZED_KEYS;
use crate::testing::{TestDatabase, postgres, sqlite};
use crate::{keys, service_accounts, users};

/// Lists of every view, order and filter. Each in one direction from the first page, and in the other from the middle.
fn queries(home: &Home) -> Vec<KeyQuery> {
    let filters = [
        KeyFilter::default(),
        KeyFilter { owner: Some(home.owners[0].clone().into()), ..KeyFilter::default() },
        KeyFilter { owner: Some(home.owners[2].clone().into()), ..KeyFilter::default() },
        KeyFilter { owner: Some(home.accounts[0].clone().into()), ..KeyFilter::default() },
        KeyFilter { owner: Some(home.accounts[1].clone().into()), ..KeyFilter::default() },
        KeyFilter { name: KeyName::parse("ci deploy 77").ok(), ..KeyFilter::default() },
        KeyFilter { environment: Environment::parse("test").ok(), ..KeyFilter::default() },
        KeyFilter { environment: Some(Environment::LIVE), ..KeyFilter::default() },
        KeyFilter {
            metadata: vec![MetadataFilter { name: "team".into(), value: "a".into() }],
            ..KeyFilter::default()
        },
        KeyFilter {
            metadata: ["a", "b", "c"]
                .map(|name| MetadataFilter { name: name.into(), value: "1".into() })
                .into(),
            environment: Some(Environment::LIVE),
            ..KeyFilter::default()
        },
        KeyFilter { expires_before: Some(now().plus_seconds(1_500_000)), ..KeyFilter::default() },
        KeyFilter { last_used_before: Some(now()), ..KeyFilter::default() },
        KeyFilter { search: "robot 1".into(), ..KeyFilter::default() },
        KeyFilter { permission: Some(Permission::Admin), ..KeyFilter::default() },
        KeyFilter { permission: Some(Permission::Read), ..KeyFilter::default() },
        KeyFilter { search: "deploy".into(), ..KeyFilter::default() },
        KeyFilter { search: "1234".into(), ..KeyFilter::default() },
        KeyFilter { search: "owner 1".into(), ..KeyFilter::default() },
        KeyFilter {
            search: "ci".into(),
            owner: Some(home.owners[0].clone().into()),
            permission: Some(Permission::Read),
            ..KeyFilter::default()
        },
    ];
    let mut queries = Vec::new();
    for filter in filters {
        for view in KeyView::ALL {
            for column in SortColumn::ALL {
                let is_text = matches!(column, SortColumn::Name | SortColumn::Environment);
                let value = if is_text { "ci" } else { "1" };
                let cursor = KeyCursor { value: value.into(), key_id: KeyId::from_random("7") };
                for (descending, place) in [(false, Place::First), (true, Place::After(cursor))] {
                    let filter = KeyFilter { view: *view, ..filter.clone() };
                    let sort = KeySort { column: *column, descending };
                    queries.push(KeyQuery { filter, sort, place, ..KeyQuery::default() });
                }
            }
        }
    }
    queries
}

/// Checks the plan of every list. No line may read a whole table. If the database has statistics, a list without
/// filters has to use the index of its order.
async fn explain(db: &TestDatabase, home: &Home, knows: bool, looks_at_everything: impl Fn(&str) -> bool) {
    for ended in [Ended::None, Ended::Few, Ended::Many] {
        explain_with(db, home, ended, knows, &looks_at_everything).await;
    }
}

async fn explain_with(
    db: &TestDatabase,
    home: &Home,
    ended: Ended,
    knows: bool,
    looks_at_everything: &impl Fn(&str) -> bool,
) {
    let mut reader = db.store.read().await.unwrap();
    let totals = keys::totals(&mut reader, &home.organization).await.unwrap();
    // Ended keys are excluded from some views and included in one.
    let is_concerned = |query: &KeyQuery| {
        ended == Ended::None || matches!(query.filter.view, KeyView::Active | KeyView::Revoked)
    };
    for query in queries(home).into_iter().filter(is_concerned) {
        let scan = Scan::of(&home.organization, &query, ended);
        let (source, _) = source::choose(&mut reader, &scan, &totals).await.unwrap();
        let sql = scan.rows_sql(&source, query.sort.descending, 51);
        let plan = plan(db, &mut reader, &scan, &sql).await;
        assert!(!plan.lines().any(looks_at_everything), "{query:?}\n{sql}\n{plan}");
        if ended != Ended::None {
            continue;
        }
        let is_view = scan.filters.iter().all(|filter| matches!(filter, Filter::View(_)));
        if !is_view {
            continue;
        }
        let view = match query.filter.view {
            view @ (KeyView::Expiring | KeyView::Unused | KeyView::Disabled) => format!("keys_{view}_by"),
            _ => "keys_by".to_owned(),
        };
        let is_along = plan.contains(&format!("{view}_{}", query.sort.column));
        assert!(is_along || !knows, "{query:?}\n{sql}\n{plan}");
        // SQLite's plan names the columns by which it seeks. If it sought by only one of the two values, it might read
        // all keys, because all of them may be equal in that value.
        let goes_there = |line: &str| !line.starts_with("SEARCH r ") || line.contains(",key_id)");
        let goes_there = !scan.has_cursor || plan.lines().all(goes_there);
        assert!(goes_there, "{query:?}\n{sql}\n{plan}");
        // Only the page itself may be sorted, after its owners were found.
        assert!(plan.matches("TEMP B-TREE").count() <= 1, "{query:?}\n{sql}\n{plan}");
    }
}

/// Checks the plans of the sweep, which runs every second and usually finds nothing. Each part has to use its own
/// index.
async fn explain_sweep(db: &TestDatabase, home: &Home) {
    let mut reader = db.store.read().await.unwrap();
    let scan = Scan::of(&home.organization, &KeyQuery::default(), Ended::None);
    let now = now().micros().to_string();
    let any_due = PerDatabase { sqlite: ANY_DUE, postgres: ANY_DUE };
    let is_postgres = matches!(db.target, crate::Target::Postgres(_));
    for PerDatabase { sqlite, postgres } in
        [any_due, EXPIRE, SET_EXPIRING, CLEAR_EXPIRING, SET_UNUSED, CLEAR_UNUSED, END_REPLACED, RESTORE]
    {
        let sql = if is_postgres { postgres } else { sqlite };
        let sql = (2..6).fold(sql.replace("$1", &now).replace("LIMIT $2", "LIMIT 1000"), |sql, place| {
            sql.replace(&format!("${place}"), &now)
        });
        let plan = plan(db, &mut reader, &scan, &sql).await;
        let indexes = plan.lines().filter(|line| {
            line.contains("Index Scan") || line.contains("Index Only") || line.contains("USING")
        });
        let is_own = |line: &str| {
            let own =
                ["keys_due", "keys_idle", "keys_expired", "keys_id ", "(key_id=?)", "earlier_secrets_due"];
            // Used to check whether the name of a found key has been taken.
            let names = ["keys_name", "keys_account_name", "keys_account_expired_name"];
            // Used to check whether the owner of a found key was revoked.
            let ends = ["owner_ends_of_owner"];
            own.iter().chain(&names).chain(&ends).any(|own| line.contains(own))
        };
        assert!(indexes.clone().count() > 0 && indexes.into_iter().all(is_own), "{sql}\n{plan}");
        let looks_at_everything =
            ["SCAN d", "SCAN n", "SCAN keys", "Seq Scan on keys"].iter().any(|scan| plan.contains(scan));
        assert!(!looks_at_everything, "{sql}\n{plan}");
    }
}

/// Checks the plans of the statements that change the search terms of a key or revoke the keys of a revoked owner.
async fn explain_changes(db: &TestDatabase, home: &Home, looks_at_everything: impl Fn(&str) -> bool) {
    let mut reader = db.store.read().await.unwrap();
    let scan = Scan::of(&home.organization, &KeyQuery::default(), Ended::None);
    let moved = format!(
        "UPDATE key_terms SET status = 'revoked' FROM (VALUES ('a', 'active', 'b', 'c'), ('a', 'active', 'd', 'c'){MOVED}"
    );
    let deleted = "DELETE FROM key_terms WHERE organization_id = 'a' AND status = 'active' AND key_id = 'c' AND term IN ('b', 'd')";
    let revoked = |pair: PerDatabase| {
        let sql = if matches!(db.target, crate::Target::Postgres(_)) { pair.postgres } else { pair.sqlite };
        let values = ["1", "NULL", "'x'", "'usr_0'", "7", "100"];
        let values = values.iter().enumerate();
        values.fold(sql.to_owned(), |sql, (place, value)| sql.replace(&format!("${}", place + 1), value))
    };
    let counted = |pair: PerDatabase| {
        let sql = if matches!(db.target, crate::Target::Postgres(_)) { pair.postgres } else { pair.sqlite };
        sql.replace("$1", "'[\"svc_0\"]'").replace("$2", "1001").replace("$3", &now().micros().to_string())
    };
    let finalized = |pair: PerDatabase| {
        let sql = if matches!(db.target, crate::Target::Postgres(_)) { pair.postgres } else { pair.sqlite };
        let values = ["1", "'usr_0'", "7", "100"];
        let values = values.iter().enumerate();
        values.fold(sql.to_owned(), |sql, (place, value)| sql.replace(&format!("${}", place + 1), value))
    };
    let of_owners =
        [revoked(OF_USER), revoked(OF_ACCOUNT), finalized(EXPIRED_OF_USER), finalized(EXPIRED_OF_ACCOUNT)];
    for sql in [moved, deleted.to_owned()].into_iter().chain(of_owners) {
        let plan = plan(db, &mut reader, &scan, &sql).await;
        assert!(!plan.lines().any(&looks_at_everything), "{sql}\n{plan}");
    }
    let sql = if matches!(db.target, crate::Target::Postgres(_)) {
        UNNORMALIZED_KEYS.postgres
    } else {
        UNNORMALIZED_KEYS.sqlite
    };
    let sql = sql.replace("$1", "''").replace("$2", "100");
    let unnormalized = plan(db, &mut reader, &scan, &sql).await;
    assert!(unnormalized.contains("keys_unnormalized"), "{sql}\n{unnormalized}");
    let sql = counted(USES);
    let plan = plan(db, &mut reader, &scan, &sql).await;
    assert!(
        !plan.lines().any(looks_at_everything) && plan.matches("keys_expired").count() >= 3,
        "{sql}\n{plan}"
    );
}

/// Checks the plans of a part of a user's list. The part starts in the middle of an index, and only the part itself is
/// sorted.
async fn explain_list_of_user(db: &TestDatabase, home: &Home, looks_at_everything: impl Fn(&str) -> bool) {
    let mut reader = db.store.read().await.unwrap();
    let scan = Scan::of(&home.organization, &KeyQuery::default(), Ended::None);
    for (sql, classes) in [(ACTIVE, 4), (ALL, 6)] {
        let BuiltStatement { sqlite, postgres } = BuiltStatement::marked(sql);
        let sql = if matches!(db.target, crate::Target::Postgres(_)) { postgres } else { sqlite };
        let values = [
            format!("'{}'", home.owners[0]),
            now().micros().to_string(),
            "7".into(),
            "'x'".into(),
            "101".into(),
        ];
        let values = values.iter().enumerate();
        let sql = values.fold(sql, |sql, (place, value)| sql.replace(&format!("${}", place + 1), value));
        let plan = plan(db, &mut reader, &scan, &sql).await;
        assert!(!plan.lines().any(&looks_at_everything), "{sql}\n{plan}");
        assert_eq!(plan.matches("keys_of_user_by_created").count(), classes, "{sql}\n{plan}");
        let goes_there = |line: &&str| {
            line.contains("(created_at,key_id)<(?,?)") || line.contains("ROW(created_at, key_id) <")
        };
        assert_eq!(plan.lines().filter(goes_there).count(), classes, "{sql}\n{plan}");
        // Keys that are valid again are sorted separately. There are nearly always none.
        assert!(plan.matches("TEMP B-TREE").count() <= 2, "{sql}\n{plan}");
    }
}

/// Checks the plans of the statements that look for outdated search terms, which nearly always find none, and of the
/// statement that writes search texts.
async fn explain_renewal(db: &TestDatabase, home: &Home, looks_at_everything: impl Fn(&str) -> bool) {
    let mut reader = db.store.read().await.unwrap();
    let scan = Scan::of(&home.organization, &KeyQuery::default(), Ended::None);
    let is_postgres = matches!(db.target, crate::Target::Postgres(_));
    let batch = |pair: PerDatabase| {
        let sql = if is_postgres { pair.postgres } else { pair.sqlite };
        sql.replace("$1", "100")
    };
    for (index, sql) in [
        ("keys_outdated_search_text", keys::ANY_OUTDATED.to_owned()),
        ("keys_outdated_search_text", batch(OUTDATED)),
        ("users_outdated_terms", users::outdated_terms::ANY_OUTDATED.to_owned()),
        ("users_outdated_terms", batch(users::outdated_terms::OUTDATED)),
        ("service_accounts_outdated_terms", service_accounts::terms::ANY_OUTDATED.to_owned()),
        ("service_accounts_outdated_terms", batch(service_accounts::terms::OUTDATED)),
    ] {
        let plan = plan(db, &mut reader, &scan, &sql).await;
        assert!(plan.contains(index), "{sql}\n{plan}");
    }
    let renewed =
        format!("UPDATE keys SET search_text = v.column2 FROM (VALUES ('a', 'b'), ('c', 'd'){RENEWED}");
    let plan = plan(db, &mut reader, &scan, &renewed).await;
    assert!(!plan.lines().any(looks_at_everything), "{renewed}\n{plan}");
}

async fn plan(db: &TestDatabase, reader: &mut crate::Reader, scan: &Scan, sql: &str) -> String {
    let lines: Vec<String> = if matches!(db.target, crate::Target::Postgres(_)) {
        let rows = scan.values.fetch_all::<(String,)>(reader, &format!("EXPLAIN {sql}")).await.unwrap();
        rows.into_iter().map(|(line,)| line).collect()
    } else {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let rows = scan.values.fetch_all::<(i64, i64, i64, String)>(reader, &sql).await.unwrap();
        rows.into_iter().map(|(_, _, _, line)| line).collect()
    };
    lines.join("\n")
}

#[tokio::test]
async fn sqlite_never_scans_all_keys() {
    let db = sqlite().await;
    let home = seed(&db.store).await;
    // In these statements `r` is the alias of `keys`, and `t` that of the search terms.
    explain(&db, &home, true, |line| matches!(line, "SCAN r" | "SCAN t")).await;
    explain_sweep(&db, &home).await;
    let tables = ["SCAN key_terms", "SCAN keys", "SCAN d"];
    explain_changes(&db, &home, |line| tables.contains(&line)).await;
    explain_renewal(&db, &home, |line| tables.contains(&line)).await;
    explain_list_of_user(&db, &home, |line| matches!(line, "SCAN r" | "SCAN d" | "SCAN keys")).await;
}

#[tokio::test]
async fn postgres_never_scans_all_keys() {
    let db = postgres().await;
    let home = seed(&db.store).await;
    let looks_at_everything =
        |line: &str| line.contains("Seq Scan on keys") || line.contains("Seq Scan on key_terms");
    // First without statistics, as after a bulk import.
    explain(&db, &home, false, looks_at_everything).await;
    explain_renewal(&db, &home, looks_at_everything).await;
    let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(db.url().as_str()).await.unwrap();
    sqlx::Executor::execute(&mut conn, "ANALYZE").await.unwrap();
    explain(&db, &home, true, looks_at_everything).await;
    explain_sweep(&db, &home).await;
    explain_changes(&db, &home, looks_at_everything).await;
    explain_renewal(&db, &home, looks_at_everything).await;
    explain_list_of_user(&db, &home, looks_at_everything).await;
}
