//! Tests of gateways and their activity.

use model::gateway::{
    Gateway, GatewayActivity, GatewayDraft, GatewayOutcome, HandedHeader, ObservedKey, ObservedRequest,
    Otherwise, RuleDraft, RuleResourceDraft,
};
use model::id::GatewayId;
use model::organization::Organization;
use store::gateway_activity::{self, ActivityTimes, ActivityUpdate, Observation};
use store::invalidations::Invalidation;
use store::testing::TestDatabase;
use store::{Error, Store, gateways, invalidations, organizations};

use crate::support::{TestOrganization, ask, at, insert, named, number, scattered};

on_both!(
    a_gateway_is_found_as_it_was_stored,
    an_earlier_version_can_still_read_which_headers_are_handed_on,
    a_name_is_taken_in_its_organization,
    a_foreign_gateway_is_not_found,
    a_removed_organization_has_no_gateway,
    every_change_is_recorded_as_an_invalidation,
    activity_is_recorded_and_never_goes_back,
    an_unknown_outcome_of_a_newer_version_is_preserved,
);

fn gateway(organization: &Organization) -> Gateway {
    let n = number();
    let draft = GatewayDraft { name: Some(format!("Gateway {n}")), ..GatewayDraft::default() };
    let id = GatewayId::from_random(&scattered(n));
    draft.check().unwrap().into_gateway(id, organization.organization_id.clone(), None, at(0))
}

async fn stored(store: &Store, gateway: Gateway) -> Gateway {
    let mut tx = store.begin().await.unwrap();
    gateways::insert(&mut tx, &gateway).await.unwrap();
    tx.commit().await.unwrap();
    gateway
}

async fn a_gateway_is_found_as_it_was_stored(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let first = stored(&db.store, gateway(&home.organization)).await;
    let id = &first.gateway_id;
    let resource = RuleResourceDraft {
        resource_type: Some("bucket".into()),
        id: Some("{b}".into()),
        operation: Some("read_data".into()),
    };
    let rule = RuleDraft {
        method: Some("GET".into()),
        path: Some("/v1/{b}/**".into()),
        permission: Some("read".into()),
        resource: Some(resource),
        ..RuleDraft::default()
    };
    let patch = GatewayDraft {
        name: Some("Ключ ☂".into()),
        key_header: Some("X-Api-Key".into()),
        rules: Some(vec![rule]),
        otherwise: Some("closed".into()),
        headers: Some(vec!["X-Key-Id".into()]),
        hide_key: Some(false),
    };
    let changed = Gateway { updated_at: at(5), ..patch.check_patch().unwrap().applied_to(&first) };
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(gateways::find(&mut tx, home.id(), id).await.unwrap(), Some(first.clone()));
    gateways::update(&mut tx, &changed).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = db.store.read().await.unwrap();
    assert_eq!(gateways::find_anywhere(&mut reader, id).await.unwrap(), Some(changed.clone()));
    assert_eq!((changed.otherwise, changed.headers.has(HandedHeader::KeyName)), (Otherwise::Closed, false));
    drop(reader);
    let second = stored(&db.store, gateway(&home.organization)).await;
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(gateways::list(&mut tx, home.id()).await.unwrap(), [second.clone(), changed]);
    assert_eq!(gateways::count(&mut tx, home.id()).await.unwrap(), 2);
    gateways::remove(&mut tx, id).await.unwrap();
    assert_eq!(gateways::list(&mut tx, home.id()).await.unwrap(), [second]);
    assert!(!gateways::lock(&mut tx, home.id(), id).await.unwrap());
}

async fn an_earlier_version_can_still_read_which_headers_are_handed_on(db: TestDatabase) {
    const SQL: &str = "SELECT headers, hands_environment FROM gateways";
    let earlier = "[\"X-Key-Id\",\"X-Key-Name\",\"X-Key-Owner\",\"X-Key-Owner-Name\",\"X-Organization-Id\",\
                   \"X-Key-Permissions\",\"X-Key-Scopes\",\"X-Key-Expires-At\"]";
    let home = TestOrganization::new(&db.store).await;
    let mut gateway = stored(&db.store, gateway(&home.organization)).await;
    assert!(gateway.headers.has(HandedHeader::KeyEnvironment));
    assert_eq!(ask::<(String, bool)>(&db, SQL).await, (earlier.to_owned(), true));
    gateway.headers = gateway.headers.with(HandedHeader::KeyEnvironment, false);
    let mut tx = db.store.begin().await.unwrap();
    gateways::update(&mut tx, &gateway).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ask::<(String, bool)>(&db, SQL).await, (earlier.to_owned(), false));
    let mut reader = db.store.read().await.unwrap();
    assert_eq!(gateways::find_anywhere(&mut reader, &gateway.gateway_id).await.unwrap(), Some(gateway));
}

async fn a_name_is_taken_in_its_organization(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let first = stored(&db.store, gateway(&home.organization)).await;
    let same = Gateway { name: first.name.clone(), ..gateway(&home.organization) };
    let mut tx = db.store.begin().await.unwrap();
    let taken = gateways::insert(&mut tx, &same).await;
    assert!(matches!(taken, Err(Error::Taken("gateway_name"))), "{taken:?}");
    drop(tx);
    let other = TestOrganization::new(&db.store).await;
    stored(&db.store, Gateway { name: first.name, ..gateway(&other.organization) }).await;
}

async fn a_foreign_gateway_is_not_found(db: TestDatabase) {
    let (home, other) = (TestOrganization::new(&db.store).await, TestOrganization::new(&db.store).await);
    let theirs = stored(&db.store, gateway(&other.organization)).await;
    let mut tx = db.store.begin().await.unwrap();
    assert_eq!(gateways::find(&mut tx, home.id(), &theirs.gateway_id).await.unwrap(), None);
    assert!(!gateways::lock(&mut tx, home.id(), &theirs.gateway_id).await.unwrap());
    assert!(gateways::lock(&mut tx, other.id(), &theirs.gateway_id).await.unwrap());
    assert_eq!(gateways::list(&mut tx, home.id()).await.unwrap(), []);
}

async fn a_removed_organization_has_no_gateway(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let gateway = stored(&db.store, gateway(&home.organization)).await;
    let mut tx = db.store.begin().await.unwrap();
    organizations::remove(&mut tx, home.id(), at(1)).await.unwrap();
    assert_eq!(gateways::find_anywhere(&mut tx, &gateway.gateway_id).await.unwrap(), None);
}

async fn every_change_is_recorded_as_an_invalidation(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let mut position = invalidations::position(&db.store).await.unwrap();
    let gateway = stored(&db.store, gateway(&home.organization)).await;
    let reported = || vec![Invalidation::Gateway(gateway.gateway_id.to_string())];
    let mut reader = db.store.read().await.unwrap();
    assert_eq!(invalidations::since(&mut reader, &mut position).await.unwrap(), Some(reported()));
    let mut tx = db.store.begin().await.unwrap();
    gateways::update(&mut tx, &gateway).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(invalidations::since(&mut reader, &mut position).await.unwrap(), Some(reported()));
    let mut tx = db.store.begin().await.unwrap();
    gateways::remove(&mut tx, &gateway.gateway_id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(invalidations::since(&mut reader, &mut position).await.unwrap(), Some(reported()));
}

async fn activity_is_recorded_and_never_goes_back(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let [one, other] = [(), ()].map(|()| gateway(&home.organization));
    let (one, other) = (stored(&db.store, one).await, stored(&db.store, other).await);
    let gone = gateway(&home.organization);
    // Its name is shown as it was sent, and not in its normalized form.
    let key = insert(&db.store, named(&home, "cafe\u{301}")).await;
    let seen = |seconds: i64, outcome: GatewayOutcome, has_key: bool| Observation {
        at: at(seconds),
        outcome,
        key_id: has_key.then(|| key.key_id.clone()),
        address: Some(format!("10.0.0.{seconds}")),
    };
    let reported = |seconds: i64, outcome: GatewayOutcome, has_key: bool| ObservedRequest {
        at: at(seconds),
        outcome: outcome.into(),
        key: has_key
            .then(|| ObservedKey { key_id: key.key_id.clone(), name: key.fields.name.as_str().to_owned() }),
        address: Some(format!("10.0.0.{seconds}")),
    };
    let record = async |gateway: &Gateway, first: Option<Observation>, last: Option<Observation>| {
        let gateway_id = gateway.gateway_id.clone();
        let missing = ActivityUpdate { gateway_id: gone.gateway_id.clone(), first: None, last: last.clone() };
        let mut tx = db.store.begin().await.unwrap();
        gateway_activity::record(&mut tx, &[ActivityUpdate { gateway_id, first, last }, missing])
            .await
            .unwrap();
        tx.commit().await.unwrap();
    };
    let find = async |gateway: &Gateway| {
        let mut reader = db.store.read().await.unwrap();
        gateway_activity::find(&mut reader, home.id(), &gateway.gateway_id).await.unwrap()
    };
    let (no_key, allowed) = (GatewayOutcome::NoKey, GatewayOutcome::Allowed);
    assert_eq!(find(&one).await, Some(GatewayActivity::default()));
    assert_eq!(find(&gone).await, None);
    record(&one, None, Some(seen(1, no_key, false))).await;
    assert_eq!(find(&one).await.unwrap().last, Some(reported(1, no_key, false)));
    record(&one, Some(seen(5, allowed, true)), Some(seen(6, GatewayOutcome::OutOfScope, true))).await;
    record(&one, Some(seen(7, allowed, true)), Some(seen(2, no_key, false))).await;
    let expected = GatewayActivity {
        first: Some(reported(5, allowed, true)),
        last: Some(reported(6, GatewayOutcome::OutOfScope, true)),
    };
    assert_eq!(find(&one).await, Some(expected.clone()));
    assert_eq!(find(&other).await, Some(GatewayActivity::default()));
    let mut tx = db.store.begin().await.unwrap();
    let changed = Gateway { name: "Renamed".into(), ..one.clone() };
    gateways::update(&mut tx, &changed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(find(&one).await, Some(expected));
    let mut reader = db.store.read().await.unwrap();
    let times = ActivityTimes { first_at: Some(at(5)), last_at: Some(at(6)) };
    assert_eq!(gateway_activity::times(&mut reader, home.id()).await.unwrap(), [(one.gateway_id, times)]);
}

async fn an_unknown_outcome_of_a_newer_version_is_preserved(db: TestDatabase) {
    let home = TestOrganization::new(&db.store).await;
    let gateway = stored(&db.store, gateway(&home.organization)).await;
    db.run("UPDATE gateways SET last_seen_at = 1, last_seen_outcome = 'address_refused'").await;
    let mut db = db.store.read().await.unwrap();
    let seen = gateway_activity::find(&mut db, home.id(), &gateway.gateway_id).await.unwrap().unwrap();
    assert_eq!(seen.last.unwrap().outcome.as_str(), "address_refused");
}
