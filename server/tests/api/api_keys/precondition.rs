//! `ETag` and `If-Match`, at both kinds of addresses of keys.

use serde_json::{Value, json};

use super::{API_KEYS, api_key};
use crate::support::{MEMBER, TestServer, key_at, keys_of};

#[tokio::test]
async fn the_etag_of_a_key_is_the_same_in_every_response() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    let path = api_key(&made.ok()["key_id"]);
    assert_eq!(made.tag(), admin.get(&path).await.tag());
    let changed = admin.patch(&key_at(MEMBER, "ci"), json!({"description": "d"})).await.tag();
    assert_ne!(changed, made.tag());
    assert_eq!(admin.patch(&path, json!({})).await.tag(), changed, "nothing changed");
    let rotated = admin.post_nothing(&format!("{}/rotate", key_at(MEMBER, "ci"))).await.tag();
    assert_eq!(admin.get(&path).await.tag(), rotated);
    let client = server.with_key(made.json()["key"].as_str());
    client.get(API_KEYS).await.enveloped(401);
    let rotated_again = admin.post_nothing(&format!("{path}/rotate")).await;
    server.with_key(rotated_again.data()["key"].as_str()).get(API_KEYS).await.data();
    server.bed.service.start_background().stop().await;
    assert_eq!(admin.get(&path).await.tag(), rotated_again.tag(), "a use is no change");
}

#[tokio::test]
async fn a_change_of_an_outdated_version_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    let (by_id, by_name, seen) = (api_key(&made.json()["key_id"]), key_at(MEMBER, "ci"), made.tag());
    let current = admin.patch_seen(&by_name, &seen, json!({"description": "one"})).await;
    current.ok();
    let before = server.state().await;
    let tag = [("if-match", seen.as_str())];
    admin
        .patch_seen(&by_name, &seen, json!({"description": "two"}))
        .await
        .refused(412, "PreconditionFailedError");
    let rotate = format!("{by_name}/rotate");
    admin.send("POST", &rotate, &tag, "".into()).await.refused(412, "PreconditionFailedError");
    admin.send("DELETE", &by_name, &tag, "".into()).await.refused(412, "PreconditionFailedError");
    admin.patch_seen(&by_id, &seen, json!({"description": "two"})).await.enveloped(412);
    admin.send("POST", &format!("{by_id}/rotate"), &tag, "".into()).await.enveloped(412);
    admin.send("DELETE", &by_id, &tag, "".into()).await.enveloped(412);
    assert_eq!(server.state().await, before);

    let several = format!("{seen}, {}", current.tag());
    let rotated = admin.send("POST", &format!("{by_id}/rotate"), &[("if-match", &several)], "".into()).await;
    rotated.data();
    admin.patch_seen(&by_id, "*", json!({"description": "any"})).await.data();
    let last = admin.get(&by_id).await.tag();
    admin.send("DELETE", &by_name, &[("if-match", &last)], "".into()).await.ok();
}

#[tokio::test]
async fn an_etag_that_a_proxy_marked_as_weak_or_compressed_still_names_its_version() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    let (path, first) = (api_key(&made.json()["key_id"]), made.tag());
    let mut seen = first.clone();
    for ending in ["", "-gzip", "-br", "-zstd"] {
        for weak in ["", "W/"] {
            let altered = format!("{weak}{}{ending}\"", seen.trim_end_matches('"'));
            let changed = admin.patch_seen(&path, &altered, json!({"description": altered})).await;
            changed.data();
            seen = changed.tag();
        }
    }
    for outdated in [format!("W/{first}"), format!("{}-gzip\"", first.trim_end_matches('"'))] {
        admin.patch_seen(&path, &outdated, json!({"description": "no"})).await.enveloped(412);
    }
}

#[tokio::test]
async fn the_etag_of_another_key_with_the_name_does_not_match() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let first = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    admin.delete(&key_at(MEMBER, "ci")).await.ok();
    admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let reply = admin.send("DELETE", &key_at(MEMBER, "ci"), &[("if-match", &first.tag())], "".into()).await;
    reply.refused(412, "PreconditionFailedError");
}

#[tokio::test]
async fn not_found_and_protected_are_reported_before_the_precondition() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let tag = [("if-match", "\"key_a1.1\"")];
    admin.send("DELETE", &key_at(MEMBER, "ghost"), &tag, "".into()).await.refused(404, "NotFoundError");
    admin.send("DELETE", &format!("{API_KEYS}/key_a1"), &tag, "".into()).await.enveloped(404);
    let protected = key_at(crate::support::ADMIN, "admin-key");
    admin.send("DELETE", &protected, &tag, "".into()).await.refused(403, "ForbiddenError");
}

#[tokio::test]
async fn an_invalid_if_match_header_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    let before = server.state().await;
    for value in ["", "key_a1.1", "\"open", "*, *", "\"a\" \"b\""] {
        let reply = admin.patch_seen(&key_at(MEMBER, "ci"), value, json!({"description": "d"})).await;
        reply.refused(400, "BadRequestError");
        admin
            .patch_seen(&api_key(&made.json()["key_id"]), value, json!({"description": "d"}))
            .await
            .enveloped(400);
    }
    for value in ["W/\"key_a1.1\"", "\"\"", "\"something else\"", "\"nothing-of-ours\""] {
        let reply = admin.patch_seen(&key_at(MEMBER, "ci"), value, json!({"description": "d"})).await;
        assert!(matches!(reply.status, 400 | 412), "{value}: {}", reply.text());
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_ten_changes_of_one_version_succeeds() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let made = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await;
        let (path, seen) = (api_key(&made.json()["key_id"]), made.tag());
        let changing: Vec<_> = (0..10)
            .map(|n| {
                let (admin, path, seen) = (server.admin(), path.clone(), seen.clone());
                let body = json!({"description": format!("change {n}")});
                tokio::spawn(async move { admin.patch_seen(&path, &seen, body).await })
            })
            .collect();
        let mut kept: Vec<Value> = Vec::new();
        for task in changing {
            let reply = task.await.unwrap();
            if reply.status == 200 {
                kept.push(reply.data()["description"].clone());
            } else {
                reply.enveloped(412);
            }
        }
        assert_eq!(kept, [server.admin().get(&path).await.data()["description"].clone()]);
    }
}
