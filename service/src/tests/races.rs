//! Tests concurrent changes of the same thing.

use std::sync::Arc;

use model::key::{KeyDraft, KeyPatchDraft, Precondition, RotateDraft};
use tokio::task::JoinSet;

use super::on_both;
use crate::testing::TestBed;
use crate::{Error, KeyRef, Owner};

on_both! {
    async fn one_of_ten_creates_with_one_name_succeeds(bed: TestBed) {
        let org = Arc::new(bed.organization("Acme").await);
        let mut tasks = JoinSet::new();
        for _ in 0..10 {
            let (service, org) = (bed.service.clone(), org.clone());
            let draft = KeyDraft { name: Some("ci".into()), ..KeyDraft::default() };
            let new = draft.check(bed.clock.now()).unwrap();
            tasks.spawn(async move { service.create_key(&org.caller, &Owner::Id(org.admin.user_id.clone()), new).await });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let taken = results.iter().filter(|result| matches!(result, Err(Error::AlreadyExists(_)))).count();
        assert_eq!(taken, 9, "{results:?}");
    }

    async fn simultaneous_rotations_leave_one_working_secret(bed: TestBed) {
        let org = Arc::new(bed.organization("Acme").await);
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let mut tasks = JoinSet::new();
        for _ in 0..4 {
            let (service, org, key) = (bed.service.clone(), org.clone(), KeyRef::Id(made.key.key_id.clone()));
            let rotation = RotateDraft::default().check().unwrap();
            tasks.spawn(async move { service.rotate_key(&org.caller, &key, rotation, &Precondition::Anything).await });
        }
        let secrets: Vec<_> = tasks.join_all().await.into_iter().flatten().map(|made| made.secret).collect();
        let mut alive = 0;
        for secret in &secrets {
            alive += usize::from(bed.accepts(secret).await);
        }
        assert_eq!((secrets.len(), alive), (4, 1));
        assert!(!bed.accepts(&made.secret).await);
    }

    async fn nothing_survives_a_revocation(bed: TestBed) {
        let org = Arc::new(bed.organization("Acme").await);
        for round in 0..5 {
            let made = bed.key(&org, &org.admin, |draft| draft.name = Some(format!("k{round}"))).await;
            let key = KeyRef::Id(made.key.key_id.clone());
            let patch = KeyPatchDraft { description: Some("x".into()), ..KeyPatchDraft::default() };
            let patch = patch.check(bed.clock.now()).unwrap();
            let rotation = RotateDraft { grace_period_seconds: Some(600) }.check().unwrap();
            let (rotated, updated, revoked) = tokio::join!(
                bed.service.rotate_key(&org.caller, &key, rotation, &Precondition::Anything),
                bed.service.update_key(&org.caller, &key, patch, &Precondition::Anything),
                bed.service.revoke_key(&org.caller, &key, String::new(), &Precondition::Anything),
            );
            revoked.unwrap();
            drop(updated);
            assert!(!bed.accepts(&made.secret).await);
            if let Ok(rotated) = rotated {
                assert!(!bed.accepts(&rotated.secret).await);
            }
        }
    }

    async fn two_admins_cannot_remove_each_other(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (other, other_caller) = bed.member(&org, "other@acme.example", model::user::Role::Admin).await;
        let (one, two) = (Owner::Id(other.user_id.clone()), Owner::Id(org.admin.user_id.clone()));
        let (first, second) =
            tokio::join!(bed.service.remove_user(&org.caller, &one), bed.service.remove_user(&other_caller, &two));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    }

    async fn a_suspension_misses_no_key(bed: TestBed) {
        let org = Arc::new(bed.organization("Acme").await);
        let (user, _) = bed.member(&org, "bob@acme.example", model::user::Role::Member).await;
        let mut tasks = JoinSet::new();
        for number in 0..8 {
            let (service, org, owner) = (bed.service.clone(), org.clone(), Owner::Id(user.user_id.clone()));
            let draft = KeyDraft { name: Some(format!("k{number}")), ..KeyDraft::default() };
            let new = draft.check(bed.clock.now()).unwrap();
            tasks.spawn(async move { service.create_key(&org.caller, &owner, new).await.ok() });
        }
        let status = |word: &str| {
            let draft = model::user::UserPatchDraft { status: Some(word.into()), ..Default::default() };
            draft.check().unwrap()
        };
        let owner = Owner::Id(user.user_id.clone());
        bed.service.update_user(&org.caller, &owner, status("suspended")).await.unwrap();
        let made: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
        bed.service.update_user(&org.caller, &owner, status("active")).await.unwrap();
        for key in made {
            assert!(!bed.accepts(&key.secret).await, "a key of a suspended user is revoked for good");
        }
    }
}
