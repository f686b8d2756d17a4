//! Tests of service accounts: what their keys may do, and how they end.

mod ends;
mod races;
mod rights;

use model::key::{Access, CreatedKey, KeyDraft};
use model::service_account::{NewServiceAccount, ServiceAccount, ServiceAccountDraft};

use crate::testing::{Org, TestBed};
use crate::{Caller, Error, KeyRef, Owner};

const ALL: [&str; 7] = [
    "apikey:read",
    "apikey:create",
    "apikey:delete",
    "serviceaccount:read",
    "serviceaccount:create",
    "serviceaccount:update",
    "serviceaccount:delete",
];

fn account(name: &str, words: &[&str]) -> NewServiceAccount {
    let draft = ServiceAccountDraft {
        name: Some(name.into()),
        permissions: Some(words.iter().map(|&word| word.into()).collect()),
        ..ServiceAccountDraft::default()
    };
    draft.check().unwrap()
}

/// Creates a service account with a read-write key, and authenticates the key.
async fn service_account(bed: &TestBed, org: &Org, name: &str, words: &[&str]) -> (ServiceAccount, Caller) {
    let service_account = bed.service_account(org, name, words).await;
    let made = bed.service_account_key(org, &service_account, "ci", Access::ReadWrite).await;
    (service_account, bed.caller_of(&made.secret).await)
}

async fn create(
    bed: &TestBed,
    caller: &Caller,
    owner: &ServiceAccount,
    draft: KeyDraft,
) -> Result<CreatedKey, Error> {
    let new = draft.check(bed.clock.now()).unwrap();
    bed.service.create_key(caller, &Owner::ServiceAccount(owner.service_account_id.clone()), new).await
}

fn named(name: &str) -> KeyDraft {
    KeyDraft { name: Some(name.into()), ..KeyDraft::default() }
}

fn with(name: &str, permission: &str) -> KeyDraft {
    KeyDraft { permissions: Some(vec![permission.into()]), ..named(name) }
}

fn by_id(made: &CreatedKey) -> KeyRef {
    KeyRef::Id(made.key.key_id.clone())
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "it takes the result of a call directly")]
fn is_forbidden<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Forbidden(_))), "{result:?}");
}
