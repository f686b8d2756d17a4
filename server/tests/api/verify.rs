use axum::body::Body;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::support::{ADMIN, Actor, Client, MEMBER, Reply, TestServer, key_at, keys_of};

const VERIFY: &str = "/v1/keys/verify";
const BATCH: &str = "/v1/keys/verify/batch";
const INTROSPECT: &str = "/v1/introspect";

/// Returns the verdict without the request id.
fn verdict(reply: &Reply) -> Value {
    let mut body = reply.ok();
    let id = body.as_object_mut().unwrap().remove("request_id").unwrap();
    assert_eq!(Some(id.as_str().unwrap()), reply.header("x-request-id"));
    body
}

async fn code(client: &Client, secret: &str) -> Value {
    verdict(&client.post(VERIFY, json!({"key": secret})).await)["code"].clone()
}

async fn introspect(client: &Client, form: &str) -> Reply {
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    client.send("POST", INTROSPECT, &kind, Body::from(form.to_owned())).await
}

#[tokio::test]
async fn the_verdict_contains_details_of_the_key() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let body = json!({
            "name": "ci", "permissions": ["write"], "rate_limit_override": 10, "expires_at": "2027-01-01T00:00:00Z",
            "scopes": [{"resource_type": "bucket", "resource_id": "prod-*", "operations": ["read_data"]}],
        });
        let made = server.admin().post(&keys_of(MEMBER), body).await;
        let verify_request = json!({
            "key": made.secret(), "permissions": ["read"], "ip": "203.0.113.7", "user_agent": "curl/8.9", "cost": 2,
            "resource": {"type": "bucket", "id": "prod-eu", "operation": "read_data"},
        });
        let answered = verdict(&server.admin().post(VERIFY, verify_request).await);
        assert_eq!(
            answered,
            json!({
                "valid": true,
                "code": "VALID",
                "key_id": made.ok()["key_id"],
                "name": "ci",
                "owner": {"type": "user", "id": server.member.user_id, "name": MEMBER},
                "organization_id": server.org.organization_id,
                "permissions": ["write"],
                "scopes": [{"resource_type": "bucket", "resource_id": "prod-*", "operations": ["read_data"]}],
                "expires_at": "2027-01-01T00:00:00Z",
                "environment": "live",
                "metadata": {},
                "rate_limit": {"limit": 10, "remaining": 8, "reset": answered["rate_limit"]["reset"]},
            })
        );
        server.bed.flush().await;
        let keys = server.admin().get("/v1/api-keys").await.data();
        let used = keys["items"].as_array().unwrap().iter().find(|key| key["name"] == "ci").unwrap();
        assert_eq!(
            (&used["lastUsedIp"], &used["lastUsedUserAgent"]),
            (&json!("203.0.113.7"), &json!("curl/8.9"))
        );
    }
}

#[tokio::test]
async fn each_reason_has_its_verify_code() {
    let server = TestServer::start().await;
    let (admin, mut words) = (server.admin(), Vec::new());
    let scope = json!([{"resource_type": "bucket", "resource_id": "a"}]);
    let body = json!({"name": "ci", "permissions": ["read"], "rate_limit_override": 2, "scopes": scope});
    let made = admin.post(&keys_of(MEMBER), body).await;
    let (secret, id) = (made.secret(), made.ok()["key_id"].as_str().unwrap().to_owned());
    let ask = async |more: Value| {
        let mut verify_request = json!({"key": secret});
        verify_request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        verdict(&admin.post(VERIFY, verify_request).await)["code"].as_str().unwrap().to_owned()
    };
    words.push(ask(json!({"permissions": ["write"]})).await);
    words.push(ask(json!({"resource": {"type": "bucket", "id": "b"}})).await);
    words.push(ask(json!({"cost": 3})).await);
    words.push(ask(json!({"cost": 2})).await);
    words.push(ask(json!({})).await);
    let key = model::id::KeyId::parse(&id).unwrap();
    server
        .bed
        .service
        .disable_key(&server.org.caller, &key, &model::key::Precondition::Anything)
        .await
        .unwrap();
    words.push(ask(json!({})).await);
    admin.delete(&key_at(MEMBER, "ci")).await.ok();
    words.push(ask(json!({})).await);
    let ends = json!({"name": "short", "expires_at": "2026-11-22T00:01:00Z"});
    let ends = admin.post(&keys_of(MEMBER), ends).await.secret();
    server.bed.clock.advance_seconds(60);
    words.push(code(&admin, &ends).await.as_str().unwrap().to_owned());
    assert_eq!(
        words,
        [
            "INSUFFICIENT_PERMISSIONS",
            "OUT_OF_SCOPE",
            "RATE_LIMITED",
            "VALID",
            "RATE_LIMITED",
            "DISABLED",
            "REVOKED",
            "EXPIRED"
        ]
    );
}

#[tokio::test]
async fn a_verdict_has_the_environment_and_metadata_of_the_key() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        server.bed.warm().await;
        let admin = server.admin();
        let metadata = json!({"team": "search", "size": 2, "more": {"a": [null, true]}});
        let body = json!({"name": "ci", "environment": "test", "metadata": metadata});
        let made = admin.post("/v1/api-keys", body).await.data();
        let key = made["key"].as_str().unwrap();
        let path = format!("/v1/api-keys/{}", made["id"].as_str().unwrap());
        for expected in [metadata, json!({"team": "b"}), json!({})] {
            admin.patch(&path, json!({"metadata": expected})).await.data();
            for client in [admin.clone(), admin.routed()] {
                let verdict = verdict(&client.post(VERIFY, json!({"key": key})).await);
                assert_eq!((&verdict["environment"], &verdict["metadata"]), (&json!("test"), &expected));
                let batch = client.post(BATCH, json!({"requests": [{"key": key}, {"key": "x"}]})).await.ok();
                assert_eq!(batch["results"][0]["metadata"], expected);
                for member in ["environment", "metadata"] {
                    assert_eq!(batch["results"][1].get(member), Some(&json!(null)), "{member}");
                }
                let token = introspect(&client, &format!("token={key}")).await.ok();
                assert_eq!(token["environment"], "test");
                let is_empty = expected == json!({});
                assert_eq!(token.get("metadata"), (!is_empty).then_some(&expected));
            }
        }
    }
}

/// A key of another organization gets the same answer, byte for byte, as a key that does not exist.
#[tokio::test]
async fn foreign_keys_are_not_found() {
    let server = TestServer::start().await;
    let foreign = server.foreign().await.admin_key.reveal().to_owned();
    server.bed.warm().await;
    let unknown = verdict(&server.admin().post(VERIFY, json!({"key": "anything at all"})).await);
    assert_eq!(unknown["code"], "NOT_FOUND");
    let long = "x".repeat(60_000);
    let similar = format!("{}0", &foreign[..foreign.len() - 1]);
    for key in ["", "sk_live_", &long, &similar, &foreign] {
        assert_eq!(verdict(&server.admin().post(VERIFY, json!({"key": key})).await), unknown);
    }
    assert_eq!(code(&server.client(Actor::Foreign).await, &foreign).await, "VALID");
}

#[tokio::test]
async fn a_revoked_key_is_refused_by_the_next_request() {
    let server = TestServer::start().await;
    server.bed.warm().await;
    for round in 0..5 {
        let name = format!("k{round}");
        let secret = server.admin().post(&keys_of(MEMBER), json!({"name": name})).await.secret();
        assert_eq!(code(&server.admin(), &secret).await, "VALID");
        server.admin().delete(&key_at(MEMBER, &name)).await.ok();
        assert_eq!(code(&server.admin(), &secret).await, "REVOKED");
    }
}

/// Verifying does not count against the rate limit of the caller's own key. It counts once against the limit of the
/// verified key.
#[tokio::test]
async fn only_the_verified_key_is_counted() {
    let server = TestServer::start().await;
    let body = json!({"name": "asks", "permissions": ["admin"], "rate_limit_override": 1});
    let asks = server.admin().post(&keys_of(ADMIN), body).await.secret();
    let client = server.with_key(Some(&asks));
    let body = json!({"name": "ci", "rate_limit_override": 5});
    let secret = server.admin().post(&keys_of(MEMBER), body).await.secret();
    for left in (0..5).rev() {
        let answered = verdict(&client.post(VERIFY, json!({"key": secret})).await);
        assert_eq!(answered["rate_limit"]["remaining"], left);
    }
    assert_eq!(code(&client, &secret).await, "RATE_LIMITED");
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order() {
    let server = TestServer::start().await;
    let secret = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.secret();
    let ask = |verify_requests: Vec<Value>| {
        let admin = server.admin();
        async move { admin.post(BATCH, json!({"requests": verify_requests})).await }
    };
    let reply = ask(vec![
        json!({"key": "x"}),
        json!({"key": secret}),
        json!({"key": secret, "permissions": ["admin"]}),
    ])
    .await;
    let codes: Vec<_> =
        reply.ok()["results"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["NOT_FOUND", "VALID", "INSUFFICIENT_PERMISSIONS"]);
    assert_eq!(ask(vec![json!({"key": "x"}); 100]).await.ok()["results"].as_array().unwrap().len(), 100);
    for broken in
        [vec![json!({"key": "x"}); 101], vec![json!({"key": secret}), json!({"cost": 1})], vec![json!(5)]]
    {
        ask(broken).await.refused(422, "ValidationError");
    }
}

#[tokio::test]
async fn an_invalid_verification_is_refused() {
    let server = TestServer::start().await;
    for body in [
        json!({}),
        json!({"key": 5}),
        json!({"key": null}),
        json!({"key": "x", "permissions": ["fly"]}),
        json!({"key": "x", "resource": {"type": "bucket"}}),
        json!({"key": "x", "resource": {"type": "planet", "id": "a"}}),
        json!({"key": "x", "ip": "here"}),
        json!({"key": "x", "cost": -1}),
        json!({"key": "x", "cost": 1.5}),
        json!({"key": "x", "premissions": ["admin"]}),
        json!({"key": "x", "resource": {"type": "bucket", "id": "a", "more": 1}}),
    ] {
        server.admin().post(VERIFY, body).await.refused(422, "ValidationError");
    }
}

#[tokio::test]
async fn introspection_follows_rfc_7662() {
    let server = TestServer::start().await;
    let body = json!({"name": "ci", "permissions": ["read", "write"], "expires_at": "2027-01-01T00:00:00Z"});
    let made = server.admin().post(&keys_of(MEMBER), body).await;
    let form = format!("token={}&token_type_hint=access_token", made.secret());
    let id = made.ok()["key_id"].clone();
    assert_eq!(
        introspect(&server.admin(), &form).await.ok(),
        json!({
            "active": true, "scope": "read write", "client_id": id, "username": MEMBER, "token_type": "Bearer",
            "exp": 1_798_761_600, "sub": server.member.user_id, "jti": id, "environment": "live",
        })
    );
    assert_eq!(introspect(&server.client(Actor::Foreign).await, &form).await.text(), "{\"active\":false}");
    server.admin().delete(&key_at(MEMBER, "ci")).await.ok();
    for form in [form.as_str(), "token=nonsense", "token="] {
        assert_eq!(introspect(&server.admin(), form).await.text(), "{\"active\":false}");
    }
    for form in ["", "token_type_hint=a", "token=a&token=b"] {
        introspect(&server.admin(), form).await.refused(422, "ValidationError");
    }
    let json = server.admin().post(INTROSPECT, json!({"token": "a"})).await;
    assert!(json.text().contains("application/x-www-form-urlencoded"), "{}", json.text());
    json.refused(415, "UnsupportedMediaTypeError");
    introspect(&server.with_key(None), "token=a").await.refused(401, "UnauthorizedError");
}

/// Sends a form with these headers, and with the key of nobody beside them.
async fn introspect_as(server: &TestServer, credential: Option<&str>, form: &str) -> Reply {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let headers: Vec<_> =
        [kind].into_iter().chain(credential.map(|value| ("authorization", value))).collect();
    server.with_key(None).send("POST", INTROSPECT, &headers, Body::from(form.to_owned())).await
}

fn basic(client: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{client}:{secret}")))
}

#[tokio::test]
async fn introspection_accepts_the_credentials_of_an_oauth_client() {
    let server = TestServer::start().await;
    let asked = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    let (token, admin) = (format!("token={}", asked.secret()), server.org.admin_key.reveal().to_owned());
    let form = format!("client_id=web&client_secret={admin}&{token}");
    let escaped = basic("my%3Aclient", &admin.replace('_', "%5F"));
    for (credential, form) in [(Some(&basic("", &admin)), &token), (Some(&escaped), &token), (None, &form)] {
        let reply = introspect_as(&server, credential.map(String::as_str), form).await;
        assert_eq!(reply.ok()["active"], true, "{credential:?} {form}");
    }
    let twice = introspect_as(&server, Some(&basic("web", &admin)), &form).await;
    assert!(twice.text().contains("client_secret"), "{}", twice.text());
    twice.refused(422, "ValidationError");
}

#[tokio::test]
async fn wrong_credentials_of_an_oauth_client_are_refused() {
    let server = TestServer::start().await;
    let made = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    let (key, admin) = (made.secret(), server.org.admin_key.reveal().to_owned());
    let token = format!("token={key}");
    for credential in
        [basic("web", ""), basic("web", "sk_live_wrong"), basic(&admin, ""), "Basic ?".to_owned()]
    {
        let reply = introspect_as(&server, Some(&credential), &token).await;
        assert_eq!(reply.header("www-authenticate"), Some("Basic realm=\"Keystead\""), "{credential}");
        assert_eq!((reply.status, &reply.json()["error"]["type"]), (401, &json!("UnauthorizedError")));
    }
    for form in [
        format!("client_secret={key}x&{token}"),
        format!("client_secret={admin}&client_secret={admin}&{token}"),
        format!("client_id={admin}&{token}"),
        token.clone(),
    ] {
        let reply = introspect_as(&server, None, &form).await;
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"), "{form}");
        reply.refused(401, "UnauthorizedError");
    }
    // A key that may not verify others.
    introspect_as(&server, Some(&basic("web", &key)), &token).await.refused(403, "ForbiddenError");
}

#[tokio::test]
async fn no_other_endpoint_accepts_the_credentials_of_an_oauth_client() {
    let server = TestServer::start().await;
    let admin = server.org.admin_key.reveal().to_owned();
    let (client, credential) = (server.with_key(None), basic("web", &admin));
    let headers = [("authorization", credential.as_str()), ("content-type", "application/json")];
    for (method, path, body) in [
        ("POST", VERIFY, json!({"key": admin}).to_string()),
        ("POST", BATCH, json!({"requests": [{"key": admin}]}).to_string()),
        ("GET", "/v1/me", String::new()),
        ("GET", "/v1/api-keys", String::new()),
    ] {
        let reply = client.send(method, path, &headers, Body::from(body)).await;
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"), "{path}");
        assert_eq!(reply.status, 401, "{path}");
    }
    let form = format!("client_secret={admin}&key={admin}");
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(client.send("POST", VERIFY, &kind, Body::from(form)).await.status, 401);
}

#[tokio::test]
async fn blanks_around_a_pasted_key_are_cut() {
    let server = TestServer::start().await;
    let made = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    for client in [server.admin(), server.admin().routed()] {
        assert_eq!(code(&client, &format!(" {}\r\n", made.secret())).await, "VALID");
        assert_eq!(code(&client, &made.secret().replace('_', "_ ")).await, "NOT_FOUND");
    }
}
