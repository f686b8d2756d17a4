//! Tests that the keys of an ended owner are revoked once each, even if one process stops and another continues.

use super::*;
use crate::Caller;

/// Whether the audit record of a key names the same actor and request as the record of the owner's end.
fn is_by(event: &AuditEvent, caller: &Caller, end: &AuditEvent) -> bool {
    let context = &caller.context;
    (&event.actor_id, &event.actor_name, &event.actor_key_id)
        == (&end.actor_id, &end.actor_name, &end.actor_key_id)
        && (&event.address, &event.agent, &event.request_id)
            == (&context.address, &context.agent, &context.request_id)
}

on_both! {
    async fn another_process_finishes_an_interrupted_owner_revocation(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let made = bed.key(&org, &bob, |_| ()).await;
        bed.copies(&made.key, 3 * BATCH).await;
        let mut caller = org.caller.clone();
        caller.context.address = Some("192.0.2.7".into());
        caller.context.request_id = Some("req_7".into());
        bed.service.remove_user(&caller, &Owner::Id(bob.user_id.clone())).await.unwrap();
        bed.clock.advance_seconds(60);
        assert!(bed.service.revoke_next_batch().await.unwrap());
        assert_eq!(revocations(&bed, &org).await.len(), BATCH as usize);
        // A process stops in the middle of a batch, which must then leave no trace.
        let mut tx = bed.database.store.begin().await.unwrap();
        let end = store::owner_revocations::lock_oldest(&mut tx).await.unwrap().unwrap();
        assert_eq!(store::keys::revoke_ended(&mut tx, &end, BATCH).await.unwrap().revoked.len(), BATCH as usize);
        drop(tx);
        assert_eq!(revocations(&bed, &org).await.len(), BATCH as usize);
        let other = bed.other_process();
        // The transaction that was dropped may hold its locks for a moment.
        while store::owner_revocations::any(&mut bed.database.store.read().await.unwrap()).await.unwrap() {
            other.revoke_next_batch().await.unwrap();
        }
        let records = revocations(&bed, &org).await;
        let mut keys: Vec<_> = records.iter().map(|event| &event.resource_id).collect();
        keys.sort();
        keys.dedup();
        assert_eq!((records.len(), keys.len()), (3 * BATCH as usize + 1, 3 * BATCH as usize + 1));
        let all = bed.audit(&org.caller).await;
        let end = all.iter().find(|event| event.action == AuditAction::UserDeleted).unwrap();
        assert!(records.iter().all(|event| is_by(event, &caller, end)));
        assert!(!bed.service.revoke_next_batch().await.unwrap());
    }

    async fn several_processes_share_the_work(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let service_account = bed.service_account(&org, "nightly", &[]).await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        for made in [bed.key(&org, &bob, |_| ()).await, bed.service_account_key(&org, &service_account, "ci", Access::Read).await] {
            bed.copies(&made.key, 2 * BATCH).await;
        }
        bed.service.remove_user(&org.caller, &Owner::Id(bob.user_id.clone())).await.unwrap();
        bed.service.disable_service_account(&org.caller, &service_account.service_account_id).await.unwrap();
        let work = async |service: Service| {
            for _ in 0..100 {
                if !service.revoke_next_batch().await.unwrap_or(true) {
                    break;
                }
            }
        };
        tokio::join!(work(bed.service.clone()), work(bed.other_process()), work(bed.service.clone()));
        bed.finish_ends().await;
        let records = revocations(&bed, &org).await;
        let keys: std::collections::HashSet<_> = records.iter().map(|event| &event.resource_id).collect();
        assert_eq!((records.len(), keys.len()), (4 * BATCH as usize + 2, 4 * BATCH as usize + 2));
        assert_eq!(view(&bed, &org, KeyView::Revoked, None).await.1, u64::from(4 * BATCH + 2));
    }

    async fn the_background_task_revokes_the_remaining_keys(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        bed.key(&org, &bob, |_| ()).await;
        bed.service.remove_user(&org.caller, &Owner::Id(bob.user_id.clone())).await.unwrap();
        let background = bed.service.start_background();
        while revocations(&bed, &org).await.is_empty() {
            tokio::task::yield_now().await;
        }
        background.stop().await;
    }
}
