//! Tests creating, changing, rotating and ending keys.

use model::audit::AuditAction;
use model::key::{
    Change, KeyName, KeyPatchDraft, KeyQuery, KeyStatus, KeyView, Precondition, ResourceScope, ResourceType,
    RotateDraft, UserKeyQuery,
};

use model::metadata::MetadataFilter;
use model::verify::{PresentedSecret, VerifyRequest};

use super::on_both;
use crate::testing::{Org, TestBed};
use crate::{Error, KeyRef, Owner};

fn named(org: &Org, name: &str) -> KeyRef {
    KeyRef::Named { owner: Owner::Id(org.admin.user_id.clone()), name: name.to_owned() }
}

fn with_grace(seconds: i64) -> model::key::Rotation {
    RotateDraft { grace_period_seconds: Some(seconds) }.check().unwrap()
}

on_both! {
    async fn a_revoked_key_is_refused_at_once_and_for_good(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        assert!(bed.accepts(&made.secret).await);
        let revoked = bed.service.revoke_key(&org.caller, &named(&org, "ci"), "left".into(), &Precondition::Anything).await.unwrap();
        assert_eq!(revoked.status(bed.clock.now()), KeyStatus::Revoked);
        assert!(!bed.accepts(&made.secret).await);
        let by_id = KeyRef::Id(made.key.key_id.clone());
        let again = bed.service.revoke_key(&org.caller, &by_id, String::new(), &Precondition::Anything).await;
        assert!(matches!(again, Err(Error::NotFound(_))));
        let enabled = bed.service.enable_key(&org.caller, &made.key.key_id, &Precondition::Anything).await;
        assert!(matches!(enabled, Err(Error::NotFound(_))));
        let patch = KeyPatchDraft { status: Some("active".into()), ..KeyPatchDraft::default() };
        let patch = patch.check(bed.clock.now()).unwrap();
        assert!(bed.service.update_key(&org.caller, &by_id, patch, &Precondition::Anything).await.is_err());
    }

    async fn a_part_of_a_scoped_keys_list_is_read_from_a_bounded_number_of_keys(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        bed.copies(&made.key, 2500).await;
        // The oldest key is the only one that it may see.
        let scoped = bed.key(&org, &org.admin, |draft| {
            draft.name = Some("scoped".into());
            draft.permissions = Some(vec!["admin".into()]);
            let resource_id = "copy 0".to_owned();
            let scope = ResourceScope { resource_type: ResourceType::ApiKey, resource_id, operations: None };
            draft.scopes = Some(vec![(&scope).into()]);
        }).await;
        let (caller, owner) = (bed.caller_of(&scoped.secret).await, Owner::Id(org.admin.user_id.clone()));
        let (mut query, mut numbers) = (UserKeyQuery::default(), Vec::new());
        loop {
            let page = bed.service.list_keys_of_user(&caller, &owner, &query).await.unwrap();
            numbers.push(page.keys.len());
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(numbers, [0, 0, 1]);
    }

    async fn the_name_of_an_ended_key_can_be_used_again(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let end = bed.clock.now().plus_seconds(60).to_rfc3339();
        bed.key(&org, &org.admin, |draft| draft.expires_at = Some(end)).await;
        bed.clock.advance_seconds(60);
        let second = bed.key(&org, &org.admin, |_| ()).await;
        bed.service.revoke_key(&org.caller, &named(&org, "ci"), String::new(), &Precondition::Anything).await.unwrap();
        let third = bed.key(&org, &org.admin, |_| ()).await;
        assert_ne!(second.key.key_id, third.key.key_id);
        let statuses: Vec<_> = bed.keys_of(&org, &org.admin).await.iter().map(|k| k.status(bed.clock.now())).collect();
        assert_eq!(statuses.iter().filter(|status| **status == KeyStatus::Active).count(), 2);
    }

    async fn expiry_follows_the_clock_without_a_sweep(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let end = bed.clock.now().plus_seconds(60).to_rfc3339();
        let made = bed.key(&org, &org.admin, |draft| draft.expires_at = Some(end)).await;
        bed.clock.advance_seconds(59);
        assert!(bed.accepts(&made.secret).await);
        bed.clock.advance_seconds(1);
        assert!(!bed.accepts(&made.secret).await);
        let rotated = bed.service.rotate_key(&org.caller, &named(&org, "ci"), with_grace(0), &Precondition::Anything).await;
        assert!(matches!(rotated, Err(Error::NotFound(_))));
        let query = |view| KeyQuery { filter: model::key::KeyFilter { view, ..Default::default() }, ..Default::default() };
        let page = bed.service.page_keys(&org.caller, &query(KeyView::Expired)).await.unwrap();
        assert_eq!((page.rows.len(), page.totals.expired.number), (1, 1));
        let page = bed.service.page_keys(&org.caller, &query(KeyView::Active)).await.unwrap();
        assert_eq!((page.rows.len(), page.totals.active.number), (1, 1), "admin-key");
    }

    async fn only_new_names_must_not_look_like_admin_key(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let is_refused = |error: &Error| matches!(error, Error::Invalid(fields) if fields.message_for("name").is_some());
        let renamed = async |name: &str| {
            let patch = KeyPatchDraft { name: Some(name.into()), ..KeyPatchDraft::default() };
            let patch = patch.check(bed.clock.now()).unwrap();
            bed.service.update_key(&org.caller, &KeyRef::Id(made.key.key_id.clone()), patch, &Precondition::Anything).await
        };
        assert!(is_refused(&renamed("𝐚dmin-key").await.unwrap_err()));
        // A key that got this name before such names were refused.
        let name = KeyName::parse("𝐚dmin-key").unwrap();
        let mut tx = bed.service.store.begin().await.unwrap();
        let old = made.key.clone().with(|fields| fields.name = name.clone());
        assert!(store::keys::update(&mut tx, &old, bed.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        assert!(bed.accepts(&made.secret).await);
        assert_eq!(renamed(name.as_str()).await.unwrap().fields.name, name);
        let key = named(&org, name.as_str());
        let rotated = bed.service.rotate_key(&org.caller, &key, with_grace(0), &Precondition::Anything).await.unwrap();
        assert!(bed.accepts(&rotated.secret).await);
        assert!(is_refused(&renamed("admin⁃key").await.unwrap_err()));
        bed.service.revoke_key(&org.caller, &key, String::new(), &Precondition::Anything).await.unwrap();
    }

    async fn without_a_grace_period_all_earlier_secrets_end(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let first = bed.key(&org, &org.admin, |_| ()).await;
        let key = named(&org, "ci");
        let second = bed.service.rotate_key(&org.caller, &key, with_grace(3600), &Precondition::Anything).await.unwrap();
        assert!(bed.accepts(&first.secret).await && bed.accepts(&second.secret).await);
        let third = bed.service.rotate_key(&org.caller, &key, with_grace(0), &Precondition::Anything).await.unwrap();
        assert!(!bed.accepts(&first.secret).await && !bed.accepts(&second.secret).await);
        assert!(bed.accepts(&third.secret).await);
        assert_eq!((&third.key.key_id, third.key.created_at), (&first.key.key_id, first.key.created_at));
    }

    async fn a_grace_period_ends_on_time_or_with_the_key(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let first = bed.key(&org, &org.admin, |_| ()).await;
        let key = named(&org, "ci");
        bed.service.rotate_key(&org.caller, &key, with_grace(100), &Precondition::Anything).await.unwrap();
        let end = bed.clock.now().plus_seconds(50);
        let patch = KeyPatchDraft { expires_at: Change::Set(end.to_rfc3339()), ..KeyPatchDraft::default() };
        let patch = patch.check(bed.clock.now()).unwrap();
        bed.service.update_key(&org.caller, &key, patch, &Precondition::Anything).await.unwrap();
        let details = bed.service.get_key(&org.caller, &key).await.unwrap();
        assert_eq!(details.grace_periods.first().map(|grace| grace.valid_until), Some(end));
        bed.clock.advance_seconds(49);
        assert!(bed.accepts(&first.secret).await);
        bed.clock.advance_seconds(1);
        assert!(!bed.accepts(&first.secret).await);
    }

    async fn a_revocation_ends_the_earlier_secrets(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let first = bed.key(&org, &org.admin, |_| ()).await;
        let second = bed.service.rotate_key(&org.caller, &named(&org, "ci"), with_grace(3600), &Precondition::Anything).await.unwrap();
        bed.service.revoke_key(&org.caller, &named(&org, "ci"), String::new(), &Precondition::Anything).await.unwrap();
        assert!(!bed.accepts(&first.secret).await && !bed.accepts(&second.secret).await);
    }

    async fn a_grace_period_can_be_ended_and_extended(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let first = bed.key(&org, &org.admin, |_| ()).await;
        let id = &first.key.key_id;
        bed.service.rotate_key(&org.caller, &named(&org, "ci"), with_grace(60), &Precondition::Anything).await.unwrap();
        bed.service.extend_grace_period(&org.caller, id, with_grace(600)).await.unwrap();
        bed.clock.advance_seconds(300);
        assert!(bed.accepts(&first.secret).await);
        bed.service.end_grace_period(&org.caller, id).await.unwrap();
        assert!(!bed.accepts(&first.secret).await);
        assert!(bed.service.extend_grace_period(&org.caller, id, with_grace(60)).await.is_err(), "it has ended");
    }

    async fn a_disabled_key_can_come_back(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        bed.service.disable_key(&org.caller, &made.key.key_id, &Precondition::Anything).await.unwrap();
        assert!(!bed.accepts(&made.secret).await);
        bed.service.enable_key(&org.caller, &made.key.key_id, &Precondition::Anything).await.unwrap();
        assert!(bed.accepts(&made.secret).await);
    }

    async fn the_admin_key_is_protected(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let key = named(&org, "admin-key");
        let patch = KeyPatchDraft { description: Some("mine".into()), ..KeyPatchDraft::default() };
        let patch = patch.check(bed.clock.now()).unwrap();
        let id = bed.service.get_key(&org.caller, &key).await.unwrap().key.key_id;
        assert!(matches!(bed.service.update_key(&org.caller, &key, patch, &Precondition::Anything).await, Err(Error::Forbidden(_))));
        assert!(matches!(bed.service.rotate_key(&org.caller, &key, with_grace(0), &Precondition::Anything).await, Err(Error::Forbidden(_))));
        assert!(matches!(bed.service.revoke_key(&org.caller, &key, String::new(), &Precondition::Anything).await, Err(Error::Forbidden(_))));
        assert!(matches!(bed.service.disable_key(&org.caller, &id, &Precondition::Anything).await, Err(Error::Forbidden(_))));
        assert!(bed.accepts(&org.admin_key).await);
    }

    async fn an_update_based_on_an_old_version_is_refused(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let key = named(&org, "ci");
        let patch = |text: &str| {
            let draft = KeyPatchDraft { description: Some(text.into()), ..KeyPatchDraft::default() };
            draft.check(bed.clock.now()).unwrap()
        };
        let seen = Precondition::seen(&made.key.key_id, Some(made.key.version));
        bed.service.update_key(&org.caller, &key, patch("one"), &seen).await.unwrap();
        let late = bed.service.update_key(&org.caller, &key, patch("two"), &seen).await;
        assert!(matches!(late, Err(Error::Stale)));
        assert_eq!(bed.service.get_key(&org.caller, &key).await.unwrap().key.fields.description, "one");
    }

    async fn every_change_has_its_record(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let key = named(&org, "ci");
        let patch = KeyPatchDraft { permissions: Some(vec!["write".into()]), ..KeyPatchDraft::default() };
        let patch = patch.check(bed.clock.now()).unwrap();
        bed.service.update_key(&org.caller, &key, patch.clone(), &Precondition::Anything).await.unwrap();
        bed.service.update_key(&org.caller, &key, patch, &Precondition::Anything).await.unwrap();
        bed.service.rotate_key(&org.caller, &key, with_grace(0), &Precondition::Anything).await.unwrap();
        bed.service.disable_key(&org.caller, &made.key.key_id, &Precondition::Anything).await.unwrap();
        bed.service.revoke_key(&org.caller, &key, "left".into(), &Precondition::Anything).await.unwrap();
        let history = bed.service.key_history(&org.caller, &made.key.key_id).await.unwrap();
        let mut actions: Vec<_> = history.iter().filter_map(|event| event.action.known()).collect();
        actions.sort_unstable();
        let mut expected = [
            AuditAction::ApiKeyCreated,
            AuditAction::ApiKeyScopeUpdated,
            AuditAction::ApiKeyRotated,
            AuditAction::ApiKeyDisabled,
            AuditAction::ApiKeyRevoked,
        ];
        expected.sort_unstable();
        assert_eq!(actions, expected, "the second update changed nothing");
        let text = serde_json::to_string(&history).unwrap();
        assert!(!text.contains(made.secret.reveal()));
    }

    async fn environment_and_metadata_are_recorded_and_given_back(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let members = |color: &str| serde_json::from_value(serde_json::json!({ "color": color })).unwrap();
        let made = bed.key(&org, &org.admin, |draft| {
            draft.environment = Some("test".into());
            draft.metadata = Some(members("blue"));
        }).await;
        let key = KeyRef::Id(made.key.key_id.clone());
        let draft = KeyPatchDraft { metadata: Some(members("red")), ..KeyPatchDraft::default() };
        let patch = draft.check(bed.clock.now()).unwrap();
        bed.service.update_key(&org.caller, &key, patch, &Precondition::Anything).await.unwrap();
        let rotated = bed.service.rotate_key(&org.caller, &key, with_grace(60), &Precondition::Anything).await.unwrap();
        // One service has loaded all keys, and the other reads them one by one.
        bed.warm().await;
        for secret in [made.secret, rotated.secret] {
            let verify_request = VerifyRequest { secret: PresentedSecret::Borrowed(secret.reveal()), ..VerifyRequest::default() };
            for service in [&bed.service, &bed.other_process()] {
                let verdict = service.verdict(&org.organization_id, &verify_request).await.unwrap();
                let found = verdict.key.unwrap();
                assert_eq!(found.environment.as_str(), "test");
                assert_eq!(found.metadata.as_deref(), Some("{\"color\":\"red\"}"));
            }
        }
        let history = bed.service.key_history(&org.caller, &made.key.key_id).await.unwrap();
        let changes = |action| &history.iter().find(|event| event.action.known() == Some(action)).unwrap().changes;
        let created = changes(AuditAction::ApiKeyCreated);
        assert_eq!((&created["environment"]["after"], &created["metadata"]["after"]["color"]), (&"test".into(), &"blue".into()));
        let updated = changes(AuditAction::ApiKeyUpdated);
        assert_eq!((&updated["metadata"]["before"]["color"], updated.get("environment")), (&"blue".into(), None));
    }

    async fn a_list_takes_three_filters_by_metadata(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let page = async |number: usize| {
            let member = |n: usize| MetadataFilter { name: n.to_string(), value: "a".into() };
            let filter = model::key::KeyFilter { metadata: (0..number).map(member).collect(), ..Default::default() };
            bed.service.page_keys(&org.caller, &KeyQuery { filter, ..Default::default() }).await
        };
        assert!(page(3).await.unwrap().rows.is_empty());
        let Err(Error::Invalid(errors)) = page(4).await else { panic!("four filters were accepted") };
        assert_eq!(errors.message_for("metadata"), Some("Give at most 3 members of metadata at once."));
    }

    async fn a_use_is_shown_and_a_rotation_resets_it(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let key = named(&org, "ci");
        assert!(bed.accepts(&made.secret).await);
        bed.service.write_uses().await.unwrap();
        assert!(bed.service.get_key(&org.caller, &key).await.unwrap().key.last_use.is_some());
        assert!(bed.accepts(&made.secret).await);
        let rotated = bed.service.rotate_key(&org.caller, &key, with_grace(0), &Precondition::Anything).await.unwrap();
        bed.service.write_uses().await.unwrap();
        assert_eq!(bed.service.get_key(&org.caller, &key).await.unwrap().key.last_use, None);
        assert_eq!(rotated.key.last_use, None);
    }

    async fn a_rate_limit_survives_a_rotation(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |draft| draft.rate_limit_override = Some(2)).await;
        assert!(bed.accepts(&made.secret).await && bed.accepts(&made.secret).await);
        let refused = bed.service.authenticate_key(made.secret.reveal(), crate::RequestContext::default()).await;
        assert!(matches!(refused, Err(Error::RateLimited(state)) if state.limit == 2 && state.remaining == 0));
        let rotated = bed.service.rotate_key(&org.caller, &named(&org, "ci"), with_grace(0), &Precondition::Anything).await.unwrap();
        assert!(!bed.accepts(&rotated.secret).await);
        bed.clock.advance_seconds(61);
        assert!(bed.accepts(&rotated.secret).await);
    }
}
