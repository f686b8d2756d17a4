//! Tests that names which differ only in Unicode normalization are one name, and that names which the previous version
//! wrote keep working. What the previous version writes is written here by its own statements.

use model::gateway::{Gateway, GatewayDraft};
use model::id::GatewayId;
use model::key::{
    Key, KeyCursor, KeyFilter, KeyName, KeyOwner, KeyQuery, KeySort, KeyStatus, Place, SortColumn,
};
use model::page::PageSize;
use model::service_account::{AccountStatus, ServiceAccount, ServiceAccountFilter};
use store::names::{self, NamedTable};
use store::testing::TestDatabase;
use store::{Error, Store, gateways, keys, search_terms, service_accounts};
use tokio::task::JoinSet;

use crate::page::page;
use crate::support::{
    TestOrganization, at, change, insert, named, number, revoked, scattered, service_account, stored,
};

const COMPOSED: &str = "caf\u{e9}";
const DECOMPOSED: &str = "cafe\u{301}";

on_both!(
    either_spelling_takes_the_name_and_is_given_back_as_sent,
    only_one_of_ten_inserts_of_a_name_in_two_spellings_succeeds,
    a_key_is_found_by_either_spelling_and_by_no_other_name,
    a_key_can_take_another_spelling_of_its_name,
    of_keys_in_two_spellings_only_the_newest_comes_back,
    every_spelling_of_a_name_filters_and_searches_the_list,
    names_of_the_previous_version_are_normalized,
    names_that_clashed_before_keep_working,
    a_rename_by_the_previous_version_counts,
    the_order_by_name_holds_after_a_change_by_the_previous_version,
    accounts_and_gateways_of_the_previous_version_are_normalized,
    accounts_and_gateways_that_clashed_before_keep_working,
    an_account_that_is_renamed_while_names_are_normalized_is_found_by_its_new_name,
);

fn gateway(home: &TestOrganization, name: &str) -> Gateway {
    let draft = GatewayDraft { name: Some(name.into()), ..GatewayDraft::default() };
    let id = GatewayId::from_random(&scattered(number()));
    draft.check().unwrap().into_gateway(id, home.id().clone(), None, at(0))
}

fn account(home: &TestOrganization, name: &str) -> ServiceAccount {
    ServiceAccount { name: name.into(), ..service_account(&home.organization) }
}

async fn found(store: &Store, home: &TestOrganization, name: &str) -> Option<Key> {
    let owner: KeyOwner = home.user.user_id.clone().into();
    let name = KeyName::parse(name).unwrap();
    keys::find_named(&mut store.read().await.unwrap(), &owner, &name, at(0)).await.unwrap()
}

async fn insert_key(store: &Store, key: &Key) -> store::Result<()> {
    let mut tx = store.begin().await?;
    keys::insert(&mut tx, key).await?;
    tx.commit().await
}

async fn insert_account(store: &Store, account: &ServiceAccount) -> store::Result<()> {
    let mut tx = store.begin().await?;
    service_accounts::insert(&mut tx, account).await?;
    tx.commit().await
}

async fn insert_gateway(store: &Store, gateway: &Gateway) -> store::Result<()> {
    let mut tx = store.begin().await?;
    gateways::insert(&mut tx, gateway).await?;
    tx.commit().await
}

/// Goes through the names as the background task does. Returns how many are left.
async fn normalize(store: &Store) -> usize {
    let mut left = 0;
    for table in NamedTable::ALL {
        for (id, name) in names::unnormalized(&mut store.read().await.unwrap(), table, "", 100).await.unwrap()
        {
            let mut tx = store.begin().await.unwrap();
            if model::text::normalized(&name) == name {
                names::mark_normalized(&mut tx, table, &[(id, name)]).await.unwrap();
            } else {
                names::normalize(&mut tx, table, &id, &name).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        left += names::unnormalized(&mut store.read().await.unwrap(), table, "", 100).await.unwrap().len();
    }
    left
}

async fn listed(db: &TestDatabase, home: &TestOrganization, filter: KeyFilter) -> Vec<Key> {
    let page = page(&db.store, home, &KeyQuery { filter, ..KeyQuery::default() }).await;
    assert_eq!(page.found.number, page.rows.len() as u64);
    page.rows.into_iter().map(|row| row.key).collect()
}

async fn by_name(db: &TestDatabase, home: &TestOrganization, name: &str) -> Vec<Key> {
    listed(db, home, KeyFilter { name: KeyName::parse(name).ok(), ..KeyFilter::default() }).await
}

async fn by_search(db: &TestDatabase, home: &TestOrganization, search: &str) -> Vec<Key> {
    listed(db, home, KeyFilter { search: search.into(), ..KeyFilter::default() }).await
}

async fn either_spelling_takes_the_name_and_is_given_back_as_sent(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let service_account = home.service_account(&db.store).await;
    // The Kelvin sign is the letter K, and `각` has two halves.
    for (one, other) in [
        (COMPOSED, DECOMPOSED),
        ("g\u{301}\u{323}", "g\u{323}\u{301}"),
        ("K", "\u{212A}"),
        ("각", "가\u{11A8}"),
    ] {
        for (first, second) in [(one, other), (other, one)] {
            let home = home.another(&db.store).await;
            let owners: [KeyOwner; 2] =
                [home.user.user_id.clone().into(), service_account.service_account_id.clone().into()];
            for owner in owners {
                let key = Key { owner: owner.clone(), ..named(&home, first) };
                insert_key(&db.store, &key).await.unwrap();
                assert_eq!(stored(&db.store, &key).await, key);
                let again = Key { owner, ..named(&home, second) };
                let refused = insert_key(&db.store, &again).await;
                assert!(matches!(refused, Err(Error::Taken("key_name"))), "{first:?} {second:?}");
                change(&db.store, &revoked(key)).await;
                insert_key(&db.store, &again).await.unwrap();
                change(&db.store, &revoked(again)).await;
            }
        }
    }
    let taken = account(&home, DECOMPOSED);
    insert_account(&db.store, &taken).await.unwrap();
    let refused = insert_account(&db.store, &account(&home, COMPOSED)).await;
    assert!(matches!(refused, Err(Error::Taken("service_account_name"))));
    let mut reader = db.store.read().await.unwrap();
    let id = &taken.service_account_id;
    assert_eq!(service_accounts::find(&mut reader, home.id(), id).await.unwrap().as_ref(), Some(&taken));
    let names = service_accounts::names(&mut reader, std::slice::from_ref(id)).await.unwrap();
    assert_eq!(names, [(id.clone(), DECOMPOSED.to_owned())]);
    drop(reader);
    let taken = gateway(&home, DECOMPOSED);
    insert_gateway(&db.store, &taken).await.unwrap();
    let refused = insert_gateway(&db.store, &gateway(&home, COMPOSED)).await;
    assert!(matches!(refused, Err(Error::Taken("gateway_name"))));
    let mut reader = db.store.read().await.unwrap();
    assert_eq!(gateways::list(&mut reader, home.id()).await.unwrap(), [taken]);
}

async fn only_one_of_ten_inserts_of_a_name_in_two_spellings_succeeds(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut callers = JoinSet::new();
    for n in 0..10 {
        let (store, key) = (db.store.clone(), named(&home, [COMPOSED, DECOMPOSED][n % 2]));
        callers.spawn(async move { insert_key(&store, &key).await });
    }
    let outcomes = callers.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Err(Error::Taken("key_name")))).count(), 9);
}

async fn a_key_is_found_by_either_spelling_and_by_no_other_name(db: TestDatabase) {
    for spelling in [COMPOSED, DECOMPOSED] {
        let home = TestOrganization::new(&db.store).await;
        let key = insert(&db.store, named(&home, spelling)).await;
        for name in [COMPOSED, DECOMPOSED] {
            assert_eq!(found(&db.store, &home, name).await.as_ref(), Some(&key), "{name:?}");
        }
        for name in ["cafe", "Café", "café ", "caf\u{e8}"] {
            assert_eq!(found(&db.store, &home, name).await, None, "{name:?}");
        }
        let ids = std::slice::from_ref(&key.key_id);
        let names = keys::names(&mut db.store.read().await.unwrap(), home.id(), ids).await.unwrap();
        assert_eq!(names, [(key.key_id.clone(), spelling.to_owned())]);
        let mut secrets = Vec::new();
        keys::each_secret(&db.store, |some| secrets.extend(some)).await.unwrap();
        let secret = secrets.iter().find(|secret| secret.key_id == key.key_id.as_str()).unwrap();
        assert_eq!(secret.name, spelling);
    }
}

async fn a_key_can_take_another_spelling_of_its_name(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut key = insert(&db.store, named(&home, COMPOSED)).await;
    for name in [DECOMPOSED, COMPOSED, "cafe", DECOMPOSED] {
        let renamed = key.with(|fields| fields.name = KeyName::parse(name).unwrap());
        key = change(&db.store, &renamed).await;
        assert_eq!(key.fields.name, renamed.fields.name);
        assert_eq!(found(&db.store, &home, name).await.as_ref(), Some(&key));
    }
    let other = insert(&db.store, named(&home, "other")).await;
    let mut tx = db.store.begin().await.unwrap();
    let other = other.with(|fields| fields.name = KeyName::parse(COMPOSED).unwrap());
    assert!(matches!(keys::update(&mut tx, &other, at(0)).await, Err(Error::Taken("key_name"))));
}

/// When the clock is set back, a key that was stored as expired is valid again, unless its name went to another key.
async fn of_keys_in_two_spellings_only_the_newest_comes_back(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let sweep = async |seconds| {
        let mut tx = db.store.begin().await.unwrap();
        keys::sweep_due(&mut tx, at(seconds), 10).await.unwrap();
        tx.commit().await.unwrap();
    };
    let old =
        insert(&db.store, named(&home, DECOMPOSED).with(|fields| fields.expires_at = Some(at(10)))).await;
    sweep(20).await;
    let new = insert(&db.store, named(&home, COMPOSED)).await;
    sweep(5).await;
    assert!(stored(&db.store, &old).await.ended_at.is_some());
    assert_eq!(found(&db.store, &home, DECOMPOSED).await, Some(new));
}

async fn every_spelling_of_a_name_filters_and_searches_the_list(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut keys = Vec::new();
    for spelling in [COMPOSED, DECOMPOSED] {
        let home = home.another(&db.store).await;
        keys.push(insert(&db.store, named(&home, spelling)).await.key_id);
    }
    insert(&db.store, named(&home, "cafe")).await;
    keys.sort();
    let ids = |keys: Vec<Key>| {
        let mut ids: Vec<_> = keys.into_iter().map(|key| key.key_id).collect();
        ids.sort();
        ids
    };
    for name in [COMPOSED, DECOMPOSED] {
        assert_eq!(ids(by_name(&db, &home, name).await), keys, "{name:?}");
        assert_eq!(ids(by_search(&db, &home, name).await), keys, "{name:?}");
        assert_eq!(ids(by_search(&db, &home, &name.to_uppercase()).await), keys, "{name:?}");
    }
    let service_account = account(&home, DECOMPOSED);
    insert_account(&db.store, &service_account).await.unwrap();
    let filter = ServiceAccountFilter { status: Some(AccountStatus::Active), search: COMPOSED.into() };
    let mut reader = db.store.read().await.unwrap();
    let page = service_accounts::list(&mut reader, home.id(), &filter, 0, 10).await.unwrap();
    assert_eq!(page.accounts, [service_account]);
}

async fn names_of_the_previous_version_are_normalized(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let [ascii, composed, decomposed, ended] = ["ci", "ключ", "x", "y"].map(|name| named(&home, name));
    let ended = revoked(ended);
    for key in [&ascii, &composed, &decomposed, &ended] {
        insert(&db.store, key.clone()).await;
    }
    db.run("UPDATE keys SET spelling = NULL, spelling_of = NULL").await;
    db.run("UPDATE keys SET name = 'cafe\u{301}', name_folded = 'cafe\u{301}' WHERE name IN ('x', 'y')")
        .await;
    assert_eq!(found(&db.store, &home, DECOMPOSED).await.unwrap().key_id, decomposed.key_id);
    assert_eq!(found(&db.store, &home, COMPOSED).await, None);
    assert_eq!(normalize(&db.store).await, 0);
    for name in [COMPOSED, DECOMPOSED] {
        let key = found(&db.store, &home, name).await.unwrap();
        assert_eq!((&key.key_id, key.fields.name.as_str(), key.version), (&decomposed.key_id, DECOMPOSED, 1));
        assert_eq!(by_search(&db, &home, name).await.first(), Some(&key));
        assert_eq!(by_name(&db, &home, name).await, [key]);
    }
    assert!(matches!(insert_key(&db.store, &named(&home, COMPOSED)).await, Err(Error::Taken("key_name"))));
    assert_eq!(stored(&db.store, &ended).await.fields.name.as_str(), DECOMPOSED);
    for key in [ascii, composed] {
        assert_eq!(stored(&db.store, &key).await, key);
    }
}

async fn names_that_clashed_before_keep_working(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let composed = insert(&db.store, named(&home, COMPOSED)).await;
    let decomposed = insert(&db.store, named(&home, "x")).await;
    db.run("UPDATE keys SET spelling = NULL, spelling_of = NULL").await;
    db.run("UPDATE keys SET name = 'cafe\u{301}', name_folded = 'cafe\u{301}' WHERE name = 'x'").await;
    let id_of = async |name| found(&db.store, &home, name).await.map(|key| key.key_id);
    for left in [2, 1, 1] {
        if left == 1 {
            assert_eq!(normalize(&db.store).await, 1);
        }
        assert_eq!(id_of(COMPOSED).await.as_ref(), Some(&composed.key_id));
        assert_eq!(id_of(DECOMPOSED).await.as_ref(), Some(&decomposed.key_id));
        let second = stored(&db.store, &decomposed).await;
        let changed = change(&db.store, &second.with(|fields| fields.description = format!("{left}"))).await;
        assert_eq!(changed.fields.name.as_str(), DECOMPOSED);
    }
    for name in [COMPOSED, DECOMPOSED] {
        assert_eq!(by_search(&db, &home, name).await.len(), 2);
        assert!(matches!(insert_key(&db.store, &named(&home, name)).await, Err(Error::Taken("key_name"))));
    }
    // The name is normalized as soon as the other key no longer has it.
    change(&db.store, &revoked(composed)).await;
    assert_eq!(normalize(&db.store).await, 0);
    for name in [COMPOSED, DECOMPOSED] {
        assert_eq!(id_of(name).await.as_ref(), Some(&decomposed.key_id));
    }
}

async fn a_rename_by_the_previous_version_counts(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = insert(&db.store, named(&home, DECOMPOSED)).await;
    for (sql, name) in [
        ("UPDATE keys SET name = 'plain'", "plain"),
        ("UPDATE keys SET name = 'E\u{301}t\u{e9}'", "E\u{301}t\u{e9}"),
    ] {
        db.run(sql).await;
        assert_eq!(stored(&db.store, &key).await.fields.name.as_str(), name);
        assert_eq!(found(&db.store, &home, COMPOSED).await, None);
        assert_eq!(found(&db.store, &home, name).await.unwrap().key_id, key.key_id);
        assert_eq!(normalize(&db.store).await, 0);
        assert_eq!(stored(&db.store, &key).await.fields.name.as_str(), name);
    }
    assert_eq!(found(&db.store, &home, "\u{c9}t\u{e9}").await.unwrap().key_id, key.key_id);
    assert_eq!(stored(&db.store, &key).await.status(at(0)), KeyStatus::Active);
}

async fn the_order_by_name_holds_after_a_change_by_the_previous_version(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let expected = [DECOMPOSED, "caff", "cafz"];
    for name in expected {
        insert(&db.store, named(&home, name)).await;
    }
    // It sorts by the normalized name, and its search texts have no number of rules.
    db.run("UPDATE keys SET name_folded = name, search_text = substr(search_text, 2)").await;
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(search_terms::renew(&mut tx, 10).await.unwrap(), 3);
    tx.commit().await.unwrap();
    let sort = KeySort { column: SortColumn::Name, descending: false };
    let mut query = KeyQuery { sort, size: PageSize::new(1), ..KeyQuery::default() };
    let mut names = Vec::new();
    for _ in expected {
        let row = page(&db.store, &home, &query).await.rows.remove(0);
        query.place = Place::After(KeyCursor::of(&row.key, SortColumn::Name));
        names.push(String::from(row.key.fields.name));
    }
    assert_eq!(names, expected);
}

async fn accounts_and_gateways_of_the_previous_version_are_normalized(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let (service_account, way) = (account(&home, "x"), gateway(&home, "x"));
    insert_account(&db.store, &service_account).await.unwrap();
    insert_gateway(&db.store, &way).await.unwrap();
    db.run("UPDATE service_accounts SET name = 'cafe\u{301}'").await;
    db.run("UPDATE gateways SET name = 'cafe\u{301}'").await;
    assert_eq!(normalize(&db.store).await, 0);
    let mut reader = db.store.read().await.unwrap();
    let service_account = service_accounts::find(&mut reader, home.id(), &service_account.service_account_id)
        .await
        .unwrap()
        .unwrap();
    let way = gateways::find(&mut reader, home.id(), &way.gateway_id).await.unwrap().unwrap();
    assert_eq!((service_account.name.as_str(), way.name.as_str()), (DECOMPOSED, DECOMPOSED));
    let filter = ServiceAccountFilter { search: COMPOSED.into(), ..ServiceAccountFilter::default() };
    let page = service_accounts::list(&mut reader, home.id(), &filter, 0, 10).await.unwrap();
    assert_eq!(page.accounts, [service_account]);
    drop(reader);
    let refused = insert_account(&db.store, &account(&home, COMPOSED)).await;
    assert!(matches!(refused, Err(Error::Taken("service_account_name"))));
    let refused = insert_gateway(&db.store, &gateway(&home, COMPOSED)).await;
    assert!(matches!(refused, Err(Error::Taken("gateway_name"))));
}

async fn accounts_and_gateways_that_clashed_before_keep_working(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let [service_account, ended] = [account(&home, "x"), account(&home, "y")];
    let way = gateway(&home, "x");
    for account in [&account(&home, COMPOSED), &service_account, &ended] {
        insert_account(&db.store, account).await.unwrap();
    }
    insert_gateway(&db.store, &gateway(&home, COMPOSED)).await.unwrap();
    insert_gateway(&db.store, &way).await.unwrap();
    db.run("UPDATE service_accounts SET disabled_at = 1 WHERE name = 'y'").await;
    db.run("UPDATE service_accounts SET name = 'cafe\u{301}' WHERE name IN ('x', 'y')").await;
    db.run("UPDATE gateways SET name = 'cafe\u{301}' WHERE name = 'x'").await;
    assert_eq!(normalize(&db.store).await, 2);
    let renamed =
        ServiceAccount { name: DECOMPOSED.into(), description: "changed".into(), ..service_account };
    let way = Gateway { name: DECOMPOSED.into(), hide_key: false, ..way };
    let mut tx = db.store.begin().await.unwrap();
    service_accounts::update(&mut tx, &renamed).await.unwrap();
    gateways::update(&mut tx, &way).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = db.store.read().await.unwrap();
    let id = &renamed.service_account_id;
    assert_eq!(service_accounts::find(&mut reader, home.id(), id).await.unwrap().as_ref(), Some(&renamed));
    assert_eq!(gateways::find(&mut reader, home.id(), &way.gateway_id).await.unwrap(), Some(way));
}

async fn an_account_that_is_renamed_while_names_are_normalized_is_found_by_its_new_name(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let account = account(&home, "x");
    insert_account(&db.store, &account).await.unwrap();
    db.run("UPDATE service_accounts SET name = 'cafe\u{301}'").await;
    let table = NamedTable::ServiceAccounts;
    let mut reader = db.store.read().await.unwrap();
    let read = names::unnormalized(&mut reader, table, "", 10).await.unwrap();
    drop(reader);
    let [(id, name)] = read.as_slice() else { panic!("{read:?}") };
    let renamed = ServiceAccount { name: "other".into(), ..account };
    let mut tx = db.store.begin().await.unwrap();
    service_accounts::update(&mut tx, &renamed).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.store.begin().await.unwrap();
    names::normalize(&mut tx, table, id, name).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = db.store.read().await.unwrap();
    for (search, expected) in [("other", vec![renamed]), (COMPOSED, vec![])] {
        let filter = ServiceAccountFilter { search: search.into(), ..ServiceAccountFilter::default() };
        let page = service_accounts::list(&mut reader, home.id(), &filter, 0, 10).await.unwrap();
        assert_eq!(page.accounts, expected, "{search}");
    }
}
