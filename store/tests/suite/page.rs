//! Tests of the pages of the key list: every key appears once, in every order, direction and view.

use model::key::{
    Count, Disabling, Environment, Key, KeyCursor, KeyFilter, KeyOwner, KeyPage, KeyQuery, KeySort, KeyView,
    LastUse, Permission, Permissions, Place, SOON_SECONDS, SortColumn, UNUSED_SECONDS,
};
use model::page::PageSize;
use serde_json::json;
use store::testing::TestDatabase;
use store::{Store, keys};

use crate::metadata::{member, metadata};
use crate::support::{TestOrganization, at, insert_all, key, revoked};

on_both!(
    pages_contain_every_key_once_in_order,
    filtered_pages_contain_every_key_once_in_order,
    many_matches_are_listed_and_counted_up_to_a_thousand,
    rare_matches_among_many_keys_are_found_and_counted,
    a_page_without_matches_is_empty,
    a_page_finds_its_neighbors_after_changes,
    rows_come_with_owner_and_earlier_secrets,
    foreign_keys_never_appear,
);

const NOW: i64 = 0;

/// Runs the sweep, then returns a page.
pub async fn page(store: &Store, home: &TestOrganization, query: &KeyQuery) -> KeyPage {
    sweep(store, NOW).await;
    keys::page(&mut store.read().await.unwrap(), home.id(), query, at(NOW)).await.unwrap()
}

async fn sweep(store: &Store, seconds: i64) {
    if keys::any_due(&mut store.read().await.unwrap(), at(seconds)).await.unwrap() {
        let mut tx = store.begin().await.unwrap();
        keys::sweep_due(&mut tx, at(seconds), 20_000).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Keys that differ in everything by which lists sort and filter, with ties and missing values.
pub fn various(home: &TestOrganization, other: &TestOrganization, count: usize) -> Vec<Key> {
    let soon = NOW + SOON_SECONDS;
    let ends = [None, Some(NOW + 60), Some(soon - 1), Some(soon), Some(NOW + 60), Some(soon * 3)];
    let uses = [None, Some(-5), Some(-UNUSED_SECONDS), Some(-UNUSED_SECONDS + 1), Some(-5), None, None];
    let made = [-UNUSED_SECONDS, -UNUSED_SECONDS + 1, -10, -10, -20];
    let strengths = [Permission::Read, Permission::Write, Permission::Delete, Permission::Admin];
    let environments = ["live", "live", "test", "live", "staging"];
    let names = ["Alpha", "alpha", "beta", "Émile", "émile", "zeta"];
    let all = (0..count).map(|n| {
        let owner = if n % 3 == 0 { other } else { home };
        let name = format!("{} {}", names[n % names.len()], n / 12);
        let new = Key {
            created_at: at(made[n % made.len()]),
            last_use: uses[n % uses.len()].map(|used| LastUse { at: at(used), address: None, agent: None }),
            disabled: (n % 7 == 0).then_some(Disabling { at: at(-1), by: None }),
            ..key(owner)
        }
        .with(|fields| {
            // Only the folded names repeat. The names themselves are unique.
            fields.name = model::key::KeyName::parse(&format!("{name}{}", " ".repeat(n % 12))).unwrap();
            fields.permissions = Permissions::from(strengths[..=n % 4].to_vec());
            fields.rate_limit_override = (n % 5 == 0).then_some(10);
            fields.expires_at = ends[n % ends.len()].map(at);
            fields.environment = Environment::parse(environments[n % environments.len()]).unwrap();
            fields.metadata = metadata(json!({ "team": n % 4, "tier": "gold" }));
        });
        if n % 9 == 8 { revoked(new) } else { new }
    });
    all.collect()
}

/// Whether a view contains a key, implemented again in a simple way.
pub fn is_in(key: &Key, view: KeyView) -> bool {
    let is_active = key.revoked.is_none();
    let moment = |seconds| at(NOW + seconds);
    match view {
        KeyView::All => true,
        KeyView::Active => is_active,
        KeyView::Expiring => {
            is_active && key.fields.expires_at.is_some_and(|end| end > at(NOW) && end < moment(SOON_SECONDS))
        }
        KeyView::Unused => {
            let since = key.last_use.as_ref().map_or(key.created_at, |used| used.at);
            is_active && since <= moment(-UNUSED_SECONDS)
        }
        KeyView::NeverExpires => is_active && key.fields.expires_at.is_none(),
        KeyView::NoRateLimit => is_active && key.fields.rate_limit_override.is_none(),
        KeyView::Disabled => is_active && key.disabled.is_some(),
        KeyView::Expired => false,
        KeyView::Revoked => key.revoked.is_some(),
    }
}

pub fn sorted(mut keys: Vec<Key>, sort: KeySort) -> Vec<Key> {
    let value = |key: &Key| {
        let number = |text: String| text.parse::<i64>().unwrap();
        match sort.column {
            SortColumn::Name => (0, model::text::fold(key.fields.name.as_str())),
            SortColumn::Environment => (0, key.fields.environment.to_string()),
            column => (number(KeyCursor::of(key, column).value), String::new()),
        }
    };
    keys.sort_by(|a, b| (value(a), &a.key_id).cmp(&(value(b), &b.key_id)));
    if sort.descending {
        keys.reverse();
    }
    keys
}

pub fn ids(keys: &[Key]) -> Vec<&str> {
    keys.iter().map(|key| key.key_id.as_str()).collect()
}

/// Reads a list to its end in both directions, and compares it with the expected keys.
pub async fn walk(
    store: &Store,
    home: &TestOrganization,
    filter: &KeyFilter,
    sort: KeySort,
    size: u32,
    expected: &[Key],
) {
    let context = format!("{filter:?} {sort:?}");
    for is_forward in [true, false] {
        let mut seen: Vec<Vec<Key>> = Vec::new();
        let mut place = if is_forward { Place::First } else { Place::Last };
        loop {
            let query = KeyQuery { filter: filter.clone(), sort, place, size: PageSize::new(size) };
            let page = page(store, home, &query).await;
            let rows: Vec<_> = page.rows.into_iter().map(|row| row.key).collect();
            assert!(rows.len() <= size as usize, "{context}");
            let (goes_on, came_from) = if is_forward {
                (page.has_next, page.has_previous)
            } else {
                (page.has_previous, page.has_next)
            };
            assert_eq!(came_from, !seen.is_empty(), "{context}");
            let edge = if is_forward { rows.last() } else { rows.first() };
            let cursor = edge.map(|key| KeyCursor::of(key, sort.column));
            seen.push(rows);
            match cursor.filter(|_| goes_on) {
                Some(cursor) if is_forward => place = Place::After(cursor),
                Some(cursor) => place = Place::Before(cursor),
                None => break,
            }
        }
        if !is_forward {
            seen.reverse();
        }
        assert_eq!(ids(&seen.concat()), ids(expected), "{context} forward: {is_forward}");
    }
}

pub fn sorts() -> impl Iterator<Item = KeySort> {
    SortColumn::ALL
        .iter()
        .flat_map(|column| [false, true].map(|descending| KeySort { column: *column, descending }))
}

async fn pages_contain_every_key_once_in_order(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = home.another(&db.store).await;
    let all = various(&home, &other, 60);
    insert_all(&db.store, &all).await;
    for view in KeyView::ALL {
        let expected: Vec<_> = all.iter().filter(|key| is_in(key, *view)).cloned().collect();
        let filter = KeyFilter { view: *view, ..KeyFilter::default() };
        for sort in sorts() {
            walk(&db.store, &home, &filter, sort, 7, &sorted(expected.clone(), sort)).await;
        }
        let page = page(&db.store, &home, &KeyQuery { filter, ..KeyQuery::default() }).await;
        assert_eq!(page.found, Count { number: expected.len() as u64, or_more: false }, "{view}");
        assert_eq!(page.totals.of(*view), page.found);
        assert!(page.rows.iter().all(|row| all.contains(&row.key)));
    }
}

async fn filtered_pages_contain_every_key_once_in_order(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = home.another(&db.store).await;
    let all = various(&home, &other, 60);
    insert_all(&db.store, &all).await;
    let (owner, permission) = (Some(KeyOwner::from(other.user.user_id.clone())), Some(Permission::Write));
    let (test, team) = (Environment::parse("test").ok(), member("team", "2"));
    for view in [KeyView::All, KeyView::Active, KeyView::Unused, KeyView::NeverExpires, KeyView::Revoked] {
        for (owner, permission, search, environment, metadata) in [
            (owner.clone(), None, "", None, vec![]),
            (None, permission, "", None, vec![]),
            (None, None, "alpha", None, vec![]),
            (None, None, "", test, vec![]),
            (None, None, "", None, vec![team.clone()]),
            (owner.clone(), permission, "Alpha", None, vec![]),
            (owner.clone(), None, "alpha", test, vec![team.clone(), member("tier", "gold")]),
        ] {
            let matches = |key: &&Key| {
                is_in(key, view)
                    && owner.as_ref().is_none_or(|owner| key.owner == *owner)
                    && permission
                        .is_none_or(|permission| key.fields.permissions.strongest() == Some(permission))
                    && environment.is_none_or(|environment| key.fields.environment == environment)
                    && (metadata.is_empty() || key.fields.metadata.members()["team"] == 2)
                    && model::text::fold(key.fields.name.as_str()).starts_with(&search.to_lowercase())
            };
            let expected: Vec<_> = all.iter().filter(matches).cloned().collect();
            let filter = KeyFilter {
                view,
                owner: owner.clone(),
                permission,
                search: search.to_owned(),
                environment,
                metadata: metadata.clone(),
                ..KeyFilter::default()
            };
            for sort in sorts() {
                walk(&db.store, &home, &filter, sort, 3, &sorted(expected.clone(), sort)).await;
            }
            let found = page(&db.store, &home, &KeyQuery { filter, ..KeyQuery::default() }).await.found;
            assert_eq!(found, Count { number: expected.len() as u64, or_more: false });
        }
    }
}

async fn many_matches_are_listed_and_counted_up_to_a_thousand(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = home.another(&db.store).await;
    let all: Vec<_> = (0..10_200)
        .map(|n| {
            let owner = if n % 10_200 < 10_100 { &other } else { &home };
            Key { created_at: at(n % 50), ..key(owner) }
                .with(|fields| fields.permissions = Permissions::from_bits(8))
        })
        .collect();
    insert_all(&db.store, &all).await;
    let thousand = Count { number: 1000, or_more: true };
    let owner = Some(KeyOwner::from(other.user.user_id.clone()));
    for (filter, expected) in [
        (KeyFilter { search: "key".into(), ..KeyFilter::default() }, thousand),
        (KeyFilter { permission: Some(Permission::Admin), ..KeyFilter::default() }, thousand),
        (KeyFilter { owner: owner.clone(), ..KeyFilter::default() }, thousand),
        (
            KeyFilter {
                owner,
                search: "key".into(),
                permission: Some(Permission::Admin),
                ..KeyFilter::default()
            },
            thousand,
        ),
        (
            KeyFilter { view: KeyView::NoRateLimit, ..KeyFilter::default() },
            Count { number: 10_200, or_more: false },
        ),
        (
            KeyFilter {
                owner: Some(home.user.user_id.clone().into()),
                search: "key".into(),
                ..KeyFilter::default()
            },
            Count { number: 100, or_more: false },
        ),
    ] {
        let sort = KeySort { column: SortColumn::Created, descending: true };
        let matching = all.iter().filter(|key| filter.owner.as_ref().is_none_or(|owner| key.owner == *owner));
        let expected_rows = sorted(matching.cloned().collect(), sort);
        let query = KeyQuery { filter, sort, ..KeyQuery::default() };
        let first = page(&db.store, &home, &query).await;
        assert_eq!(first.found, expected, "{query:?}");
        let rows: Vec<_> = first.rows.into_iter().map(|row| row.key).collect();
        assert_eq!(ids(&rows), ids(&expected_rows[..50]), "{query:?}");
        let query = KeyQuery { place: Place::After(KeyCursor::of(&rows[49], sort.column)), ..query };
        let second = page(&db.store, &home, &query).await;
        let rows: Vec<_> = second.rows.into_iter().map(|row| row.key).collect();
        assert_eq!(ids(&rows), ids(&expected_rows[50..100]), "{query:?}");
        assert!(second.has_previous);
    }
}

async fn rare_matches_among_many_keys_are_found_and_counted(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let other = home.another(&db.store).await;
    let all: Vec<_> = (0..20_203)
        .map(|n| match n {
            0..10_100 => key(&other).with(|fields| fields.permissions = Permissions::from_bits(8)),
            10_100..20_200 => key(&home),
            _ => Key { created_at: at(-n), ..key(&other) },
        })
        .collect();
    insert_all(&db.store, &all).await;
    // More than ten thousand keys meet each of the two conditions, and three meet both.
    let filter = KeyFilter {
        owner: Some(other.user.user_id.clone().into()),
        permission: Some(Permission::Read),
        ..KeyFilter::default()
    };
    let query = KeyQuery { filter, ..KeyQuery::default() };
    let whole = page(&db.store, &home, &query).await;
    assert_eq!((whole.rows.len(), whole.found), (3, Count { number: 3, or_more: false }));
    let part = page(&db.store, &home, &KeyQuery { size: PageSize::new(2), ..query }).await;
    assert_eq!((part.rows.len(), part.has_next, part.found.or_more), (2, true, true));
    assert!((2..=3).contains(&part.found.number), "{:?}", part.found);
}

async fn a_page_without_matches_is_empty(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let empty = page(&db.store, &home, &KeyQuery::default()).await;
    assert_eq!(empty, KeyPage::default());
    insert_all(&db.store, &[key(&home)]).await;
    for search in ["no such", "\0", "%", "_", "\u{10FFFF}"] {
        let filter = KeyFilter { search: search.into(), ..KeyFilter::default() };
        let page = page(&db.store, &home, &KeyQuery { filter, ..KeyQuery::default() }).await;
        assert_eq!((page.rows.len(), page.found), (0, Count::default()), "{search:?}");
    }
}

async fn a_page_finds_its_neighbors_after_changes(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let all: Vec<_> = (0..5).map(|n| Key { created_at: at(n), ..key(&home) }).collect();
    insert_all(&db.store, &all).await;
    let sort = KeySort { column: SortColumn::Created, descending: false };
    let query = |place| KeyQuery { sort, place, size: PageSize::new(2), ..KeyQuery::default() };
    let cursor = |n: usize| KeyCursor::of(&all[n], SortColumn::Created);
    // The row of the cursor and the rows before it have disappeared from the view.
    for key in &all[..2] {
        crate::support::change(&db.store, &revoked(key.clone())).await;
    }
    let found = page(&db.store, &home, &query(Place::After(cursor(1)))).await;
    assert_eq!((found.rows.len(), found.has_previous, found.has_next), (2, false, true));
    let found = page(&db.store, &home, &query(Place::Before(cursor(2)))).await;
    assert_eq!((found.rows.len(), found.has_previous, found.has_next), (0, false, true));
    let found = page(&db.store, &home, &query(Place::After(cursor(4)))).await;
    assert_eq!((found.rows.len(), found.has_previous, found.has_next), (0, true, false));
    // A cursor of another order, as in an edited URL, is ignored, and the list starts with its first page.
    let strange = KeyCursor { value: "no number".into(), key_id: all[4].key_id.clone() };
    let found = page(&db.store, &home, &query(Place::After(strange))).await;
    assert_eq!((found.rows.len(), found.has_previous, found.has_next), (2, false, true));
}

async fn rows_come_with_owner_and_earlier_secrets(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let one = Key { rotated_at: Some(at(-1)), ..key(&home) };
    let one = crate::support::insert(&db.store, one).await;
    crate::support::insert(&db.store, key(&home)).await;
    let mut tx = db.store.begin().await.unwrap();
    for end in [10, 30, 20] {
        let hash = crate::support::hex();
        keys::keep_earlier_secret(&mut tx, &one.key_id, &hash, "sk_live_ab", at(end)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let found = page(&db.store, &home, &KeyQuery::default()).await;
    for row in found.rows {
        assert_eq!(
            (row.owner_email.as_str(), &row.owner_name),
            (home.user.email.as_str(), &home.user.user_name)
        );
        let ends: Vec<_> = row.grace_periods.iter().map(|grace| grace.valid_until).collect();
        let expected = if row.key.key_id == one.key_id { vec![at(30), at(20), at(10)] } else { vec![] };
        assert_eq!(ends, expected);
    }
}

async fn foreign_keys_never_appear(db: TestDatabase) {
    let (home, foreign) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    insert_all(&db.store, &various(&foreign, &foreign, 30)).await;
    let theirs = crate::support::insert(&db.store, key(&foreign)).await;
    for view in KeyView::ALL {
        for filter in [
            KeyFilter::default(),
            KeyFilter { owner: Some(foreign.user.user_id.clone().into()), ..KeyFilter::default() },
            KeyFilter { search: theirs.key_id.as_str().into(), ..KeyFilter::default() },
            KeyFilter { search: theirs.fields.name.as_str().into(), ..KeyFilter::default() },
            KeyFilter { search: foreign.user.email.as_str().into(), ..KeyFilter::default() },
            KeyFilter { permission: Some(Permission::Read), ..KeyFilter::default() },
            KeyFilter {
                permission: Some(Permission::Read),
                owner: Some(foreign.user.user_id.clone().into()),
                ..KeyFilter::default()
            },
        ] {
            for place in
                [Place::First, Place::Last, Place::After(KeyCursor::of(&theirs, SortColumn::Created))]
            {
                let filter = KeyFilter { view: *view, ..filter.clone() };
                let query = KeyQuery { filter, place, ..KeyQuery::default() };
                assert_eq!(page(&db.store, &home, &query).await, KeyPage::default(), "{query:?}");
            }
        }
    }
}
