//! Tests of the sessions of the console.

use model::id::SessionId;
use store::sessions::{self, Session};
use store::testing::TestDatabase;
use store::{accounts, users};

use crate::support::{TestOrganization, account, at, hash, number, scattered};

on_both!(
    a_session_is_found_only_by_its_hash,
    sessions_are_listed_by_their_last_use,
    sessions_end_one_by_one_all_others_or_with_the_member,
    ended_and_idle_sessions_are_swept,
);

struct Person {
    home: TestOrganization,
    account: accounts::Account,
}

async fn person(db: &TestDatabase) -> Person {
    let home = TestOrganization::new(&db.store).await;
    let account = account();
    let mut tx = db.store.begin().await.unwrap();
    accounts::insert(&mut tx, &account).await.unwrap();
    users::link_account(&mut tx, &home.user.user_id, &account.account_id).await.unwrap();
    tx.commit().await.unwrap();
    Person { home, account }
}

impl Person {
    fn session(&self) -> Session {
        Session {
            session_id: SessionId::from_random(&scattered(number())),
            account_id: self.account.account_id.clone(),
            user_id: self.home.user.user_id.clone(),
            created_at: at(0),
            last_seen_at: at(0),
            ends_at: at(1000),
            address: Some("192.0.2.1".into()),
            agent: None,
        }
    }
}

async fn a_session_is_found_only_by_its_hash(db: TestDatabase) {
    let person = person(&db).await;
    let (session, token) = (person.session(), hash());
    let other = person.home.another(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    sessions::insert(&mut tx, &session, &token).await.unwrap();
    assert_eq!(sessions::find(&mut tx, &token).await.unwrap().as_ref(), Some(&session));
    assert_eq!(sessions::find(&mut tx, &hash()).await.unwrap(), None);
    sessions::touch(&mut tx, &session.session_id, at(7)).await.unwrap();
    sessions::touch(&mut tx, &session.session_id, at(3)).await.unwrap();
    sessions::set_user(&mut tx, &session.session_id, &other.user.user_id).await.unwrap();
    tx.commit().await.unwrap();
    let expected = Session { last_seen_at: at(7), user_id: other.user.user_id, ..session };
    assert_eq!(sessions::find(&mut db.store.read().await.unwrap(), &token).await.unwrap(), Some(expected));
}

async fn sessions_are_listed_by_their_last_use(db: TestDatabase) {
    let (one, other) = (person(&db).await, person(&db).await);
    let mut tx = db.store.begin().await.unwrap();
    for n in [2, 5, 1] {
        sessions::insert(&mut tx, &Session { last_seen_at: at(n), ..one.session() }, &hash()).await.unwrap();
    }
    sessions::insert(&mut tx, &other.session(), &hash()).await.unwrap();
    let listed = sessions::list(&mut tx, &one.account.account_id).await.unwrap();
    assert_eq!(listed.iter().map(|session| session.last_seen_at).collect::<Vec<_>>(), [at(5), at(2), at(1)]);
}

async fn sessions_end_one_by_one_all_others_or_with_the_member(db: TestDatabase) {
    let (one, other) = (person(&db).await, person(&db).await);
    let mine: Vec<_> = (0..4).map(|_| one.session()).collect();
    let theirs = other.session();
    let (account, user) = (&one.account.account_id, &one.home.user.user_id);
    let mut tx = db.store.begin().await.unwrap();
    for session in mine.iter().chain([&theirs]) {
        sessions::insert(&mut tx, session, &hash()).await.unwrap();
    }
    assert!(!sessions::delete(&mut tx, account, &theirs.session_id).await.unwrap());
    assert!(sessions::delete(&mut tx, account, &mine[0].session_id).await.unwrap());
    assert!(!sessions::delete(&mut tx, account, &mine[0].session_id).await.unwrap());
    assert_eq!(sessions::delete_others(&mut tx, account, Some(&mine[1].session_id)).await.unwrap(), 2);
    assert_eq!(sessions::list(&mut tx, account).await.unwrap(), [mine[1].clone()]);
    assert_eq!(sessions::delete_of_user(&mut tx, user).await.unwrap(), 1);
    assert_eq!(sessions::delete_others(&mut tx, &other.account.account_id, None).await.unwrap(), 1);
}

async fn ended_and_idle_sessions_are_swept(db: TestDatabase) {
    let person = person(&db).await;
    let mut tx = db.store.begin().await.unwrap();
    for (seen, ends) in [(0, 1000), (900, 950), (900, 2000), (100, 2000)] {
        let session = Session { last_seen_at: at(seen), ends_at: at(ends), ..person.session() };
        sessions::insert(&mut tx, &session, &hash()).await.unwrap();
    }
    assert_eq!(sessions::delete_ended(&mut tx, at(100), at(1000)).await.unwrap(), 3);
    let left = sessions::list(&mut tx, &person.account.account_id).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].last_seen_at, left[0].ends_at), (at(900), at(2000)));
}
