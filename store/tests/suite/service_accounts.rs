//! Tests of service accounts and their keys.

use model::key::{Key, KeyFilter, KeyOwner, KeyQuery, KeyView, Place};
use model::page::PageSize;
use model::service_account::{
    AccountStatus, ServiceAccount, ServiceAccountFilter, ServiceAccountPermissions,
};
use store::keys::{self, CredentialOwner};
use store::testing::TestDatabase;
use store::{Error, Store, service_accounts};

use crate::support::{
    TestOrganization, at, hex_bytes, insert, insert_all, key, list_of_user, named, revoked, service_account,
};

on_both!(
    an_account_is_found_as_it_was_stored,
    a_name_is_taken_only_among_active_accounts,
    accounts_are_listed_oldest_first,
    a_foreign_account_is_not_found,
    only_an_active_service_account_can_be_locked,
    a_key_has_exactly_one_owner_of_its_own_organization,
    a_name_is_unique_for_each_owner,
    a_secret_is_found_with_its_service_account,
    keys_of_a_service_account_are_listed_searched_and_counted,
    the_list_can_be_filtered_by_name_end_and_use,
    rows_can_be_skipped,
    the_counted_keys_of_a_service_account_match_the_lists,
);

async fn store_account(store: &Store, account: &ServiceAccount) {
    let mut tx = store.begin().await.unwrap();
    service_accounts::insert(&mut tx, account).await.unwrap();
    tx.commit().await.unwrap();
}

fn owned_by(account: &ServiceAccount, key: Key) -> Key {
    Key { owner: account.service_account_id.clone().into(), ..key }
}

async fn an_account_is_found_as_it_was_stored(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let words = vec!["apikey:read".to_owned(), "org:read".to_owned()];
    let account = ServiceAccount {
        description: "ships the site".into(),
        permissions: ServiceAccountPermissions::try_from(words).unwrap(),
        created_by: Some(home.user.user_id.clone().into()),
        ..service_account(&home.organization)
    };
    store_account(&db.store, &account).await;
    let id = &account.service_account_id;
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(service_accounts::find(&mut tx, home.id(), id).await.unwrap(), Some(account.clone()));
    let changed = ServiceAccount {
        name: "Another".into(),
        description: String::new(),
        permissions: ServiceAccountPermissions::default(),
        updated_at: at(5),
        disabled_at: Some(at(5)),
        ..account.clone()
    };
    service_accounts::update(&mut tx, &changed).await.unwrap();
    assert_eq!(service_accounts::find(&mut tx, home.id(), id).await.unwrap(), Some(changed));
    assert_eq!(
        service_accounts::names(&mut tx, std::slice::from_ref(id)).await.unwrap(),
        [(id.clone(), "Another".to_owned())]
    );
    assert_eq!(service_accounts::names(&mut tx, &[]).await.unwrap(), []);
}

async fn a_name_is_taken_only_among_active_accounts(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let first = home.service_account(&db.store).await;
    let second = ServiceAccount { name: first.name.clone(), ..service_account(&home.organization) };
    let mut tx = db.store.begin().await.unwrap();
    let taken = service_accounts::insert(&mut tx, &second).await;
    assert!(matches!(taken, Err(Error::Taken("service_account_name"))), "{taken:?}");
    drop(tx);
    let mut tx = db.store.begin().await.unwrap();
    let ended = ServiceAccount { disabled_at: Some(at(1)), ..first.clone() };
    service_accounts::update(&mut tx, &ended).await.unwrap();
    service_accounts::insert(&mut tx, &second).await.unwrap();
    tx.commit().await.unwrap();
    let other = TestOrganization::new(&db.store).await;
    store_account(&db.store, &ServiceAccount { name: first.name, ..service_account(&other.organization) })
        .await;
}

async fn accounts_are_listed_oldest_first(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    TestOrganization::new(&db.store).await.service_account(&db.store).await;
    let mut all: Vec<_> = (0..5)
        .map(|n| ServiceAccount {
            name: format!("{} {n}", ["ci", "deploy bot"][n % 2]),
            created_at: at(i64::try_from(n).unwrap() / 2),
            disabled_at: (n == 3).then(|| at(9)),
            ..service_account(&home.organization)
        })
        .collect();
    for account in &all {
        store_account(&db.store, account).await;
    }
    all.sort_by(|a, b| (a.created_at, &a.service_account_id).cmp(&(b.created_at, &b.service_account_id)));
    let mut reader = db.store.read().await.unwrap();
    let mut list = async |status, search: &str, skip, limit| {
        let filter = ServiceAccountFilter { status, search: search.to_owned() };
        let page = service_accounts::list(&mut reader, home.id(), &filter, skip, limit).await.unwrap();
        (page.accounts, page.total)
    };
    assert_eq!(list(None, "", 0, 10).await, (all.clone(), 5));
    assert_eq!(list(None, "", 2, 2).await, (all[2..4].to_vec(), 5));
    assert_eq!(list(None, "", 9, 2).await, (Vec::new(), 5));
    assert_eq!(list(Some(AccountStatus::Disabled), "", 0, 10).await.1, 1);
    assert_eq!(list(Some(AccountStatus::Active), "BOT", 0, 10).await.1, 1);
    assert_eq!(list(None, "bot", 0, 10).await.1, 2);
    assert_eq!(list(None, "a\0b", 0, 10).await.1, 0);
}

async fn a_foreign_account_is_not_found(db: TestDatabase) {
    let (home, foreign) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let theirs = foreign.service_account(&db.store).await;
    let id = &theirs.service_account_id;
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(service_accounts::find(&mut tx, home.id(), id).await.unwrap(), None);
    assert!(!service_accounts::lock_active(&mut tx, home.id(), id).await.unwrap());
}

async fn only_an_active_service_account_can_be_locked(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let account = home.service_account(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    assert!(service_accounts::lock_active(&mut tx, home.id(), &account.service_account_id).await.unwrap());
    let ended = ServiceAccount { disabled_at: Some(at(1)), ..account };
    service_accounts::update(&mut tx, &ended).await.unwrap();
    assert!(!service_accounts::lock_active(&mut tx, home.id(), &ended.service_account_id).await.unwrap());
}

async fn a_key_has_exactly_one_owner_of_its_own_organization(db: TestDatabase) {
    let (home, foreign) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let (ours, theirs) = (home.service_account(&db.store).await, foreign.service_account(&db.store).await);
    let made = insert(&db.store, owned_by(&ours, key(&home))).await;
    let mut tx = db.store.begin().await.unwrap();
    let smuggled = keys::insert(&mut tx, &owned_by(&theirs, key(&home))).await;
    assert!(matches!(&smuggled, Err(error @ Error::Database(_)) if error.is_about_value()), "{smuggled:?}");
    drop(tx);
    for sql in [
        "UPDATE keys SET service_account_id = NULL WHERE service_account_id IS NOT NULL RETURNING key_id",
        "UPDATE keys SET user_id = (SELECT u.user_id FROM users u WHERE u.organization_id = keys.organization_id) \
         RETURNING key_id",
    ] {
        assert!(refuses(&db, sql).await, "{sql}");
    }
    assert_eq!(crate::support::stored(&db.store, &made).await, made);
}

/// Whether the database itself refuses a statement because of the constraint `keys_one_owner`.
async fn refuses(db: &TestDatabase, sql: &'static str) -> bool {
    let error = if let store::Target::Postgres(url) = &db.target {
        let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(url.as_str()).await.unwrap();
        sqlx::query(sql).execute(&mut conn).await.map(|_| ()).unwrap_err()
    } else {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(db.path());
        let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::query(sql).execute(&mut conn).await.map(|_| ()).unwrap_err()
    };
    let text = store::causes(&error).to_string();
    assert!(!text.contains("Failing row"), "{text}");
    text.contains("keys_one_owner")
}

async fn a_name_is_unique_for_each_owner(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let (one, two) = (home.service_account(&db.store).await, home.service_account(&db.store).await);
    let first = insert(&db.store, owned_by(&one, named(&home, "ci"))).await;
    let of_user = insert(&db.store, named(&home, "ci")).await;
    insert(&db.store, owned_by(&two, named(&home, "ci"))).await;
    let mut tx = db.store.begin().await.unwrap();
    let again = keys::insert(&mut tx, &owned_by(&one, named(&home, "ci"))).await;
    assert!(matches!(again, Err(Error::Taken("key_name"))), "{again:?}");
    drop(tx);
    let mut tx = db.store.begin().await.unwrap();
    for key in [&first, &of_user] {
        let found = keys::find_named(&mut tx, &key.owner, &key.fields.name, at(0)).await.unwrap();
        assert_eq!(found.as_ref(), Some(key));
    }
    let ending = first.clone().with(|fields| fields.expires_at = Some(at(5)));
    assert!(keys::update(&mut tx, &ending, at(0)).await.unwrap());
    assert_eq!(keys::find_named(&mut tx, &first.owner, &first.fields.name, at(5)).await.unwrap(), None);
    assert!(keys::find_named(&mut tx, &of_user.owner, &of_user.fields.name, at(5)).await.unwrap().is_some());
    let held = keys::keys_with_name(&mut tx, &first.owner, &first.fields.name).await.unwrap();
    let ended = Key { ended_at: Some(at(5)), ..held[0].clone() };
    assert!(keys::update(&mut tx, &ended, at(5)).await.unwrap());
    keys::insert(&mut tx, &owned_by(&one, named(&home, "ci"))).await.unwrap();
    assert_eq!(keys::keys_with_name(&mut tx, &first.owner, &first.fields.name).await.unwrap().len(), 1);
    assert_eq!(list_of_user(&mut tx, &home.user.user_id, None).await, [of_user]);
}

async fn a_secret_is_found_with_its_service_account(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let account = home.service_account(&db.store).await;
    let made = insert(&db.store, owned_by(&account, key(&home))).await;
    let secret = hex_bytes(&made.key_hash);
    let mut tx = db.store.begin().await.unwrap();
    let credential_owner = |is_disabled| CredentialOwner::ServiceAccount {
        name: account.name.clone(),
        permissions: account.permissions.clone(),
        is_disabled,
    };
    let found = keys::find_by_hash(&mut tx, &secret).await.unwrap().unwrap();
    assert_eq!((&found.key, found.owner), (&made, credential_owner(false)));
    let ended = ServiceAccount { disabled_at: Some(at(1)), ..account.clone() };
    service_accounts::update(&mut tx, &ended).await.unwrap();
    let found = keys::find_by_hash(&mut tx, &secret).await.unwrap().unwrap();
    assert_eq!(found.owner, credential_owner(true));
}

async fn names_of(store: &Store, home: &TestOrganization, query: KeyQuery) -> Vec<String> {
    let page = keys::page(&mut store.read().await.unwrap(), home.id(), &query, at(0)).await.unwrap();
    page.rows.into_iter().map(|row| String::from(row.key.fields.name)).collect()
}

fn with(filter: KeyFilter) -> KeyQuery {
    let sort = model::key::KeySort { column: model::key::SortColumn::Name, descending: false };
    KeyQuery { filter, sort, ..KeyQuery::default() }
}

async fn keys_of_a_service_account_are_listed_searched_and_counted(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let foreign = TestOrganization::new(&db.store).await;
    let account = ServiceAccount { name: "Nightly build".into(), ..service_account(&home.organization) };
    store_account(&db.store, &account).await;
    let theirs = ServiceAccount { name: "Nightly build".into(), ..service_account(&foreign.organization) };
    store_account(&db.store, &theirs).await;
    insert_all(
        &db.store,
        &[
            owned_by(&account, named(&home, "a")),
            owned_by(&account, revoked(named(&home, "b"))),
            named(&home, "c"),
            owned_by(&theirs, named(&foreign, "d")),
        ],
    )
    .await;
    let owner = |account: &ServiceAccount| Some(KeyOwner::from(account.service_account_id.clone()));
    let of = |owner, view| with(KeyFilter { owner, view, ..KeyFilter::default() });
    assert_eq!(names_of(&db.store, &home, of(owner(&account), KeyView::Active)).await, ["a"]);
    assert_eq!(names_of(&db.store, &home, of(owner(&account), KeyView::All)).await, ["a", "b"]);
    assert_eq!(names_of(&db.store, &home, of(owner(&theirs), KeyView::All)).await, [""; 0]);
    for search in ["nightly", "BUILD", "build"] {
        let query = with(KeyFilter { search: search.into(), ..KeyFilter::default() });
        assert_eq!(names_of(&db.store, &home, query).await, ["a"], "{search}");
    }
    let narrowed = KeyFilter { search: "nightly".into(), owner: owner(&account), ..KeyFilter::default() };
    assert_eq!(names_of(&db.store, &home, with(narrowed)).await, ["a"]);
    let mut reader = db.store.read().await.unwrap();
    let page = keys::page(&mut reader, home.id(), &with(KeyFilter::default()), at(0)).await.unwrap();
    let owners: Vec<_> =
        page.rows.iter().map(|row| (row.owner_name.as_str(), row.owner_email.as_str())).collect();
    assert_eq!(owners, [("Nightly build", ""), (&home.user.user_name, home.user.email.as_str())]);
    assert_eq!(page.totals.active.number, 2);
}

async fn the_list_can_be_filtered_by_name_end_and_use(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let used = |seconds| Some(model::key::LastUse { at: at(seconds), address: None, agent: None });
    insert_all(
        &db.store,
        &[
            Key { last_use: used(-10), ..named(&home, "ci") }
                .with(|fields| fields.expires_at = Some(at(100))),
            named(&home, "CI").with(|fields| fields.expires_at = Some(at(200))),
            Key { last_use: used(-20), ..named(&home, "ci two") },
        ],
    )
    .await;
    let name = |text: &str| KeyFilter { name: model::key::KeyName::parse(text).ok(), ..KeyFilter::default() };
    assert_eq!(names_of(&db.store, &home, with(name("ci"))).await, ["ci"]);
    assert_eq!(names_of(&db.store, &home, with(name("CI"))).await, ["CI"]);
    assert_eq!(names_of(&db.store, &home, with(name("c"))).await, [""; 0]);
    for (seconds, expected) in
        [(100, &[][..]), (101, &["ci"]), (201, &["CI", "ci"])].map(|(s, e)| (s, e.to_vec()))
    {
        let ending = KeyFilter { expires_before: Some(at(seconds)), ..KeyFilter::default() };
        let mut found = names_of(&db.store, &home, with(ending.clone())).await;
        found.sort();
        assert_eq!(found, expected);
        let sort = model::key::KeySort { column: model::key::SortColumn::Expires, descending: true };
        assert_eq!(names_of(&db.store, &home, KeyQuery { sort, ..with(ending.clone()) }).await, expected);
        let mut reader = db.store.read().await.unwrap();
        let page =
            keys::page(&mut reader, home.id(), &KeyQuery { sort, ..with(ending) }, at(0)).await.unwrap();
        assert_eq!(page.found.number, expected.len() as u64);
    }
    for (seconds, expected) in
        [(-20, vec!["CI"]), (-19, vec!["CI", "ci two"]), (0, vec!["CI", "ci", "ci two"])]
    {
        let idle = KeyFilter { last_used_before: Some(at(seconds)), ..KeyFilter::default() };
        let mut found = names_of(&db.store, &home, with(idle)).await;
        found.sort();
        assert_eq!(found, expected);
    }
}

async fn rows_can_be_skipped(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let all: Vec<_> = (0..7)
        .map(|n| {
            let key = named(&home, &format!("k{n}"));
            if n % 3 == 1 { revoked(key) } else { key }
        })
        .collect();
    insert_all(&db.store, &all).await;
    for (view, expected) in [
        (KeyView::All, vec!["k0", "k1", "k2", "k3", "k4", "k5", "k6"]),
        (KeyView::Active, vec!["k0", "k2", "k3", "k5", "k6"]),
    ] {
        for search in ["", "k"] {
            for skip in 0..9_usize {
                let filter = KeyFilter { view, search: search.into(), ..KeyFilter::default() };
                let place = Place::Skip(u32::try_from(skip).unwrap());
                let query = KeyQuery { place, size: PageSize::new(2), ..with(filter) };
                let mut reader = db.store.read().await.unwrap();
                let page = keys::page(&mut reader, home.id(), &query, at(0)).await.unwrap();
                let names: Vec<_> = page.rows.iter().map(|row| row.key.fields.name.as_str()).collect();
                let rest = expected.get(skip..).unwrap_or_default();
                assert_eq!(names, rest[..rest.len().min(2)], "{view} {skip}");
                assert_eq!((page.has_previous, page.has_next), (skip > 0, rest.len() > 2), "{view} {skip}");
            }
        }
    }
}

async fn the_counted_keys_of_a_service_account_match_the_lists(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let account = home.service_account(&db.store).await;
    let one = |name, end: Option<i64>, used| {
        let last_use = Some(model::key::LastUse { at: at(used), address: None, agent: None });
        owned_by(
            &account,
            Key { last_use, ..named(&home, name) }.with(|fields| fields.expires_at = end.map(at)),
        )
    };
    let keys = [one("lasting", None, 1), one("ending", Some(10), 3), one("ended", Some(-5), 2)];
    insert_all(&db.store, &keys).await;
    let reported = async |seconds| {
        let mut db = db.store.read().await.unwrap();
        let ids = std::slice::from_ref(&account.service_account_id);
        let (_, reported) =
            keys::uses_of_service_accounts(&mut db, ids, at(seconds)).await.unwrap().remove(0);
        (reported.keys.number, reported.last_used_at)
    };
    assert_eq!(reported(-6).await, (3, Some(at(3))));
    assert_eq!(
        (reported(0).await, reported(10).await),
        ((2, Some(at(3))), (1, Some(at(1)))),
        "not noted yet"
    );
    let mut tx = db.store.begin().await.unwrap();
    keys::sweep_due(&mut tx, at(20), 10).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        (reported(20).await, reported(0).await),
        ((1, Some(at(1))), (2, Some(at(3)))),
        "by a clock that was ahead"
    );
    crate::owner_revocations::end(&db.store, &home, &account.service_account_id.clone().into()).await;
    assert_eq!((reported(20).await, reported(0).await), ((0, None), (0, None)));
}
