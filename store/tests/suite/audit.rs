//! The audit log.

use model::audit::{ActorKind, AuditAction, AuditEvent, AuditResource};
use model::id::AuditId;
use store::audit::{self, Filter};
use store::testing::TestDatabase;

use crate::support::{Home, at, number, scattered};

on_both!(a_record_is_stored_whole, records_are_listed_newest_first_page_by_page);

fn event(home: &Home, seconds: i64) -> AuditEvent {
    let mut changes = serde_json::Map::new();
    changes.insert("name".into(), serde_json::json!({"before": null, "after": "ü\0"}));
    AuditEvent {
        audit_id: AuditId::from_random(&scattered(number())),
        organization_id: home.id().clone(),
        at: at(seconds),
        action: AuditAction::ApiKeyCreated,
        resource: AuditResource::ApiKey,
        resource_id: "key_1".into(),
        actor_kind: ActorKind::User,
        actor_id: home.user.user_id.as_str().into(),
        actor_name: home.user.email.as_str().into(),
        actor_key_id: Some("key_2".into()),
        changes,
        address: Some("192.0.2.1".into()),
        agent: Some("curl".into()),
        request_id: Some("req_1".into()),
    }
}

fn all() -> Filter {
    Filter { limit: 100, ..Filter::default() }
}

async fn a_record_is_stored_whole(db: TestDatabase) {
    let (home, foreign) = (Home::new(&db.store).await, Home::new(&db.store).await);
    let full = event(&home, 1);
    let sparse = AuditEvent {
        actor_key_id: None,
        address: None,
        agent: None,
        request_id: None,
        resource: AuditResource::Organization,
        ..event(&home, 0)
    };
    let mut tx = db.store.begin().await.unwrap();
    audit::insert(&mut tx, &full).await.unwrap();
    audit::insert(&mut tx, &sparse).await.unwrap();
    audit::insert(&mut tx, &event(&foreign, 2)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        audit::list(&mut db.store.read().await.unwrap(), home.id(), &all()).await.unwrap(),
        [full, sparse]
    );
}

async fn records_are_listed_newest_first_page_by_page(db: TestDatabase) {
    let home = Home::new(&db.store).await;
    let mut events: Vec<_> = (0..25).map(|n| event(&home, n / 4)).collect();
    for (n, event) in events.iter_mut().enumerate() {
        event.resource_id = format!("key_{}", n % 2);
        event.resource = if n % 5 == 0 { AuditResource::User } else { AuditResource::ApiKey };
    }
    let mut tx = db.store.begin().await.unwrap();
    for event in &events {
        audit::insert(&mut tx, event).await.unwrap();
    }
    tx.commit().await.unwrap();
    events.sort_by(|a, b| (b.at, &b.audit_id).cmp(&(a.at, &a.audit_id)));
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
        let mut seen: Vec<AuditEvent> = Vec::new();
        loop {
            let before = seen.last().map(|event| (event.at, event.audit_id.clone()));
            let filter = Filter { resource, resource_id: resource_id.map(str::to_owned), before, limit: 4 };
            let page = audit::list(&mut db, home.id(), &filter).await.unwrap();
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!(seen, expected);
    }
}
