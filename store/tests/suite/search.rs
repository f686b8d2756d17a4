//! Tests of the search for keys.

use model::email::Email;
use model::key::{Key, KeyFilter, KeyName, KeyQuery, KeyView};
use model::service_account::ServiceAccount;
use model::user::User;
use store::testing::TestDatabase;
use store::{Store, Target, search_terms, users};

use crate::page::page;
use crate::support::{TestOrganization, ask, at, change, insert, list_of_user, named, revoked, user};

on_both!(
    a_key_is_found_by_word_starts_id_prefix_and_owner,
    a_search_reflects_renames_and_ends,
    a_search_treats_special_characters_literally,
    words_are_found_inside_a_name,
    the_longest_names_are_found_by_their_last_word,
    terms_of_earlier_rules_are_renewed_in_batches,
    terms_that_an_earlier_version_writes_are_renewed_again,
    several_processes_can_renew_at_once,
);

async fn found(db: &TestDatabase, home: &TestOrganization, view: KeyView, search: &str) -> Vec<String> {
    let filter = KeyFilter { view, search: search.to_owned(), ..KeyFilter::default() };
    let page = page(&db.store, home, &KeyQuery { filter, ..KeyQuery::default() }).await;
    assert_eq!(page.found.number, page.rows.len() as u64);
    let mut names: Vec<_> = page.rows.iter().map(|row| row.key.fields.name.as_str().to_owned()).collect();
    names.sort();
    names
}

async fn a_key_is_found_by_word_starts_id_prefix_and_owner(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let owner = User {
        email: Email::parse("Grace.Hopper@navy.example").unwrap(),
        user_name: "Grace Hopper".into(),
        ..user(&home.organization)
    };
    let mut tx = db.store.begin().await.unwrap();
    users::insert(&mut tx, &owner, None).await.unwrap();
    tx.commit().await.unwrap();
    let grace = TestOrganization { organization: home.organization.clone(), user: owner };
    let one =
        insert(&db.store, Key { shown_prefix: "sk_live_Qz".into(), ..named(&home, "CI deploy/Prod-eu") })
            .await;
    insert(&db.store, named(&grace, "compiler")).await;
    let (ci, compiler) = (vec!["CI deploy/Prod-eu"], vec!["compiler"]);
    let id = one.key_id.as_str();
    for (search, expected) in [
        ("ci", &ci),
        ("  CI DEPLOY ", &ci),
        ("deploy/prod", &ci),
        ("prod", &ci),
        ("eu", &ci),
        (id, &ci),
        (&id[..12], &ci),
        (id.trim_start_matches("key_"), &ci),
        ("sk_live_qz", &ci),
        ("hopper", &compiler),
        ("grace h", &compiler),
        ("grace.hopper@navy", &compiler),
        ("navy", &compiler),
        ("COMP", &compiler),
        ("ploy", &vec![]),
        ("prod eu", &vec![]),
    ] {
        assert_eq!(found(&db, &home, KeyView::Active, search).await, **expected, "{search:?}");
    }
}

async fn a_search_reflects_renames_and_ends(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let key = insert(&db.store, named(&home, "before")).await;
    let key = change(&db.store, &key.with(|fields| fields.name = KeyName::parse("after").unwrap())).await;
    assert_eq!(found(&db, &home, KeyView::Active, "before").await, [""; 0]);
    assert_eq!(found(&db, &home, KeyView::Active, "after").await, ["after"]);
    let key = change(&db.store, &revoked(key)).await;
    assert_eq!(found(&db, &home, KeyView::Active, "after").await, [""; 0]);
    for view in [KeyView::Revoked, KeyView::All] {
        assert_eq!(found(&db, &home, view, "after").await, ["after"]);
        assert_eq!(found(&db, &home, view, key.key_id.as_str()).await, ["after"]);
    }
    let renamed = User { user_name: "Somebody Else".into(), ..home.user.clone() };
    let mut tx = db.store.begin().await.unwrap();
    users::update(&mut tx, &renamed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&db, &home, KeyView::All, "else").await, ["after"]);
    assert_eq!(found(&db, &home, KeyView::All, &home.user.user_name).await, [""; 0]);
}

async fn a_search_treats_special_characters_literally(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    for name in ["100%", "a_b", "axb", "back\\slash", "Straße", "ключ", "👩‍💻 laptop", "' OR 1=1 --"]
    {
        insert(&db.store, named(&home, name)).await;
    }
    for (search, expected) in [
        ("100%", vec!["100%"]),
        ("%", vec![]),
        ("a_", vec!["a_b"]),
        ("back\\", vec!["back\\slash"]),
        ("STRASS", vec![]),
        ("straß", vec!["Straße"]),
        ("КЛ", vec!["ключ"]),
        ("👩", vec!["👩‍💻 laptop"]),
        ("lap", vec!["👩‍💻 laptop"]),
        ("' or", vec!["' OR 1=1 --"]),
        ("\u{1F}", vec![]),
    ] {
        assert_eq!(found(&db, &home, KeyView::Active, search).await, expected, "{search:?}");
    }
}

async fn words_are_found_inside_a_name(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let numbers = "one two three four five six seven eight nine ten eleven";
    for name in ["deploy(prod)", "[ci]build", "支払API本番", "サーバー管理", "คีย์ลับ", numbers, "café au lait"]
    {
        insert(&db.store, named(&home, name)).await;
    }
    for (search, expected) in [
        ("prod", "deploy(prod)"),
        ("(PROD)", "deploy(prod)"),
        ("build", "[ci]build"),
        ("ci", "[ci]build"),
        ("本番", "支払API本番"),
        ("api本", "支払API本番"),
        ("ＡＰＩ", "支払API本番"),
        ("払", "支払API本番"),
        ("管理", "サーバー管理"),
        ("ｻｰﾊﾞｰ", "サーバー管理"),
        ("ลับ", "คีย์ลับ"),
        ("ten", numbers),
        ("eleven", numbers),
        ("cafe\u{301} au", "café au lait"),
    ] {
        assert_eq!(found(&db, &home, KeyView::Active, search).await, [expected], "{search:?}");
    }
    for search in ["rod", "本番A", "leven", ")", "uild"] {
        assert_eq!(found(&db, &home, KeyView::Active, search).await, [""; 0], "{search:?}");
    }
}

/// A name has at most a hundred words.
async fn the_longest_names_are_found_by_their_last_word(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let longest: String = ('\u{4E00}'..).take(99).chain(['番']).collect();
    let expanding = "\u{FDFA}".repeat(100);
    for name in [&longest, &expanding] {
        insert(&db.store, named(&home, name)).await;
    }
    assert_eq!(found(&db, &home, KeyView::Active, "番").await, [longest.as_str()]);
    assert_eq!(found(&db, &home, KeyView::Active, &longest).await, [longest.as_str()]);
    assert_eq!(found(&db, &home, KeyView::Active, "صلى").await, [expanding.as_str()]);
    let (number,): (i64,) =
        ask(&db, "SELECT count(*) FROM key_terms WHERE term >= '\u{4E00}' AND term < '\u{A000}'").await;
    assert_eq!(number, 100);
}

/// Removes the terms that earlier rules did not make.
async fn make_outdated(db: &TestDatabase) {
    let sql = if matches!(db.target, Target::Postgres(_)) {
        "UPDATE keys SET search_text = replace(substr(search_text, 2), chr(31) || 'prod)', '')"
    } else {
        "UPDATE keys SET search_text = replace(substr(search_text, 2), char(31) || 'prod)', '')"
    };
    db.run(sql).await;
    db.run("DELETE FROM key_terms WHERE term = 'prod)'").await;
    db.run("DELETE FROM user_terms WHERE term = 'ops)'").await;
    db.run("UPDATE users SET terms_at = 0").await;
    db.run("DELETE FROM service_account_terms WHERE term = 'bots)'").await;
    db.run("UPDATE service_accounts SET terms_at = 0").await;
}

async fn is_outdated(store: &Store) -> bool {
    search_terms::any_outdated(&mut store.read().await.unwrap()).await.unwrap()
}

async fn renew(store: &Store, limit: u32) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let renewed = search_terms::renew(&mut tx, limit).await.unwrap();
    tx.commit().await.unwrap();
    renewed
}

/// An organization with keys, a user and a service account whose last word the earlier rules do not find.
async fn bracketed(db: &TestDatabase) -> TestOrganization {
    let home = TestOrganization::new(&db.store).await;
    let owner = User { user_name: "Ada(ops)".into(), ..home.user.clone() };
    let account = home.service_account(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    users::update(&mut tx, &owner).await.unwrap();
    let account = ServiceAccount { name: "account(bots)".into(), ..account };
    store::service_accounts::update(&mut tx, &account).await.unwrap();
    tx.commit().await.unwrap();
    let of_account = Key { owner: account.service_account_id.into(), ..named(&home, "of account") };
    insert(&db.store, of_account).await;
    for name in ["a(prod)", "b(prod)", "c(prod)"] {
        insert(&db.store, named(&home, name)).await;
    }
    home
}

async fn terms_of_earlier_rules_are_renewed_in_batches(db: TestDatabase) {
    let home = bracketed(&db).await;
    let all = ["a(prod)", "b(prod)", "c(prod)"];
    assert!(!is_outdated(&db.store).await);
    make_outdated(&db).await;
    assert!(is_outdated(&db.store).await);
    for search in ["prod", "ops", "bots"] {
        assert_eq!(found(&db, &home, KeyView::Active, search).await, [""; 0], "{search}");
    }
    let versions = "SELECT max(version) FROM keys";
    let before: (i64,) = ask(&db, versions).await;
    // If a process ends in the middle of a batch, nothing is changed.
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(search_terms::renew(&mut tx, 2).await.unwrap(), 4);
    drop(tx);
    let mut batches = 0;
    while is_outdated(&db.store).await {
        assert!(renew(&db.store, 1).await > 0);
        batches += 1;
    }
    assert_eq!((batches, renew(&db.store, 100).await), (4, 0));
    assert_eq!(found(&db, &home, KeyView::Active, "prod").await, all);
    assert_eq!(found(&db, &home, KeyView::Active, "ops").await, all);
    assert_eq!(found(&db, &home, KeyView::Active, "bots").await, ["of account"]);
    // Nothing else has changed, so a client's version of a key is still valid.
    assert_eq!(ask::<(i64,)>(&db, versions).await, before);
}

async fn terms_that_an_earlier_version_writes_are_renewed_again(db: TestDatabase) {
    let home = bracketed(&db).await;
    make_outdated(&db).await;
    renew(&db.store, 100).await;
    // The earlier version renames the user and does not know the column `terms_at`.
    db.run("UPDATE users SET user_name = 'Ada(crew)', updated_at = updated_at + 1").await;
    assert!(is_outdated(&db.store).await);
    renew(&db.store, 100).await;
    assert_eq!(found(&db, &home, KeyView::Active, "crew").await.len(), 3);
    assert_eq!(found(&db, &home, KeyView::Active, "ops").await, [""; 0]);
    // Keys that this version changes or revokes before the renewal have no outdated terms left.
    make_outdated(&db).await;
    let mut page = list_of_user(&mut db.store.read().await.unwrap(), &home.user.user_id, None).await;
    let ended = change(&db.store, &revoked(page.pop().unwrap())).await;
    assert_eq!(found(&db, &home, KeyView::Revoked, "prod").await, [ended.fields.name.as_str()]);
    let late = page.pop().unwrap().with(|fields| fields.expires_at = Some(at(-1)));
    let late = change(&db.store, &late).await;
    while renew(&db.store, 100).await > 0 {}
    assert_eq!(found(&db, &home, KeyView::Expired, "prod").await, [late.fields.name.as_str()]);
    assert_eq!(found(&db, &home, KeyView::All, "prod").await.len(), 3);
    // A removed user's keys are still found by the user's name.
    make_outdated(&db).await;
    let mut tx = db.store.begin().await.unwrap();
    users::remove(&mut tx, &home.user.user_id, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    renew(&db.store, 100).await;
    assert_eq!(found(&db, &home, KeyView::All, "crew").await.len(), 3);
    let mut tx = db.store.begin().await.unwrap();
    users::remove(&mut tx, &home.user.user_id, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!is_outdated(&db.store).await);
}

async fn several_processes_can_renew_at_once(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    for number in 0..40 {
        insert(&db.store, named(&home, &format!("{number}(prod)"))).await;
    }
    make_outdated(&db).await;
    let other = db.open_again().await;
    let work = async |store: &Store| {
        while is_outdated(store).await {
            renew(store, 3).await;
        }
    };
    tokio::join!(work(&db.store), work(&other), work(&db.store));
    assert_eq!(found(&db, &home, KeyView::Active, "prod").await.len(), 40);
}
