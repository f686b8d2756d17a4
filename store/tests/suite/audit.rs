//! Tests of the audit log.

use model::audit::{ActorKind, AuditAction, AuditEvent, AuditFilter, AuditResource, AuditSettings};
use model::id::AuditId;
use store::testing::TestDatabase;
use store::{audit, organizations};

use crate::support::{TestOrganization, at, number, scattered};

on_both!(
    an_audit_record_is_stored_with_all_fields,
    records_are_listed_newest_first_page_by_page,
    changes_and_reads_are_told_apart,
    the_audit_settings_are_stored,
    unknown_words_of_a_newer_version_are_preserved,
);

fn event(home: &TestOrganization, seconds: i64) -> AuditEvent {
    let mut changes = serde_json::Map::new();
    changes.insert("name".into(), serde_json::json!({"before": null, "after": "ü\0"}));
    AuditEvent {
        audit_id: AuditId::from_random(&scattered(number())),
        organization_id: home.id().clone(),
        at: at(seconds),
        action: AuditAction::ApiKeyCreated.into(),
        resource: AuditResource::ApiKey.into(),
        resource_id: "key_1".into(),
        actor_kind: ActorKind::User.into(),
        actor_id: home.user.user_id.as_str().into(),
        actor_name: home.user.email.as_str().into(),
        actor_key_id: Some("key_2".into()),
        changes,
        address: Some("192.0.2.1".into()),
        agent: Some("curl".into()),
        request_id: Some("req_1".into()),
    }
}

async fn an_audit_record_is_stored_with_all_fields(db: TestDatabase) {
    let (home, foreign) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let full = event(&home, 1);
    let sparse = AuditEvent {
        actor_key_id: None,
        address: None,
        agent: None,
        request_id: None,
        resource: AuditResource::Organization.into(),
        ..event(&home, 0)
    };
    let mut tx = db.store.begin().await.unwrap();
    audit::insert(&mut tx, &full).await.unwrap();
    audit::insert(&mut tx, &sparse).await.unwrap();
    audit::insert(&mut tx, &event(&foreign, 2)).await.unwrap();
    tx.commit().await.unwrap();
    let mut db = db.store.read().await.unwrap();
    let all = AuditFilter::default();
    assert_eq!(audit::list(&mut db, home.id(), &all, 0, 100).await.unwrap(), [full.clone(), sparse]);
    assert_eq!(audit::find(&mut db, home.id(), &full.audit_id).await.unwrap(), Some(full.clone()));
    assert_eq!(audit::find(&mut db, foreign.id(), &full.audit_id).await.unwrap(), None);
}

async fn records_are_listed_newest_first_page_by_page(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut events: Vec<_> = (0..25).map(|n| event(&home, n / 4)).collect();
    for (n, event) in events.iter_mut().enumerate() {
        event.resource_id = format!("key_{}", n % 2);
        event.resource = if n % 5 == 0 { AuditResource::User } else { AuditResource::ApiKey }.into();
    }
    let mut tx = db.store.begin().await.unwrap();
    for event in &events {
        audit::insert(&mut tx, event).await.unwrap();
    }
    tx.commit().await.unwrap();
    // Records with the same time are in reverse order of insertion, whatever their ids are.
    events.reverse();
    let mut db = db.store.read().await.unwrap();
    for (resource, resource_id) in [
        (None, None),
        (Some(AuditResource::ApiKey), None),
        (None, Some("key_1")),
        (Some(AuditResource::User), Some("key_0")),
        (None, Some("' OR 1=1 --\0")),
    ] {
        let expected: Vec<_> = events
            .iter()
            .filter(|event| resource.is_none_or(|resource| event.resource == resource))
            .filter(|event| resource_id.is_none_or(|id| event.resource_id == id))
            .cloned()
            .collect();
        let filter = AuditFilter {
            resource: resource.map(|resource| resource.as_str().to_owned()),
            resource_id: resource_id.map(str::to_owned),
            ..AuditFilter::default()
        };
        let mut seen: Vec<AuditEvent> = Vec::new();
        loop {
            let page = audit::list(&mut db, home.id(), &filter, seen.len() as u64, 4).await.unwrap();
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!(seen, expected);
        let count = audit::count(&mut db, home.id(), &filter, 1000).await.unwrap();
        assert_eq!(count, expected.len() as u64);
        assert_eq!(audit::count(&mut db, home.id(), &filter, 3).await.unwrap(), count.min(3));
    }
}

async fn changes_and_reads_are_told_apart(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    let done = event(&home, 1);
    audit::insert(&mut tx, &done).await.unwrap();
    audit::insert(&mut tx, &AuditEvent { action: AuditAction::ApiKeyAccessed.into(), ..event(&home, 2) })
        .await
        .unwrap();
    audit::insert(&mut tx, &AuditEvent { resource_id: "key_9".into(), ..event(&home, 3) }).await.unwrap();
    tx.commit().await.unwrap();
    let mut db = db.store.read().await.unwrap();
    assert_eq!(audit::changes_of(&mut db, home.id(), "key_1", 10).await.unwrap(), [done]);
}

async fn the_audit_settings_are_stored(db: TestDatabase) {
    let (home, other) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let on = AuditSettings { read_auditing_enabled: true };
    let mut tx = db.store.begin().await.unwrap();
    organizations::update_audit_settings(&mut tx, home.id(), on).await.unwrap();
    tx.commit().await.unwrap();
    let mut db = db.store.read().await.unwrap();
    let mut settings =
        async |home: &TestOrganization| organizations::audit_settings(&mut db, home.id()).await.unwrap();
    assert_eq!((settings(&home).await, settings(&other).await), (Some(on), Some(AuditSettings::default())));
}

/// During an upgrade, a newer version may write into the same table.
async fn unknown_words_of_a_newer_version_are_preserved(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut tx = db.store.begin().await.unwrap();
    audit::insert(&mut tx, &event(&home, 1)).await.unwrap();
    tx.commit().await.unwrap();
    db.run("UPDATE audit_events SET action = 'team_created', resource = 'team', actor_kind = 'robot'").await;
    let mut db = db.store.read().await.unwrap();
    let listed = audit::list(&mut db, home.id(), &AuditFilter::default(), 0, 100).await.unwrap();
    let words: Vec<_> = listed
        .iter()
        .map(|event| (event.action.as_str(), event.resource.as_str(), event.actor_kind.as_str()))
        .collect();
    assert_eq!(words, [("team_created", "team", "robot")]);
    let found = audit::find(&mut db, home.id(), &listed[0].audit_id).await.unwrap();
    assert_eq!(found.as_ref(), listed.first());
    assert_eq!(audit::changes_of(&mut db, home.id(), "key_1", 10).await.unwrap(), listed);
}
