//! Tests concurrent changes of service accounts.

use std::sync::Arc;

use model::key::{Precondition, RotateDraft};
use tokio::task::JoinSet;

use super::{account, by_id, named};
use crate::testing::TestBed;
use crate::tests::on_both;
use crate::{Error, Owner};

on_both! {
    async fn disabling_misses_no_key(bed: TestBed) {
        let org = Arc::new(bed.organization("Acme").await);
        for round in 0..3 {
            let service_account = bed.service_account(&org, &format!("robot {round}"), &[]).await;
            let mut tasks = JoinSet::new();
            for number in 0..8 {
                let (service, org, service_account) = (bed.service.clone(), org.clone(), service_account.clone());
                let new = named(&format!("k{number}")).check(bed.clock.now()).unwrap();
                tasks.spawn(async move {
                    let owner = Owner::ServiceAccount(service_account.service_account_id);
                    service.create_key(&org.caller, &owner, new).await
                });
            }
            bed.service.disable_service_account(&org.caller, &service_account.service_account_id).await.unwrap();
            for made in tasks.join_all().await {
                match made {
                    Ok(made) => assert!(!bed.accepts(&made.secret).await),
                    Err(error) => assert!(matches!(error, Error::Invalid(_)), "{error:?}"),
                }
            }
        }
    }

    async fn only_one_of_two_simultaneous_creates_or_disablings_succeeds(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (one, two) = tokio::join!(
            bed.service.create_service_account(&org.caller, account("same", &[])),
            bed.service.create_service_account(&org.caller, account("same", &[])),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let lost = one.as_ref().err().or(two.as_ref().err());
        assert!(matches!(lost, Some(Error::AlreadyExists(_))), "{lost:?}");
        let id = one.or(two).unwrap().service_account_id;
        let (one, two) = tokio::join!(
            bed.service.disable_service_account(&org.caller, &id),
            bed.service.disable_service_account(&org.caller, &id),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert!(matches!(one.err().or(two.err()), Some(Error::NotFound(_))));
    }

    async fn only_one_of_two_changes_of_one_state_succeeds(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let (key, seen) = (by_id(&made), Precondition::seen(&made.key.key_id, Some(made.key.version)));
        let describe = |text: &str| {
            let draft = model::key::KeyPatchDraft { description: Some(text.into()), ..Default::default() };
            draft.check(bed.clock.now()).unwrap()
        };
        let (one, two) = tokio::join!(
            bed.service.update_key(&org.caller, &key, describe("one"), &seen),
            bed.service.update_key(&org.caller, &key, describe("two"), &seen),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert!(matches!(one.err().or(two.err()), Some(Error::Stale)));
        let rotation = RotateDraft::default().check().unwrap();
        let rotated = bed.service.rotate_key(&org.caller, &key, rotation, &seen).await;
        assert!(matches!(rotated, Err(Error::Stale)));
        assert!(matches!(bed.service.revoke_key(&org.caller, &key, String::new(), &seen).await, Err(Error::Stale)));
        assert!(bed.accepts(&made.secret).await);
    }
}
