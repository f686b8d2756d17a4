use serde_json::{Value, json};
use service::Settings;

use crate::support::{ADMIN, Actor, MEMBER, TestServer, key_at, keys_of, user_at};

#[tokio::test]
async fn a_new_key_is_returned_with_all_fields_and_its_secret() {
    let server = TestServer::start().await;
    let reply = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    let secret = reply.secret();
    let body = reply.ok();
    let (key_id, key_hash) = (body["key_id"].clone(), body["key_hash"].clone());
    assert_eq!(
        body,
        json!({
            "key_id": key_id,
            "key_hash": key_hash,
            "key_prefix": format!("{}...", &secret[..10]),
            "internal_id": body["internal_id"],
            "organization_id": server.org.organization_id,
            "user_id": server.member.user_id,
            "name": "ci",
            "description": "",
            "permissions": ["read"],
            "scopes": [],
            "rate_limit_override": null,
            "status": "active",
            "expires_at": null,
            "last_used_at": null,
            "created_at": "2026-11-22T00:00:00Z",
            "created_by": server.org.admin.user_id,
            "revoked_at": null,
            "revoked_by": null,
            "key": secret,
        })
    );
    assert!(secret.starts_with("sk_live_") && secret.len() == 46);
    assert!(key_id.as_str().unwrap().starts_with("key_"));
    assert!(body["internal_id"].as_str().unwrap().starts_with("int_"));
    assert_eq!(key_hash.as_str().unwrap().len(), 64);
    assert_eq!(server.history(&key_id).await, ["api_key_created"]);
    server.with_key(Some(&secret)).get(&keys_of(MEMBER)).await.ok();
}

#[tokio::test]
async fn every_field_is_accepted() {
    let server = TestServer::start().await;
    let body = json!({
        "name": "deploy / eu",
        "description": "ships\nthe site",
        "permissions": ["admin", "read", "admin"],
        "scopes": [
            {"resource_type": "bucket", "resource_id": "prod-*", "operations": ["read_data", "write_data"]},
            {"resource_type": "namespace", "resource_id": "a"},
        ],
        "rate_limit_override": 2_147_483_647,
        "expires_at": "2026-11-22T03:00:00.25+02:00",
    });
    let made = server.admin().post(&keys_of(MEMBER), body).await.ok();
    assert_eq!(made["name"], "deploy / eu");
    assert_eq!(made["description"], "ships\nthe site");
    assert_eq!(made["permissions"], json!(["read", "admin"]));
    assert_eq!(made["rate_limit_override"], 2_147_483_647);
    assert_eq!(made["expires_at"], "2026-11-22T01:00:00.25Z");
    assert_eq!(
        made["scopes"],
        json!([
            {"resource_type": "bucket", "resource_id": "prod-*", "operations": ["read_data", "write_data"]},
            {"resource_type": "namespace", "resource_id": "a", "operations": null},
        ])
    );
}

#[tokio::test]
async fn null_is_accepted_where_the_contract_allows_it() {
    let server = TestServer::start().await;
    let body = json!({"name": "ci", "description": null, "scopes": null, "rate_limit_override": null, "expires_at": null});
    let made = server.admin().post(&keys_of(MEMBER), body).await.ok();
    assert_eq!((&made["description"], &made["scopes"]), (&json!(""), &json!([])));
    let reply = server.admin().post(&keys_of(MEMBER), json!({"name": null, "permissions": null})).await;
    assert_eq!(reply.broken_rules(), ["body/name string_type", "body/permissions list_type"]);
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_created() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let refused = async |body: Value| server.admin().post(&keys_of(MEMBER), body).await.broken_rules();

    assert_eq!(refused(json!({})).await, ["body/name missing"]);
    let types = json!({
        "name": 5, "description": [], "permissions": "read", "scopes": {}, "rate_limit_override": "5",
        "expires_at": 1_795_305_600,
    });
    assert_eq!(
        refused(types).await,
        [
            "body/name string_type",
            "body/description string_type",
            "body/permissions list_type",
            "body/scopes list_type",
            "body/rate_limit_override int_type",
            "body/expires_at string_type",
        ]
    );
    let values = json!({
        "name": "x".repeat(101), "description": "x".repeat(501), "permissions": ["read", "root", 5],
        "scopes": [5, {"resource_type": "planet", "resource_id": "", "operations": ["read_data", "fly", 1]}, {}],
        "rate_limit_override": 0, "expires_at": "2026-11-22T00:00:00Z", "owner": 1,
    });
    let mut rules = refused(values).await;
    rules.sort();
    assert_eq!(
        rules,
        [
            "body/description string_too_long",
            "body/expires_at value_error",
            "body/name string_too_long",
            "body/owner extra_forbidden",
            "body/permissions/1 enum",
            "body/permissions/2 string_type",
            "body/rate_limit_override greater_than_equal",
            "body/scopes/0 model_attributes_type",
            "body/scopes/1/operations/1 enum",
            "body/scopes/1/operations/2 string_type",
            "body/scopes/1/resource_id string_too_short",
            "body/scopes/1/resource_type enum",
            "body/scopes/2/resource_id missing",
            "body/scopes/2/resource_type missing",
        ]
    );
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_number_or_a_date_out_of_range_is_reported() {
    let server = TestServer::start().await;
    let before = server.state().await;
    for (member, value, rule) in [
        ("rate_limit_override", "2147483648", "less_than_equal"),
        ("rate_limit_override", "99999999999999999999999", "less_than_equal"),
        ("rate_limit_override", "-99999999999999999999999", "greater_than_equal"),
        ("rate_limit_override", "5.0", "int_from_float"),
        ("rate_limit_override", "true", "int_type"),
        ("expires_at", "\"tomorrow\"", "datetime_parsing"),
        ("expires_at", "\"2027-02-30T00:00:00Z\"", "datetime_parsing"),
        ("expires_at", "\"\"", "datetime_parsing"),
        ("expires_at", "\"1999-01-01T00:00:00\"", "value_error"),
        ("expires_at", "\"99999-01-01T00:00:00Z\"", "datetime_parsing"),
        ("name", "\"\"", "string_too_short"),
        ("name", "\" \"", "value_error"),
        ("name", "\"\\u0000\"", "value_error"),
        ("description", "\"a\\u0000\"", "value_error"),
    ] {
        let name = if member == "name" { String::new() } else { "\"name\":\"ci\",".to_owned() };
        let reply =
            server.admin().post_bytes(&keys_of(MEMBER), format!("{{{name}\"{member}\":{value}}}")).await;
        assert_eq!(reply.broken_rules(), [format!("body/{member} {rule}")], "{value}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn fields_that_only_the_server_sets_are_refused() {
    let server = TestServer::start().await;
    let before = server.state().await;
    for member in [
        "key",
        "key_id",
        "key_hash",
        "key_prefix",
        "internal_id",
        "organization_id",
        "user_id",
        "user_email",
        "status",
        "role",
        "created_at",
        "created_by",
        "last_used_at",
        "revoked_at",
        "revoked_by",
        "version",
        "principal_id",
        "allowed_origins",
    ] {
        let reply = server.admin().post(&keys_of(MEMBER), json!({"name": "ci", member: "x"})).await;
        assert_eq!(reply.broken_rules(), [format!("body/{member} extra_forbidden")]);
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_name_is_taken_only_while_its_key_is_active() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let create = async || admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await;
    create().await.ok();
    let before = server.state().await;
    create().await.refused(409, "AlreadyExistsError");
    assert_eq!(server.state().await, before);
    for other in ["CI", "ci ", " ci", "сi"] {
        admin.post(&keys_of(MEMBER), json!({"name": other})).await.ok();
    }
    admin.post(&keys_of(ADMIN), json!({"name": "ci"})).await.ok();

    admin.delete(&key_at(MEMBER, "ci")).await.ok();
    let end = server.bed.clock.now().plus_seconds(60);
    admin.post(&keys_of(MEMBER), json!({"name": "ci", "expires_at": end})).await.ok();
    create().await.refused(409, "AlreadyExistsError");
    server.bed.clock.advance_seconds(60);
    create().await.ok();
    let all = admin.get(&format!("{}?include_revoked=1", keys_of(MEMBER))).await.ok();
    let of_name = all["results"].as_array().unwrap().iter().filter(|key| key["name"] == "ci");
    assert_eq!(
        of_name.map(|key| key["status"].as_str().unwrap()).collect::<Vec<_>>(),
        ["active", "expired", "revoked"]
    );
}

#[tokio::test]
async fn the_name_admin_key_is_reserved() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let before = server.state().await;
    admin.post(&keys_of(ADMIN), json!({"name": "admin-key"})).await.refused(409, "AlreadyExistsError");
    admin.post(&keys_of(MEMBER), json!({"name": "admin-key"})).await.refused(403, "ForbiddenError");
    for look_alike in [
        "Admin-Key",
        "admin_key",
        "аdmin-key",
        "admin‐key",
        "adm1n-key",
        "ADMIN KEY",
        "𝐚𝐝𝐦𝐢𝐧-𝐤𝐞𝐲",
        "ᴀᴅᴍɪɴ-ᴋᴇʏ",
        "admin⁃key",
        "admin\u{1AB4}-key",
        "ꓮꓓꓟꓲꓠ-ꓗꓰꓬ",
    ] {
        let reply = admin.post(&keys_of(MEMBER), json!({"name": look_alike})).await;
        assert_eq!(reply.broken_rules(), ["body/name value_error"], "{look_alike}");
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn a_foreign_user_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    server.foreign().await;
    let before = server.state().await;
    let foreign = server.admin().post(&keys_of("member@globex.example"), json!({"name": "ci"})).await;
    let missing = server.admin().post(&keys_of("ghost@acme.example"), json!({"name": "ci"})).await;
    foreign.refused(404, "NotFoundError");
    assert_eq!(foreign.body, missing.body);
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_create_and_nothing_is_created() {
    let server = TestServer::start().await;
    for (actors, status, kind) in [
        (Actor::UNAUTHENTICATED, 401, "UnauthorizedError"),
        (Actor::POWERLESS, 403, "ForbiddenError"),
        ([Actor::Foreign; 4], 404, "NotFoundError"),
    ] {
        for actor in actors {
            let client = server.client(actor).await;
            let before = server.state().await;
            client.post(&keys_of(MEMBER), json!({"name": "ci"})).await.refused(status, kind);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
}

#[tokio::test]
async fn no_key_is_created_for_an_inactive_user() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for status in ["suspended", "pending"] {
        admin.patch(&user_at(MEMBER), json!({"status": status})).await.ok();
        let before = server.state().await;
        admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.refused(403, "ForbiddenError");
        assert_eq!(server.state().await, before);
    }
}

#[tokio::test]
async fn the_number_of_keys_in_an_organization_is_limited() {
    // One of the two is the admin key.
    let server =
        TestServer::start_with(Settings { keys_per_organization_max: 2, ..Settings::default() }).await;
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "one"})).await.ok();
    let before = server.state().await;
    let reply = admin.post(&keys_of(MEMBER), json!({"name": "two"})).await;
    reply.refused(403, "QuotaExceededError");
    assert_eq!(reply.json()["error"]["details"], json!({"resource": "api_keys", "current": 2, "limit": 2}));
    assert_eq!(server.state().await, before);
    admin.delete(&key_at(MEMBER, "one")).await.ok();
    admin.post(&keys_of(MEMBER), json!({"name": "two"})).await.ok();
}

#[tokio::test]
async fn a_date_alone_is_its_first_moment_and_a_number_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let made = admin.post(&keys_of(MEMBER), json!({"name": "ci", "expires_at": "2027-12-31"})).await;
    assert_eq!(made.ok()["expires_at"], "2027-12-31T00:00:00Z");
    let changed = admin.patch(&key_at(MEMBER, "ci"), json!({"expires_at": "2028-01-01"})).await;
    assert_eq!(changed.ok()["expires_at"], "2028-01-01T00:00:00Z");
    let before = server.state().await;
    for number in [json!(1_830_297_600), json!(1.5), json!(true), json!({}), json!([])] {
        let body = json!({"name": "ci-2", "expires_at": number});
        let refused = admin.post(&keys_of(MEMBER), body).await;
        assert!(refused.text().contains("2027-01-31T12:00:00Z"), "{}", refused.text());
        refused.refused(422, "ValidationError");
        admin
            .patch(&key_at(MEMBER, "ci"), json!({"expires_at": number}))
            .await
            .refused(422, "ValidationError");
    }
    for past in ["2026-11-22", "2026-11-21"] {
        let body = json!({"name": "ci-2", "expires_at": past});
        admin.post(&keys_of(MEMBER), body).await.refused(422, "ValidationError");
    }
    assert_eq!(server.state().await, before);
}
