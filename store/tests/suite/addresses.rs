//! Tests that e-mail addresses which differ only in Unicode normalization are one address, and that addresses which the
//! previous version stored keep working. What the previous version writes is written here by its own statements.

use model::email::Email;
use model::user::User;
use store::accounts::Account;
use store::addresses::{self, AddressTable};
use store::testing::TestDatabase;
use store::{Error, accounts, users};

use crate::support::{TestOrganization, account, user};

const COMPOSED: &str = "zo\u{eb}@example.com";
const DECOMPOSED: &str = "zoe\u{308}@example.com";

on_both!(
    either_spelling_takes_the_address_and_finds_it,
    addresses_of_the_previous_version_are_normalized,
    addresses_that_clashed_before_keep_working,
);

async fn add_user(db: &TestDatabase, home: &TestOrganization, email: &str) -> store::Result<User> {
    let added = User { email: Email::parse(email).unwrap(), ..user(&home.organization) };
    let mut tx = db.store.begin().await?;
    users::insert(&mut tx, &added, None).await?;
    tx.commit().await?;
    Ok(added)
}

async fn add_account(db: &TestDatabase, email: &str, is_proven: bool) -> store::Result<Account> {
    let added = Account { email: Email::parse(email).unwrap(), is_proven, ..account() };
    let mut tx = db.store.begin().await?;
    accounts::insert(&mut tx, &added).await?;
    tx.commit().await?;
    Ok(added)
}

/// The ids of the user and the accounts that an address finds.
async fn found(db: &TestDatabase, home: &TestOrganization, email: &str) -> Vec<String> {
    let mut db = db.store.read().await.unwrap();
    let user = users::find_by_email(&mut db, home.id(), email).await.unwrap();
    assert_eq!(users::find_everywhere(&mut db, email).await.unwrap(), Vec::from_iter(user.clone()));
    let accounts = accounts::find_by_email(&mut db, email).await.unwrap();
    let accounts = accounts.into_iter().map(|account| account.account_id.to_string());
    user.map(|user| user.user_id.to_string()).into_iter().chain(accounts).collect()
}

fn ids(user: &User, accounts: &[&Account]) -> Vec<String> {
    let accounts = accounts.iter().map(|account| account.account_id.to_string());
    std::iter::once(user.user_id.to_string()).chain(accounts).collect()
}

/// Gives everything with the address `x@example.com` the decomposed address, as the previous version stored it.
async fn decompose(db: &TestDatabase) {
    for sql in [
        "UPDATE users SET email = 'zoe\u{308}@example.com', email_folded = 'zoe\u{308}@example.com' \
         WHERE email = 'x@example.com'",
        "UPDATE accounts SET email = 'zoe\u{308}@example.com', email_folded = 'zoe\u{308}@example.com' \
         WHERE email = 'x@example.com'",
    ] {
        db.run(sql).await;
    }
}

/// Normalizes all addresses. Returns the number of those that are not normalized afterwards.
async fn normalize(db: &TestDatabase) -> usize {
    let mut left = 0;
    for table in AddressTable::ALL {
        for row in addresses::not_ascii(&mut db.store.read().await.unwrap(), table, "", 10).await.unwrap() {
            let mut tx = db.store.begin().await.unwrap();
            addresses::normalize(&mut tx, table, &row).await.unwrap();
            tx.commit().await.unwrap();
        }
        let after = addresses::not_ascii(&mut db.store.read().await.unwrap(), table, "", 10).await.unwrap();
        left += after.iter().filter(|row| !row.is_normalized()).count();
    }
    left
}

async fn either_spelling_takes_the_address_and_finds_it(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let (user, account) =
        (add_user(&db, &home, DECOMPOSED).await.unwrap(), add_account(&db, DECOMPOSED, true).await.unwrap());
    for email in [COMPOSED, DECOMPOSED, "ZO\u{cb}@example.com", "ZOE\u{308}@EXAMPLE.COM"] {
        assert_eq!(found(&db, &home, email).await, ids(&user, &[&account]), "{email}");
        assert!(matches!(add_user(&db, &home, email).await, Err(Error::Taken("user_email"))));
        assert!(matches!(add_account(&db, email, true).await, Err(Error::Taken("account_email"))));
    }
    assert_eq!(found(&db, &home, "zoe@example.com").await, [""; 0]);
    let stored = users::find(&mut db.store.read().await.unwrap(), home.id(), &user.user_id).await.unwrap();
    assert_eq!(stored.unwrap().email.as_str(), DECOMPOSED);
}

async fn addresses_of_the_previous_version_are_normalized(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let user = add_user(&db, &home, "x@example.com").await.unwrap();
    let proven = add_account(&db, "x@example.com", true).await.unwrap();
    let provisional = add_account(&db, "x@example.com", false).await.unwrap();
    decompose(&db).await;
    let all = ids(&user, &[&proven, &provisional]);
    assert_eq!(found(&db, &home, DECOMPOSED).await, all);
    assert_eq!(normalize(&db).await, 0);
    for email in [COMPOSED, DECOMPOSED] {
        assert_eq!(found(&db, &home, email).await, all);
    }
}

async fn addresses_that_clashed_before_keep_working(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let first = add_user(&db, &home, COMPOSED).await.unwrap();
    let of_first = add_account(&db, COMPOSED, true).await.unwrap();
    let second = add_user(&db, &home, "x@example.com").await.unwrap();
    let of_second = add_account(&db, "x@example.com", true).await.unwrap();
    decompose(&db).await;
    assert_eq!(normalize(&db).await, 2);
    let mut tx = db.store.begin().await.unwrap();
    let second = users::find(&mut tx, home.id(), &second.user_id).await.unwrap().unwrap();
    users::update(&mut tx, &User { user_name: "Zoe".into(), ..second.clone() }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(found(&db, &home, COMPOSED).await, ids(&first, &[&of_first]));
    assert_eq!(found(&db, &home, DECOMPOSED).await, ids(&second, &[&of_second, &of_first]));
}
