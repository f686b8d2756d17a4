//! Tests that keys are found by their metadata.

use model::key::{KeyFilter, KeyQuery, KeyView};
use model::metadata::{Metadata, MetadataFilter};
use serde_json::{Value, json};
use store::testing::TestDatabase;

use crate::page::page;
use crate::support::{TestOrganization, change, insert, named, revoked};

on_both!(
    a_key_is_found_by_name_and_value_of_its_metadata,
    a_change_of_metadata_changes_what_finds_the_key,
    metadata_is_found_again_after_an_earlier_version_changed_the_key,
);

pub fn metadata(members: Value) -> Metadata {
    serde_json::from_value(members).unwrap()
}

pub fn member(name: &str, value: &str) -> MetadataFilter {
    MetadataFilter { name: name.to_owned(), value: value.to_owned() }
}

async fn found(
    db: &TestDatabase,
    home: &TestOrganization,
    view: KeyView,
    members: &[(&str, &str)],
) -> Vec<String> {
    let members = members.iter().map(|(name, value)| member(name, value)).collect();
    let filter = KeyFilter { view, metadata: members, ..KeyFilter::default() };
    let page = page(&db.store, home, &KeyQuery { filter, ..KeyQuery::default() }).await;
    assert_eq!(page.found.number, page.rows.len() as u64);
    let mut names: Vec<_> = page.rows.iter().map(|row| row.key.fields.name.as_str().to_owned()).collect();
    names.sort();
    names
}

async fn a_key_is_found_by_name_and_value_of_its_metadata(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = TestOrganization::new(&db.store).await;
    let long = "ü\0".repeat(400);
    for (home, name, members) in [
        (&home, "a", json!({ "team": "core", "size": 2, "long": long })),
        (&home, "b", json!({ "team": "core", "is": true, "none": null, "list": ["core"] })),
        (&home, "c", json!({ "team=core": "", "tea": "m=core", "Team": "core" })),
        (&home, "d", json!({})),
        (&other, "e", json!({ "team": "core" })),
    ] {
        insert(&db.store, named(home, name).with(|fields| fields.metadata = metadata(members))).await;
    }
    for (members, expected) in [
        (&[("team", "core")][..], &["a", "b"][..]),
        (&[("team", "core"), ("size", "2")], &["a"]),
        (&[("team", "core"), ("size", "2"), ("long", &long)], &["a"]),
        (&[("team", "core"), ("size", "3")], &[]),
        (&[("team", "Core")], &[]),
        (&[("team", "cor")], &[]),
        (&[("is", "true")], &["b"]),
        (&[("none", "null")], &[]),
        (&[("list", "core")], &[]),
        (&[("team=core", "")], &["c"]),
        (&[("tea", "m=core")], &["c"]),
    ] {
        assert_eq!(found(&db, &home, KeyView::Active, members).await, expected, "{members:?}");
    }
}

async fn a_change_of_metadata_changes_what_finds_the_key(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let blue = json!({ "color": "blue" });
    let key = insert(&db.store, named(&home, "a").with(|fields| fields.metadata = metadata(blue))).await;
    let key = key.with(|fields| fields.metadata = metadata(json!({ "color": "red" })));
    let key = change(&db.store, &key).await;
    assert!(found(&db, &home, KeyView::Active, &[("color", "blue")]).await.is_empty());
    assert_eq!(found(&db, &home, KeyView::Active, &[("color", "red")]).await, ["a"]);
    change(&db.store, &revoked(key)).await;
    assert!(found(&db, &home, KeyView::Active, &[("color", "red")]).await.is_empty());
    assert_eq!(found(&db, &home, KeyView::Revoked, &[("color", "red")]).await, ["a"]);
}

/// A version that does not know metadata leaves out its terms, and gives the search text the number of its own rules.
async fn metadata_is_found_again_after_an_earlier_version_changed_the_key(db: TestDatabase) {
    const FORGET: &str = "DELETE FROM key_terms WHERE term LIKE '\u{1}%'";
    // The term of the metadata is the first in the search text.
    const TEXT: &str = "UPDATE keys SET search_text = '2' || substr(search_text, 36) WHERE metadata <> '{}'";
    let home = TestOrganization::new(&db.store).await;
    for (name, members) in [("a", json!({ "color": "blue" })), ("b", json!({}))] {
        insert(&db.store, named(&home, name).with(|fields| fields.metadata = metadata(members))).await;
    }
    let is_outdated =
        async || store::search_terms::any_outdated(&mut db.store.read().await.unwrap()).await.unwrap();
    assert!(!is_outdated().await);
    for sql in [FORGET, TEXT] {
        db.run(sql).await;
    }
    assert!(is_outdated().await);
    assert!(found(&db, &home, KeyView::Active, &[("color", "blue")]).await.is_empty());
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(store::search_terms::renew(&mut tx, 100).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(found(&db, &home, KeyView::Active, &[("color", "blue")]).await, ["a"]);
    assert!(!is_outdated().await);
}
