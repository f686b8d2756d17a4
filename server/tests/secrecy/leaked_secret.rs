//! All the places in which clients put keys by mistake.

use reqwest::Method;
use serde_json::json;

use crate::binary::{ADMIN, Rest};
use crate::browser::Recorder;

/// Puts a secret into every wrong place, in requests with a valid key and in requests without one.
pub async fn everywhere(client: &mut Recorder, admin: &str, operator: &str, secret: &str) {
    in_addresses(client, admin, secret).await;
    in_headers(client, admin, secret).await;
    in_bodies(client, admin, secret).await;
    in_fields(client, admin, operator, secret).await;
}

async fn in_addresses(client: &mut Recorder, admin: &str, secret: &str) {
    let keys = Rest::keys();
    for path in [
        format!("/{secret}"),
        format!("/v1/{secret}"),
        format!("/v1/organizations/users/{secret}"),
        format!("{keys}/{secret}"),
        format!("/v1/organizations?api_key={secret}"),
        format!("{keys}?include_revoked={secret}"),
        format!("/healthz?key={secret}"),
        format!("/pkg/{secret}.js"),
        format!("/keys/{secret}"),
        format!("/login?key={secret}"),
        format!("/setup?token={secret}"),
        format!("/invitation?token={secret}"),
    ] {
        for key in [admin, secret, "nonsense"] {
            for method in [Method::GET, Method::DELETE] {
                client.call(method, &path, key, None).await;
            }
        }
        client.open(&path).await;
    }
}

async fn in_headers(client: &mut Recorder, admin: &str, secret: &str) {
    let part = &secret[8..];
    for (name, value) in [
        ("user-agent", secret.to_owned()),
        ("user-agent", format!("curl/8 ({part})")),
        ("referer", format!("http://x.example/?key={secret}")),
        ("x-request-id", secret.to_owned()),
        ("x-request-id", part.to_owned()),
        ("cookie", format!("__Host-keystead={secret}; theme={secret}; key={secret}")),
        ("x-api-key", secret.to_owned()),
        ("x-forwarded-for", secret.to_owned()),
        ("accept-language", secret.to_owned()),
        ("origin", format!("http://{secret}")),
        ("content-type", format!("application/{secret}")),
    ] {
        let name = name.to_owned();
        let (body, path) = (json!({ "name": format!("by {name} {}", value.len()) }), Rest::keys());
        client
            .send(Method::POST, &path, |request| request.json(&body).header(&name, &value).bearer_auth(admin))
            .await;
        client.send(Method::GET, "/login", |request| request.header(&name, &value)).await;
        client.send(Method::GET, "/keys", |request| request.header(&name, &value)).await;
    }
    for value in
        [format!("Basic {secret}"), secret.to_owned(), format!("Bearer {secret}x"), format!("Token {part}")]
    {
        client
            .send(Method::GET, "/v1/organizations", |request| request.header("authorization", &value))
            .await;
    }
    client.send(Method::GET, "/v1/organizations", |request| request.basic_auth("ada", Some(secret))).await;
}

async fn in_bodies(client: &mut Recorder, admin: &str, secret: &str) {
    for body in [
        secret.to_owned(),
        format!("\"{secret}\""),
        format!("{{\"name\": \"{secret}"),
        format!("{{\"name\": {secret}}}"),
        format!("{{\"{secret}\": 1, \"{secret}\": 2}}"),
        format!("{{\"name\": \"ci\", \"key\": \"{secret}\"}}"),
        format!("{{\"name\": \"ci\", \"{secret}\": 1}}"),
    ] {
        let refused = client
            .send(Method::POST, &Rest::keys(), |request| request.body(body.clone()).bearer_auth(admin))
            .await;
        assert!((400..500).contains(&refused.status), "{body}: {}", refused.text);
    }
}

/// Puts a secret into the fields of every form that takes text. Each must refuse it.
async fn in_fields(client: &mut Recorder, admin: &str, operator: &str, secret: &str) {
    let scope = json!({ "resource_type": "bucket", "resource_id": secret });
    let keys = Rest::keys();
    let users = "/v1/organizations/users";
    for (method, path, body) in [
        (Method::POST, keys.as_str(), json!({ "name": secret })),
        (Method::POST, &keys, json!({ "name": format!("my key {secret}!") })),
        (Method::POST, &keys, json!({ "name": "ci", "description": format!("use\n{secret}\nhere") })),
        (Method::POST, &keys, json!({ "name": "ci", "permissions": [secret] })),
        (Method::POST, &keys, json!({ "name": "ci", "expires_at": secret })),
        (Method::POST, &keys, json!({ "name": "ci", "rate_limit_override": secret })),
        (Method::POST, &keys, json!({ "name": "ci", "scopes": [scope] })),
        (Method::PATCH, &format!("{keys}/kept"), json!({ "name": secret })),
        (Method::PATCH, &format!("{keys}/kept"), json!({ "description": secret })),
        (Method::POST, &format!("{keys}/kept/rotate"), json!({ "grace_period_seconds": secret })),
        (Method::POST, users, json!({ "email": "bob@acme.example", "user_name": secret })),
        (Method::POST, users, json!({ "email": format!("{secret}@acme.example"), "user_name": "Bob" })),
        (
            Method::POST,
            users,
            json!({ "email": "bob@acme.example", "user_name": "Bob", "avatar_url": format!("https://x.example/{secret}") }),
        ),
        (
            Method::POST,
            users,
            json!({ "email": "bob@acme.example", "user_name": "Bob", "metadata": { "key": secret } }),
        ),
        (Method::PATCH, &format!("{users}/{ADMIN}"), json!({ "user_name": secret })),
        (Method::PATCH, &format!("{users}/{ADMIN}"), json!({ "metadata": { secret: [{ "a": secret }] } })),
        (Method::PATCH, "/v1/organizations", json!({ "organization_name": secret })),
        (Method::PATCH, "/v1/organizations", json!({ "logo_url": format!("https://x.example/?k={secret}") })),
        (Method::PATCH, "/v1/organizations", json!({ "metadata": { "key": secret } })),
    ] {
        let refused = client.call(method, path, admin, Some(body.clone())).await;
        assert_eq!(refused.status, 422, "{body}: {}", refused.text);
    }
    let made = json!({ "organization_name": "Globex", "users": [], "metadata": { "key": secret } });
    let refused = client.call(Method::POST, "/v1/private/organizations", operator, Some(made)).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
}
