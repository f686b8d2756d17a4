//! Tests of organizations, users and accounts.

use model::email::Email;
use model::id::AccountId;
use model::organization::Organization;
use model::user::{Role, User, UserFilter, UserStatus};
use store::testing::TestDatabase;
use store::{Error, accounts, organizations, users};
use tokio::task::JoinSet;

use crate::support::{TestOrganization, account, at, organization, user};

on_both!(
    an_organization_is_stored_with_all_fields,
    a_member_is_stored_with_all_fields_and_found_by_id_and_address,
    an_address_belongs_to_one_member_until_they_are_removed,
    only_the_name_of_a_removed_member_is_found,
    members_are_listed_oldest_first_and_can_be_filtered,
    only_active_admins_count,
    an_inactive_member_cannot_be_locked,
    active_memberships_are_sorted_by_organization_name,
    all_users_are_listed_part_by_part_in_one_order,
    an_account_is_stored_with_all_fields_and_a_proven_address_is_unique,
    simultaneous_failures_are_counted_up_to_their_limit,
    a_password_of_one_account_counts_as_a_guess_at_the_others,
    the_proven_account_of_an_address_comes_first_and_absorbs_the_others,
    an_account_without_users_is_deleted_unless_it_is_proven,
    text_that_no_database_can_store_is_not_found,
);

async fn an_organization_is_stored_with_all_fields(db: TestDatabase) {
    let first = organization();
    let id = first.organization_id.clone();
    let mut tx = db.store.begin().await.unwrap();
    assert!(!organizations::any(&mut tx).await.unwrap());
    organizations::insert(&mut tx, &first).await.unwrap();
    assert_eq!(organizations::find(&mut tx, &id).await.unwrap().as_ref(), Some(&first));
    let mut metadata = serde_json::Map::new();
    metadata.insert("a\0b".into(), serde_json::json!({"nested": [1, "ü", null]}));
    let changed = Organization {
        name: "Renamed".into(),
        logo_url: Some("https://example.com/l.png".into()),
        billing_email: Some("b@example.com".into()),
        metadata,
        updated_at: at(9),
        ..first
    };
    organizations::update(&mut tx, &changed).await.unwrap();
    organizations::lock(&mut tx, &id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(organizations::find(&mut db.store.read().await.unwrap(), &id).await.unwrap(), Some(changed));
}

async fn a_member_is_stored_with_all_fields_and_found_by_id_and_address(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let foreign = TestOrganization::new(&db.store).await;
    let account = account();
    let made = User { email: Email::parse("Ada@Example.com").unwrap(), ..user(&home.organization) };
    let changed = User {
        user_name: "Ada L.".into(),
        avatar_url: Some("https://example.com/a.png".into()),
        role: Role::Admin,
        updated_at: at(5),
        ..made.clone()
    };
    let mut tx = db.store.begin().await.unwrap();
    users::insert(&mut tx, &made, None).await.unwrap();
    accounts::insert(&mut tx, &account).await.unwrap();
    users::update(&mut tx, &changed).await.unwrap();
    users::link_account(&mut tx, &changed.user_id, &account.account_id).await.unwrap();
    tx.commit().await.unwrap();
    let expected = User { can_sign_in: true, ..changed };
    let id = &expected.user_id;
    let mut db = db.store.read().await.unwrap();
    let found = users::find(&mut db, home.id(), id).await.unwrap().unwrap();
    assert_eq!((found.email.as_str(), &found), ("Ada@Example.com", &expected));
    let found = users::find_by_email(&mut db, home.id(), "ada@example.com").await.unwrap();
    assert_eq!(found.as_ref(), Some(&expected));
    assert_eq!(
        users::find_everywhere(&mut db, "ada@example.com").await.unwrap(),
        std::slice::from_ref(&expected)
    );
    assert_eq!(users::account_of(&mut db, id).await.unwrap(), Some(account.account_id));
    assert_eq!(users::account_of(&mut db, &foreign.user.user_id).await.unwrap(), None);
    assert_eq!(users::find(&mut db, foreign.id(), id).await.unwrap(), None);
    assert_eq!(users::find_by_email(&mut db, foreign.id(), "ada@example.com").await.unwrap(), None);
}

async fn an_address_belongs_to_one_member_until_they_are_removed(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let foreign = TestOrganization::new(&db.store).await;
    let email = Email::parse(&home.user.email.as_str().to_uppercase()).unwrap();
    let again = User { email: email.clone(), ..user(&home.organization) };
    let mut tx = db.store.begin().await.unwrap();
    assert!(matches!(users::insert(&mut tx, &again, None).await, Err(Error::Taken("user_email"))));
    drop(tx);
    let elsewhere = User { email, ..user(&foreign.organization) };
    let mut tx = db.store.begin().await.unwrap();
    users::insert(&mut tx, &elsewhere, None).await.unwrap();
    users::remove(&mut tx, &home.user.user_id, at(1)).await.unwrap();
    users::insert(&mut tx, &again, None).await.unwrap();
    tx.commit().await.unwrap();
}

async fn only_the_name_of_a_removed_member_is_found(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let id = &home.user.user_id;
    let mut tx = db.store.begin().await.unwrap();
    users::remove(&mut tx, id, at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut db = db.store.read().await.unwrap();
    let folded = home.user.email.folded();
    assert_eq!(users::find(&mut db, home.id(), id).await.unwrap(), None);
    assert_eq!(users::find_by_email(&mut db, home.id(), &folded).await.unwrap(), None);
    assert_eq!(users::find_everywhere(&mut db, &folded).await.unwrap(), []);
    assert_eq!(users::list(&mut db, home.id(), &UserFilter::default(), 0, 10).await.unwrap().total, 0);
    let names = users::names(&mut db, std::slice::from_ref(id)).await.unwrap();
    assert_eq!(names, [(id.clone(), home.user.email.as_str().to_owned(), home.user.user_name.clone())]);
    assert_eq!(users::names(&mut db, &[]).await.unwrap(), []);
}

async fn members_are_listed_oldest_first_and_can_be_filtered(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    TestOrganization::new(&db.store).await;
    let mut all = vec![home.user.clone()];
    let mut tx = db.store.begin().await.unwrap();
    for n in 0..9 {
        let role = if n % 3 == 0 { Role::Admin } else { Role::Viewer };
        let status = if n % 2 == 0 { UserStatus::Active } else { UserStatus::Pending };
        // Some have the same time, and are then sorted by id.
        let new = User {
            role,
            status,
            user_name: format!("Person-{n} Ünal"),
            created_at: at(i64::from(n / 3)),
            ..user(&home.organization)
        };
        users::insert(&mut tx, &new, None).await.unwrap();
        all.push(new);
    }
    tx.commit().await.unwrap();
    all.sort_by(|a, b| (a.created_at, &a.user_id).cmp(&(b.created_at, &b.user_id)));
    let mut db = db.store.read().await.unwrap();
    let mut seen = Vec::new();
    for skip in [0, 4, 8, 12] {
        let page = users::list(&mut db, home.id(), &UserFilter::default(), skip, 4).await.unwrap();
        assert_eq!(page.total, 10);
        seen.extend(page.users);
    }
    assert_eq!(seen, all);
    for (filter, expected) in [
        (UserFilter { role: Some(Role::Admin), ..UserFilter::default() }, 3),
        (UserFilter { status: Some(UserStatus::Pending), ..UserFilter::default() }, 4),
        (UserFilter { search: "üna".into(), ..UserFilter::default() }, 9),
        (UserFilter { search: "PERSON-4".into(), ..UserFilter::default() }, 1),
        (UserFilter { search: home.user.email.as_str().into(), ..UserFilter::default() }, 1),
        (UserFilter { search: "nal".into(), ..UserFilter::default() }, 0),
        (UserFilter { search: "%".into(), ..UserFilter::default() }, 0),
        (UserFilter { search: "\0".into(), ..UserFilter::default() }, 0),
    ] {
        let page = users::list(&mut db, home.id(), &filter, 0, 100).await.unwrap();
        assert_eq!((page.total, page.users.len() as u64), (expected, expected), "{filter:?}");
    }
    assert_eq!(users::list(&mut db, home.id(), &UserFilter::default(), u64::MAX, 4).await.unwrap().users, []);
}

async fn only_active_admins_count(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    for status in [UserStatus::Active, UserStatus::Active, UserStatus::Suspended, UserStatus::Pending] {
        users::insert(&mut tx, &User { role: Role::Admin, status, ..user(&home.organization) }, None)
            .await
            .unwrap();
    }
    let gone = User { role: Role::Admin, ..user(&home.organization) };
    users::insert(&mut tx, &gone, None).await.unwrap();
    assert_eq!(users::count_admins(&mut tx, home.id()).await.unwrap(), 3);
    users::remove(&mut tx, &gone.user_id, at(0)).await.unwrap();
    assert_eq!(users::count_admins(&mut tx, home.id()).await.unwrap(), 2);
}

async fn an_inactive_member_cannot_be_locked(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    assert!(users::lock_active(&mut tx, &home.user.user_id).await.unwrap());
    users::update(&mut tx, &User { status: UserStatus::Suspended, ..home.user.clone() }).await.unwrap();
    assert!(!users::lock_active(&mut tx, &home.user.user_id).await.unwrap());
    users::update(&mut tx, &home.user).await.unwrap();
    users::remove(&mut tx, &home.user.user_id, at(1)).await.unwrap();
    assert!(!users::lock_active(&mut tx, &home.user.user_id).await.unwrap());
}

async fn active_memberships_are_sorted_by_organization_name(db: TestDatabase) {
    let account = account();
    let mut tx = db.store.begin().await.unwrap();
    accounts::insert(&mut tx, &account).await.unwrap();
    for (name, status) in
        [("Zeta", UserStatus::Active), ("Alpha", UserStatus::Active), ("Beta", UserStatus::Suspended)]
    {
        let organization = Organization { name: name.into(), ..organization() };
        organizations::insert(&mut tx, &organization).await.unwrap();
        let member = User { status, ..user(&organization) };
        users::insert(&mut tx, &member, Some(&account.account_id)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut db = db.store.read().await.unwrap();
    let found = users::memberships(&mut db, &account.account_id).await.unwrap();
    let names: Vec<_> = found.iter().map(|membership| membership.organization.name.as_str()).collect();
    assert_eq!(names, ["Alpha", "Zeta"]);
    assert!(
        found.iter().all(|m| m.user.can_sign_in && m.user.organization_id == m.organization.organization_id)
    );
}

async fn all_users_are_listed_part_by_part_in_one_order(db: TestDatabase) {
    let mut expected = Vec::new();
    let mut tx = db.store.begin().await.unwrap();
    for _ in 0..3 {
        let organization = organization();
        organizations::insert(&mut tx, &organization).await.unwrap();
        for second in [0, 0, 1] {
            let member = User { created_at: at(second), ..user(&organization) };
            users::insert(&mut tx, &member, None).await.unwrap();
            expected.push(member);
        }
    }
    tx.commit().await.unwrap();
    expected.sort_by_key(|user| (user.organization_id.clone(), user.created_at, user.user_id.clone()));
    let mut db = db.store.read().await.unwrap();
    let one = expected[0].organization_id.clone();
    for organization in [None, Some(&one)] {
        let mut found: Vec<User> = Vec::new();
        loop {
            let part = users::list_memberships(&mut db, organization, found.last(), 2).await.unwrap();
            if part.is_empty() {
                break;
            }
            found.extend(part.into_iter().map(|membership| membership.user));
        }
        let all = expected.iter().filter(|user| organization.is_none_or(|id| *id == user.organization_id));
        assert_eq!(found, all.cloned().collect::<Vec<_>>());
    }
}

async fn an_account_is_stored_with_all_fields_and_a_proven_address_is_unique(db: TestDatabase) {
    let first = account();
    let mut tx = db.store.begin().await.unwrap();
    accounts::insert(&mut tx, &first).await.unwrap();
    accounts::set_password(&mut tx, &first.account_id, "new").await.unwrap();
    tx.commit().await.unwrap();
    let first = accounts::Account { password_hash: "new".into(), ..first };
    let mut reader = db.store.read().await.unwrap();
    assert_eq!(accounts::find(&mut reader, &first.account_id).await.unwrap().as_ref(), Some(&first));
    let found = accounts::find_by_email(&mut reader, &first.email.folded()).await.unwrap();
    assert_eq!(found, [first]);
    // Ten callers create a proven account for the same address at once, and only one succeeds.
    let mut callers = JoinSet::new();
    for _ in 0..10 {
        let store = db.store.clone();
        let wanted = proven("same@example.com");
        callers.spawn(async move {
            let mut tx = store.begin().await?;
            accounts::insert(&mut tx, &wanted).await?;
            tx.commit().await
        });
    }
    let outcomes = callers.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Err(Error::Taken("account_email")))).count(), 9);
}

async fn simultaneous_failures_are_counted_up_to_their_limit(db: TestDatabase) {
    let (first, other) = (account(), account());
    let mut tx = db.store.begin().await.unwrap();
    accounts::insert(&mut tx, &first).await.unwrap();
    accounts::insert(&mut tx, &other).await.unwrap();
    tx.commit().await.unwrap();
    let count = async |ids: &[AccountId]| {
        let mut tx = db.store.begin().await.unwrap();
        let are_open = accounts::count_attempt(&mut tx, ids, 5).await.unwrap();
        tx.commit().await.unwrap();
        are_open
    };
    let mut callers = JoinSet::new();
    for _ in 0..12 {
        let (store, id) = (db.store.clone(), first.account_id.clone());
        callers.spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let are_open = accounts::count_attempt(&mut tx, &[id], 5).await.unwrap();
            tx.commit().await.unwrap();
            are_open == [true]
        });
    }
    assert_eq!(callers.join_all().await.into_iter().filter(|is_open| *is_open).count(), 5);
    let both = [first.account_id.clone(), other.account_id.clone()];
    assert_eq!(count(&both).await, [false, true], "each account has its own count");
    assert!(count(&[]).await.is_empty());
    let mut tx = db.store.begin().await.unwrap();
    assert!(accounts::clear_attempts(&mut tx, &first.account_id).await.unwrap());
    assert!(!accounts::clear_attempts(&mut tx, &first.account_id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(count(&both).await, [true, true]);
    let mut tx = db.store.begin().await.unwrap();
    for may in [true, true, false] {
        assert!(accounts::count_attempt(&mut tx, &both, 5).await.unwrap()[1] || !may);
        assert_eq!(accounts::reopen(&mut tx, &other.account_id, 2).await.unwrap(), may);
        assert_eq!(
            accounts::reopen(&mut tx, &other.account_id, 2).await.unwrap(),
            may,
            "an account without failures"
        );
    }
    accounts::clear_attempts(&mut tx, &other.account_id).await.unwrap();
    accounts::count_attempt(&mut tx, &both, 5).await.unwrap();
    assert!(accounts::reopen(&mut tx, &other.account_id, 2).await.unwrap());
}

async fn a_password_of_one_account_counts_as_a_guess_at_the_others(db: TestDatabase) {
    let (one, other, elsewhere) = (provisional("a@example.com"), provisional("a@example.com"), account());
    let mut tx = db.store.begin().await.unwrap();
    for account in [&one, &other, &elsewhere] {
        accounts::insert(&mut tx, account).await.unwrap();
    }
    for _ in 0..3 {
        accounts::count_guess(&mut tx, "a@example.com", &one.account_id, 2).await.unwrap();
    }
    let ids = [one, other, elsewhere].map(|account| account.account_id);
    assert_eq!(accounts::count_attempt(&mut tx, &ids, 2).await.unwrap(), [true, false, true]);
    for id in &ids {
        accounts::undo_attempt(&mut tx, id).await.unwrap();
    }
    assert_eq!(accounts::count_attempt(&mut tx, &ids, 1).await.unwrap(), [true, false, true]);
    tx.commit().await.unwrap();
}

fn proven(email: &str) -> accounts::Account {
    accounts::Account { is_proven: true, ..provisional(email) }
}

fn provisional(email: &str) -> accounts::Account {
    accounts::Account { email: Email::parse(email).unwrap(), ..account() }
}

async fn the_proven_account_of_an_address_comes_first_and_absorbs_the_others(db: TestDatabase) {
    let [old, new] = [provisional("Two@example.com"), provisional("two@example.com")];
    let first = accounts::Account { created_at: at(5), ..proven("two@example.com") };
    let new = accounts::Account { created_at: at(2), ..new };
    let mut tx = db.store.begin().await.unwrap();
    for account in [&new, &first, &old] {
        accounts::lock_email(&mut tx, &account.email.folded()).await.unwrap();
        accounts::insert(&mut tx, account).await.unwrap();
    }
    let found = accounts::find_by_email(&mut tx, "two@example.com").await.unwrap();
    assert_eq!(found, [first.clone(), old.clone(), new.clone()]);
    let organization = organization();
    organizations::insert(&mut tx, &organization).await.unwrap();
    users::insert(&mut tx, &user(&organization), Some(&new.account_id)).await.unwrap();
    accounts::merge(&mut tx, &first.account_id, &new.account_id).await.unwrap();
    assert_eq!(users::memberships(&mut tx, &first.account_id).await.unwrap().len(), 1);
    assert_eq!(accounts::find(&mut tx, &new.account_id).await.unwrap(), None);
    tx.commit().await.unwrap();
}

async fn an_account_without_users_is_deleted_unless_it_is_proven(db: TestDatabase) {
    let (kept, left, idle) =
        (provisional("o@example.com"), provisional("o@example.com"), proven("o@example.com"));
    let organization = organization();
    let mut tx = db.store.begin().await.unwrap();
    organizations::insert(&mut tx, &organization).await.unwrap();
    for account in [&kept, &left, &idle] {
        accounts::insert(&mut tx, account).await.unwrap();
    }
    let (stays, goes) = (user(&organization), user(&organization));
    users::insert(&mut tx, &stays, Some(&kept.account_id)).await.unwrap();
    users::insert(&mut tx, &goes, Some(&left.account_id)).await.unwrap();
    users::remove(&mut tx, &goes.user_id, at(1)).await.unwrap();
    accounts::delete_orphans(&mut tx, "o@example.com").await.unwrap();
    let found = accounts::find_by_email(&mut tx, "o@example.com").await.unwrap();
    assert_eq!(found, [idle, kept]);
    tx.commit().await.unwrap();
}

async fn text_that_no_database_can_store_is_not_found(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut db = db.store.read().await.unwrap();
    assert_eq!(users::find_by_email(&mut db, home.id(), "a\0@b").await.unwrap(), None);
    assert_eq!(users::find_everywhere(&mut db, "a\0@b").await.unwrap(), []);
    assert_eq!(accounts::find_by_email(&mut db, "a\0@b").await.unwrap(), []);
}
