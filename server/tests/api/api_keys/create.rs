use model::key::Access;
use serde_json::{Value, json};
use service::Settings;

use super::{API_KEYS, api_key};
use crate::support::{ADMIN, ALL_WORDS, Actor, TestServer, keys_of};

#[tokio::test]
async fn only_the_name_is_required_for_a_personal_key_with_read() {
    let server = TestServer::start().await;
    let reply = server.admin().post(API_KEYS, json!({"name": "ci"})).await;
    let secret = reply.json()["data"]["key"].as_str().unwrap().to_owned();
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let data = reply.data();
    let admin = json!(server.org.admin.user_id);
    assert_eq!(
        data,
        json!({
            "id": data["id"], "key": secret, "keyPrefix": secret[..10], "name": "ci", "scope": "read",
            "environment": "live",
            "organizationId": server.org.organization_id, "userId": admin, "createdBy": admin,
            "createdAt": "2026-11-22T00:00:00Z",
        })
    );
    assert!(data["id"].as_str().unwrap().starts_with("key_"));
    server.with_key(Some(&secret)).get(API_KEYS).await.data();
}

#[tokio::test]
async fn every_field_is_stored_as_given() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "a/b 100% ключ", "description": "ships\nthe site", "expiresAt": "2027-01-01T02:00:00+02:00",
        "scope": "read-write",
    });
    let data = server.admin().post(API_KEYS, body).await.data();
    assert_eq!(
        (&data["name"], &data["description"], &data["expiresAt"], &data["scope"]),
        (
            &json!("a/b 100% ключ"),
            &json!("ships\nthe site"),
            &json!("2027-01-01T00:00:00Z"),
            &json!("read-write")
        )
    );
    let list = server.admin().get(&keys_of(ADMIN)).await.ok();
    let same = list["results"].as_array().unwrap().iter().find(|key| key["key_id"] == data["id"]).unwrap();
    assert_eq!(same["permissions"], json!(["read", "write", "delete"]), "never admin");
    let nulls =
        json!({"name": "b", "description": null, "expiresAt": null, "scope": null, "serviceAccountId": null});
    let data = server.admin().post(API_KEYS, nulls).await.data();
    assert_eq!((&data["scope"], data.get("expiresAt")), (&json!("read"), None));
}

#[tokio::test]
async fn a_key_of_a_service_account_belongs_to_no_user() {
    let server = TestServer::start().await;
    let (service_account, client) = server.service_account("nightly", &ALL_WORDS, Access::ReadWrite).await;
    let id = json!(service_account.service_account_id);
    for client in [server.admin(), client] {
        let before = server.admin().get(&keys_of(ADMIN)).await.ok();
        let body = json!({"name": format!("k{}", before["total"]), "serviceAccountId": id});
        let made = client.post(API_KEYS, body.clone()).await.data();
        assert_eq!((&made["serviceAccountId"], made.get("userId")), (&id, None));
        assert_eq!(client.get(&api_key(&made["id"])).await.data()["serviceAccountId"], id);
        assert_eq!(server.admin().get(&keys_of(ADMIN)).await.ok(), before, "not on the other surface");
        client.post(API_KEYS, body).await.enveloped(409);
        client.delete(&api_key(&made["id"])).await.data();
    }
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_created() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let before = server.state().await;
    let body = json!({
        "name": "", "description": 5, "expiresAt": "2020-01-01T00:00:00Z", "scope": "admin",
        "serviceAccountId": "usr_a1", "permissions": ["admin"],
    });
    let message = admin.post(API_KEYS, body).await.enveloped(400);
    for member in ["name", "description", "expiresAt", "scope", "serviceAccountId", "permissions"] {
        assert!(message.contains(&format!("{member}: ")), "{member}: {message}");
    }
    for (body, part) in [
        (json!({}), "name: Give the key a name."),
        (json!({"name": "x".repeat(101)}), "name: "),
        (json!({"name": "Admin-Key"}), "name: "),
        (json!({"name": ".."}), "name: "),
        (json!({"name": "a\u{202E}b"}), "name: "),
        (json!({"name": "x", "expiresAt": "tomorrow"}), "expiresAt: "),
        (json!({"name": "x", "expiresAt": 5}), "expiresAt: "),
        (json!({"name": "x", "scope": "READ"}), "scope: "),
        (json!({"name": "x", "userId": "usr_a1"}), "userId: This field is unknown. Remove it."),
        (json!({"name": "x", "key": "sk_live_x"}), "key: This field is unknown. Remove it."),
        (json!([]), "Send a JSON object."),
        (json!("x"), "Send a JSON object."),
    ] {
        let message = admin.post(API_KEYS, body.clone()).await.enveloped(400);
        assert!(message.contains(part), "{body}: {message}");
    }
    for bytes in ["", "{", "{\"name\":\"a\",\"name\":\"b\"}", "\u{0}"] {
        admin.post_bytes(API_KEYS, bytes).await.enveloped(400);
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn an_unknown_and_a_foreign_service_account_get_the_same_response() {
    let server = TestServer::start().await;
    let foreign = server.foreign().await;
    let theirs = server.bed.service_account(foreign, "theirs", &[]).await.service_account_id;
    let ended = server.bed.service_account(&server.org, "ended", &[]).await.service_account_id;
    server.admin().delete(&format!("/v1/service-accounts/{ended}")).await.data();
    let before = server.state().await;
    let mut answers = Vec::new();
    for id in [theirs.as_str(), ended.as_str(), "sa_doesnotexist", "no id", ""] {
        let reply = server.admin().post(API_KEYS, json!({"name": "x", "serviceAccountId": id})).await;
        reply.enveloped(400);
        answers.push(reply.without_request_id());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_create_and_nothing_is_created() {
    let server = TestServer::start().await;
    let service_account =
        json!(server.bed.service_account(&server.org, "robot", &[]).await.service_account_id);
    for (actors, status) in [(Actor::UNAUTHENTICATED, 401), (Actor::POWERLESS, 403)] {
        for actor in actors {
            let client = server.client(actor).await;
            let before = server.state().await;
            let mut answers = Vec::new();
            for body in [
                json!({"name": "x"}),
                json!({"name": 5}),
                json!({"name": "x", "serviceAccountId": service_account}),
                json!({"name": "x", "serviceAccountId": "sa_doesnotexist"}),
            ] {
                let reply = client.post(API_KEYS, body).await;
                reply.enveloped(status);
                answers.push(reply.without_request_id());
            }
            answers.dedup();
            assert_eq!(answers.len(), 1, "{actor:?}");
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}

#[tokio::test]
async fn the_admin_key_is_reserved_for_service_accounts_too() {
    let server = TestServer::start().await;
    let service_account =
        json!(server.bed.service_account(&server.org, "robot", &[]).await.service_account_id);
    server.admin().post(API_KEYS, json!({"name": "admin-key"})).await.enveloped(409);
    server
        .admin()
        .post(API_KEYS, json!({"name": "admin-key", "serviceAccountId": service_account}))
        .await
        .enveloped(403);
}

#[tokio::test]
async fn the_number_of_keys_is_limited() {
    let server =
        TestServer::start_with(Settings { keys_per_organization_max: 2, ..Settings::default() }).await;
    let service_account =
        json!(server.bed.service_account(&server.org, "robot", &[]).await.service_account_id);
    let made = server.admin().post(API_KEYS, json!({"name": "last"})).await.data();
    for body in [json!({"name": "over"}), json!({"name": "over", "serviceAccountId": service_account})] {
        server.admin().post(API_KEYS, body).await.enveloped(403);
    }
    server.admin().delete(&api_key(&made["id"])).await.data();
    server.admin().post(API_KEYS, json!({"name": "again", "serviceAccountId": service_account})).await.data();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_ten_simultaneous_creates_with_one_name_succeeds() {
    let server = TestServer::start().await;
    let service_account =
        json!(server.bed.service_account(&server.org, "robot", &[]).await.service_account_id);
    let creating: Vec<_> = (0..10)
        .map(|_| {
            let (admin, service_account) = (server.admin(), service_account.clone());
            tokio::spawn(async move {
                admin.post(API_KEYS, json!({"name": "ci", "serviceAccountId": service_account})).await
            })
        })
        .collect();
    let mut statuses: Vec<u16> = Vec::new();
    for task in creating {
        statuses.push(task.await.unwrap().status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409, 409, 409]);
    let list: Value =
        server.admin().get(&format!("{API_KEYS}?owner={}", service_account.as_str().unwrap())).await.data();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}
