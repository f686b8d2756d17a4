//! Tests of one-time tokens.

use store::one_time_tokens::{self, OneTimeToken, Purpose};
use store::testing::TestDatabase;
use tokio::task::JoinSet;

use crate::support::{TestOrganization, at, hash};

on_both!(
    only_one_of_ten_simultaneous_uses_of_a_link_succeeds,
    a_link_is_valid_for_its_purpose_until_it_ends,
    links_are_deleted_after_setup_and_with_the_member,
    a_password_reset_link_is_deleted_only_for_its_address,
);

fn invitation(home: &TestOrganization) -> OneTimeToken {
    OneTimeToken {
        purpose: Purpose::Invitation,
        user_id: Some(home.user.user_id.clone()),
        email_folded: None,
        created_at: at(0),
        expires_at: at(10),
    }
}

fn setup() -> OneTimeToken {
    OneTimeToken {
        purpose: Purpose::Setup,
        user_id: None,
        email_folded: None,
        created_at: at(0),
        expires_at: at(10),
    }
}

async fn only_one_of_ten_simultaneous_uses_of_a_link_succeeds(db: TestDatabase) {
    let (link, token) = (setup(), hash());
    let mut tx = db.store.begin().await.unwrap();
    one_time_tokens::insert(&mut tx, &link, &token).await.unwrap();
    tx.commit().await.unwrap();
    let mut callers = JoinSet::new();
    for _ in 0..10 {
        let store = db.store.clone();
        callers.spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let link = one_time_tokens::consume(&mut tx, &token, Purpose::Setup, at(1)).await.unwrap();
            tx.commit().await.unwrap();
            link
        });
    }
    let given: Vec<_> = callers.join_all().await.into_iter().flatten().collect();
    assert_eq!(given, [link]);
}

async fn a_link_is_valid_for_its_purpose_until_it_ends(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let (link, token) = (invitation(&home), hash());
    let mut tx = db.store.begin().await.unwrap();
    one_time_tokens::insert(&mut tx, &link, &token).await.unwrap();
    for (token, purpose, now, is_found) in [
        (token, Purpose::Invitation, at(9), true),
        (token, Purpose::Invitation, at(10), false),
        (token, Purpose::Setup, at(1), false),
        (hash(), Purpose::Invitation, at(1), false),
    ] {
        assert_eq!(one_time_tokens::find(&mut tx, &token, purpose, now).await.unwrap().is_some(), is_found);
        if !is_found {
            assert_eq!(one_time_tokens::consume(&mut tx, &token, purpose, now).await.unwrap(), None);
        }
    }
    assert_eq!(
        one_time_tokens::consume(&mut tx, &token, Purpose::Invitation, at(1)).await.unwrap(),
        Some(link)
    );
    assert_eq!(one_time_tokens::find(&mut tx, &token, Purpose::Invitation, at(1)).await.unwrap(), None);
}

async fn links_are_deleted_after_setup_and_with_the_member(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let (first, second) = (hash(), hash());
    let mut tx = db.store.begin().await.unwrap();
    one_time_tokens::insert(&mut tx, &setup(), &first).await.unwrap();
    one_time_tokens::insert(&mut tx, &invitation(&home), &second).await.unwrap();
    one_time_tokens::delete_setup(&mut tx).await.unwrap();
    assert_eq!(one_time_tokens::find(&mut tx, &first, Purpose::Setup, at(1)).await.unwrap(), None);
    assert!(one_time_tokens::find(&mut tx, &second, Purpose::Invitation, at(1)).await.unwrap().is_some());
    one_time_tokens::delete_of_user(&mut tx, &home.user.user_id).await.unwrap();
    assert_eq!(one_time_tokens::find(&mut tx, &second, Purpose::Invitation, at(1)).await.unwrap(), None);
}

async fn a_password_reset_link_is_deleted_only_for_its_address(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let reset = |email: &str| OneTimeToken {
        purpose: Purpose::Reset,
        user_id: Some(home.user.user_id.clone()),
        email_folded: Some(email.to_owned()),
        created_at: at(0),
        expires_at: at(10),
    };
    let (one, other) = (hash(), hash());
    let mut tx = db.store.begin().await.unwrap();
    one_time_tokens::insert(&mut tx, &reset("one@example.com"), &one).await.unwrap();
    one_time_tokens::insert(&mut tx, &reset("other@example.com"), &other).await.unwrap();
    // When an admin invites or removes a user, only invitations are deleted.
    one_time_tokens::delete_of_user(&mut tx, &home.user.user_id).await.unwrap();
    let found = one_time_tokens::find(&mut tx, &one, Purpose::Reset, at(1)).await.unwrap();
    assert_eq!(found, Some(reset("one@example.com")));
    one_time_tokens::delete_resets(&mut tx, "one@example.com").await.unwrap();
    assert_eq!(one_time_tokens::find(&mut tx, &one, Purpose::Reset, at(1)).await.unwrap(), None);
    assert_eq!(one_time_tokens::consume(&mut tx, &other, Purpose::Invitation, at(1)).await.unwrap(), None);
    let taken = one_time_tokens::consume(&mut tx, &other, Purpose::Reset, at(1)).await.unwrap();
    assert_eq!(taken, Some(reset("other@example.com")));
}
