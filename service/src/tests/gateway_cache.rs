//! Tests of the gateway cache alone.

use std::sync::Arc;

use model::Timestamp;
use model::gateway::{Gateway, GatewayDraft};
use model::id::{GatewayId, OrganizationId};

use crate::gateway_cache::{GatewayCache, Subject};
use crate::mirror::Change;

fn gateway() -> Arc<Gateway> {
    let draft = GatewayDraft { name: Some("api".into()), ..GatewayDraft::default() };
    let (id, organization) = (GatewayId::from_random("a"), OrganizationId::from_random("o"));
    Arc::new(draft.check().unwrap().into_gateway(id, organization, None, Timestamp::from_seconds(0)))
}

/// Whether there is a gateway, if that is known.
fn known(cache: &GatewayCache, id: &str) -> Option<bool> {
    cache.find(id, |gateway| gateway.is_some())
}

fn read(cache: &GatewayCache, id: &str, found: Option<&Arc<Gateway>>) {
    let epoch = cache.mirror().begin_read();
    cache.insert(&epoch, id, found);
    cache.mirror().end_read(&epoch);
}

#[test]
fn what_was_read_before_a_change_is_not_cached_after_it() {
    for change in [
        Change::Of(Subject::Gateway("gw_a".into())),
        Change::Of(Subject::Organization("org_o".into())),
        Change::Everything,
    ] {
        for found in [Some(gateway()), None] {
            let cache = GatewayCache::default();
            let epoch = cache.mirror().begin_read();
            cache.apply(std::slice::from_ref(&change));
            cache.insert(&epoch, "gw_a", found.as_ref());
            assert_eq!(known(&cache, "gw_a"), None, "{change:?}");
        }
        let cache = GatewayCache::default();
        read(&cache, "gw_a", Some(&gateway()));
        assert_eq!(known(&cache, "gw_a"), Some(true));
        cache.apply(std::slice::from_ref(&change));
        assert_eq!(known(&cache, "gw_a"), None, "{change:?}");
    }
}

#[test]
fn a_change_of_something_else_invalidates_nothing() {
    let cache = GatewayCache::default();
    read(&cache, "gw_a", Some(&gateway()));
    read(&cache, "gw_c", None);
    let others = [Subject::Gateway("gw_b".into()), Subject::Organization("org_b".into())].map(Change::Of);
    cache.apply(&others);
    assert_eq!((known(&cache, "gw_a"), known(&cache, "gw_c")), (Some(true), Some(false)));
}

#[test]
fn made_up_ids_use_bounded_memory() {
    let cache = GatewayCache::default();
    for n in 0..5001 {
        read(&cache, &format!("gw_{n}"), None);
    }
    let remembered = (0..5001).filter(|n| known(&cache, &format!("gw_{n}")).is_some()).count();
    assert_eq!(remembered, 1);
}

#[test]
fn with_all_ids_listed_a_made_up_id_is_known_to_be_unknown() {
    let cache = GatewayCache::default();
    assert!(cache.lacks_ids() && known(&cache, "gw_b").is_none());
    let epoch = cache.mirror().begin_read();
    cache.apply(&[Change::Of(Subject::Gateway("gw_new".into()))]);
    cache.insert_ids(&epoch, vec!["gw_a".to_owned()]);
    let about = |id| known(&cache, id);
    assert_eq!([about("gw_a"), about("gw_new"), about("gw_b")], [None, None, Some(false)]);
    assert!(!cache.lacks_ids());
    cache.apply(&[Change::Of(Subject::Gateway("gw_b".into()))]);
    assert_eq!(about("gw_b"), None, "made a moment ago");
    let epoch = cache.mirror().begin_read();
    cache.apply(&[Change::Everything]);
    cache.insert_ids(&epoch, vec!["gw_a".to_owned()]);
    assert!(cache.lacks_ids() && about("gw_c").is_none(), "what was read is from before the change");
}
