//! Tests changing and disabling service accounts, and the use of their keys.

use model::audit::AuditAction;
use model::key::{Access, KeyDraft, KeyQuery, Precondition, RotateDraft};
use model::service_account::ServiceAccountFilter;

use super::{account, create, is_forbidden, named};
use crate::testing::TestBed;
use crate::tests::on_both;
use crate::{Error, KeyRef};

on_both! {
    async fn disabling_a_service_account_ends_all_its_keys(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let service_account = bed.service_account(&org, "nightly", &[]).await;
        let first = bed.service_account_key(&org, &service_account, "a", Access::Read).await;
        let second = bed.service_account_key(&org, &service_account, "b", Access::ReadWrite).await;
        let others = bed.key(&org, &org.admin, |_| ()).await;
        assert!(bed.accepts(&first.secret).await && bed.accepts(&second.secret).await);
        let id = &service_account.service_account_id;
        let ended = bed.service.disable_service_account(&org.caller, id).await.unwrap();
        assert_eq!(ended.disabled_at, Some(bed.clock.now()));
        assert!(!bed.accepts(&first.secret).await && !bed.accepts(&second.secret).await);
        assert!(bed.accepts(&others.secret).await);
        bed.finish_ends().await;
        let actions: Vec<_> = bed.audit(&org.caller).await.iter().filter_map(|event| event.action.known()).collect();
        for (action, times) in [(AuditAction::ApiKeyRevoked, 2), (AuditAction::ServiceAccountDisabled, 1)] {
            assert_eq!(actions.iter().filter(|made| **made == action).count(), times, "{action}");
        }
        let again = bed.service.disable_service_account(&org.caller, id).await;
        assert!(matches!(again, Err(Error::NotFound(_))));
        let changed = bed.service.update_service_account(&org.caller, id, account("x", &[]), None).await;
        assert!(matches!(changed, Err(Error::NotFound(_))));
        assert!(matches!(create(&bed, &org.caller, &service_account, named("c")).await, Err(Error::Invalid(_))));
        assert_eq!(bed.service.get_service_account(&org.caller, id).await.unwrap(), ended);
        bed.service_account(&org, "nightly", &[]).await;
    }

    async fn fewer_permissions_of_a_service_account_limit_its_keys_at_once(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let service_account = bed.service_account(&org, "nightly", &["apikey:read"]).await;
        let made = bed.service_account_key(&org, &service_account, "ci", Access::Read).await;
        bed.service.page_keys(&bed.caller_of(&made.secret).await, &KeyQuery::default()).await.unwrap();
        bed.service.update_service_account(&org.caller, &service_account.service_account_id, account("nightly", &[]), None).await.unwrap();
        is_forbidden(bed.service.page_keys(&bed.caller_of(&made.secret).await, &KeyQuery::default()).await);
    }

    async fn the_keys_and_last_use_of_a_service_account_are_reported(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let other = bed.organization("Other").await;
        let busy = bed.service_account(&org, "busy", &[]).await;
        bed.clock.advance_seconds(1);
        let idle = bed.service_account(&org, "idle", &[]).await;
        bed.service_account_key(&other, &bed.service_account(&other, "busy", &[]).await, "theirs", Access::Read).await;
        let reported = async || {
            let page = bed.service.page_service_accounts(&org.caller, &ServiceAccountFilter::default(), 0, 10).await.unwrap();
            assert_eq!((page.total, page.all), (2, 2));
            let [first, second] = page.rows.as_slice() else { panic!("{page:?}") };
            assert_eq!((&first.account.name, &second.account.name), (&busy.name, &idle.name));
            assert_eq!(second.usage, model::service_account::AccountUse::default());
            let details = bed.service.service_account_details(&org.caller, &busy.service_account_id).await.unwrap();
            assert_eq!((&details.account, details.usage), (&first.account, first.usage));
            assert_eq!(details.creator.as_deref(), Some(org.admin.email.as_str()));
            (first.usage.keys.number, first.usage.last_used_at)
        };
        assert_eq!(reported().await, (0, None));
        let one = bed.service_account_key(&org, &busy, "one", Access::Read).await;
        let two = bed.service_account_key(&org, &busy, "two", Access::Read).await;
        assert_eq!(reported().await, (2, None));
        assert!(bed.accepts(&one.secret).await);
        bed.flush().await;
        let first_use = bed.clock.now();
        assert_eq!(reported().await, (2, Some(first_use)));

        // The use of an earlier secret that still works counts as well.
        let hour = RotateDraft { grace_period_seconds: Some(3600) }.check().unwrap();
        let key = KeyRef::Id(one.key.key_id.clone());
        bed.service.rotate_key(&org.caller, &key, hour, &Precondition::Anything).await.unwrap();
        bed.clock.advance_seconds(60);
        assert!(bed.accepts(&one.secret).await);
        bed.flush().await;
        assert_eq!(reported().await, (2, Some(bed.clock.now())));
        bed.service.revoke_key(&org.caller, &key, String::new(), &Precondition::Anything).await.unwrap();
        assert_eq!(reported().await, (1, None));
        bed.service.disable_key(&org.caller, &two.key.key_id, &Precondition::Anything).await.unwrap();
        assert_eq!(reported().await, (1, None));
        let actions: Vec<_> = bed.service.service_account_history(&org.caller, &busy.service_account_id).await.unwrap()
            .iter().filter_map(|event| event.action.known()).collect();
        assert_eq!(actions, [AuditAction::ServiceAccountCreated]);
    }

    async fn an_expired_key_does_not_count_as_working(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let service_account = bed.service_account(&org, "nightly", &[]).await;
        let end = bed.clock.now().plus_seconds(60).to_rfc3339();
        create(&bed, &org.caller, &service_account, KeyDraft { expires_at: Some(end), ..named("ci") }).await.unwrap();
        let keys = async || {
            let details = bed.service.service_account_details(&org.caller, &service_account.service_account_id).await.unwrap();
            details.usage.keys.number
        };
        assert_eq!(keys().await, 1);
        bed.clock.advance_seconds(60);
        assert_eq!(keys().await, 0);
    }

    async fn a_change_based_on_an_outdated_version_is_refused(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let service_account = bed.service_account(&org, "nightly", &[]).await;
        bed.clock.advance_seconds(1);
        let id = &service_account.service_account_id;
        let change = async |name: &str, saw| bed.service.update_service_account(&org.caller, id, account(name, &[]), saw).await;
        let first = change("one", Some(service_account.updated_at)).await.unwrap();
        assert!(matches!(change("two", Some(service_account.updated_at)).await, Err(Error::Stale)));
        assert_eq!(change("two", Some(first.updated_at)).await.unwrap().name, "two");
        assert_eq!(change("three", None).await.unwrap().name, "three");
    }

    async fn a_key_is_disabled_only_in_the_version_that_was_seen(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let id = made.key.key_id.clone();
        let seen = |version| Precondition::seen(&id, Some(version));
        assert!(matches!(bed.service.disable_key(&org.caller, &id, &seen(2)).await, Err(Error::Stale)));
        assert!(bed.accepts(&made.secret).await);
        let off = bed.service.disable_key(&org.caller, &id, &seen(1)).await.unwrap();
        // Disabling a disabled key is no conflict, because the response to the first request may have been lost.
        assert_eq!(bed.service.disable_key(&org.caller, &id, &seen(1)).await.unwrap(), off);
        assert!(matches!(bed.service.enable_key(&org.caller, &id, &seen(1)).await, Err(Error::Stale)));
        assert!(!bed.accepts(&made.secret).await);
        bed.service.enable_key(&org.caller, &id, &seen(off.version)).await.unwrap();
        assert!(bed.accepts(&made.secret).await);
    }
}
