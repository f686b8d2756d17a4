use serde_json::json;

use super::{API_KEYS, api_key};
use crate::support::{ADMIN, Actor, MEMBER, TestServer, keys_of};

#[tokio::test]
async fn a_revoked_key_is_refused_at_once_and_its_record_is_kept() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for made_on_the_other in [false, true] {
        let made = if made_on_the_other {
            let made = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
            json!({"id": made["key_id"], "key": made["key"]})
        } else {
            admin.post(API_KEYS, json!({"name": "ci"})).await.data()
        };
        let client = server.with_key(made["key"].as_str());
        client.get(API_KEYS).await.data();
        server.bed.clock.advance_seconds(1);
        let reply = admin.delete(&api_key(&made["id"])).await;
        assert_eq!(reply.data(), json!(null));
        assert_eq!(reply.json()["code"], 200);
        client.get(API_KEYS).await.enveloped(401);
        assert_eq!(server.history(&made["id"]).await, ["api_key_revoked", "api_key_created"]);
        admin.delete(&api_key(&made["id"])).await.enveloped(404);
    }
}

#[tokio::test]
async fn the_admin_key_is_protected() {
    let server = TestServer::start().await;
    let list = server.admin().get(&keys_of(ADMIN)).await.ok();
    let path = api_key(&list["results"][0]["key_id"]);
    let service_account = server.client(Actor::ServiceAccount).await;
    let before = server.state().await;
    for client in [server.admin(), service_account] {
        client.delete(&path).await.enveloped(403);
        client.patch(&path, json!({"name": "x"})).await.enveloped(403);
        client.patch(&path, json!({})).await.enveloped(403);
        client.post_nothing(&format!("{path}/rotate")).await.enveloped(403);
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_foreign_key_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    let theirs = foreign.post(API_KEYS, json!({"name": "ci"})).await.data();
    let service_account = server.client(Actor::ServiceAccount).await;
    let before = server.state().await;
    for client in [server.admin(), service_account] {
        let mut answers = Vec::new();
        for id in [theirs["id"].as_str().unwrap(), "key_doesnotexist", "nonsense"] {
            let path = format!("{API_KEYS}/{id}");
            answers.push(client.delete(&path).await.without_request_id());
            answers.push(client.patch(&path, json!({"name": "x"})).await.without_request_id());
            answers.push(client.post_nothing(&format!("{path}/rotate")).await.without_request_id());
        }
        answers.dedup();
        assert_eq!((answers.len(), answers[0].0), (1, 404));
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_revoke_and_nothing_is_changed() {
    let server = TestServer::start().await;
    let made = server.admin().post(API_KEYS, json!({"name": "ci"})).await.data();
    for (actors, status) in
        [(Actor::UNAUTHENTICATED, 401), (Actor::POWERLESS, 403), ([Actor::ReadOnlyServiceAccount; 4], 403)]
    {
        for actor in actors.into_iter().take(if actors[0] == actors[1] { 1 } else { 4 }) {
            let client = server.client(actor).await;
            let before = server.state().await;
            client.delete(&api_key(&made["id"])).await.enveloped(status);
            client.patch(&api_key(&made["id"]), json!({"name": 5})).await.enveloped(status);
            client.post_bytes(&format!("{}/rotate", api_key(&made["id"])), "{").await.enveloped(status);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}

#[tokio::test]
async fn a_member_without_admin_reads_their_own_keys_and_changes_none() {
    let server = TestServer::start().await;
    let made = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let member = server.client(Actor::Member).await;
    member.get(&api_key(&made["key_id"])).await.data();
    member.delete(&api_key(&made["key_id"])).await.enveloped(403);
}
