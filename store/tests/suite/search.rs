//! Tests of the search for keys.

use model::email::Email;
use model::key::{Key, KeyFilter, KeyName, KeyQuery, KeyView};
use model::user::User;
use store::testing::TestDatabase;
use store::users;

use crate::page::page;
use crate::support::{TestOrganization, change, insert, named, revoked, user};

on_both!(
    a_key_is_found_by_word_starts_id_prefix_and_owner,
    a_search_reflects_renames_and_ends,
    a_search_treats_special_characters_literally,
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
