use serde_json::json;

use crate::support::{ADMIN, Actor, TestServer};

const ORGANIZATION: &str = "/v1/organizations";

#[tokio::test]
async fn only_the_given_fields_are_changed() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let mut expected = admin.get(ORGANIZATION).await.ok();
    server.bed.clock.advance_seconds(1);
    let patch = json!({
        "organization_name": "Acme & Söhne", "logo_url": "https://example.com/l.svg", "billing_email": "bills@acme.example",
        "metadata": {"a": {"b": [1.5, null]}}, "rate_limits": {"search": 7, "upload": null},
    });
    let changed = admin.patch(ORGANIZATION, patch).await.ok();
    for (member, value) in [
        ("organization_name", json!("Acme & Söhne")),
        ("logo_url", json!("https://example.com/l.svg")),
        ("billing_email", json!("bills@acme.example")),
        ("metadata", json!({"a": {"b": [1.5, null]}})),
        ("updated_at", json!("2026-11-22T00:00:01Z")),
    ] {
        expected[member] = value;
    }
    expected["rate_limits"]["search"] = json!(7);
    assert_eq!(changed, expected);

    let cleared = admin.patch(ORGANIZATION, json!({"logo_url": null, "billing_email": null})).await.ok();
    assert_eq!((&cleared["logo_url"], &cleared["billing_email"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn an_empty_change_changes_nothing() {
    let server = TestServer::start().await;
    let before = server.state().await;
    for patch in [
        json!({}),
        json!({"organization_name": null, "metadata": null, "rate_limits": null}),
        json!({"rate_limits": {}}),
    ] {
        server.admin().patch(ORGANIZATION, patch).await.ok();
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_changed() {
    let server = TestServer::start().await;
    let before = server.state().await;
    let patch = json!({
        "organization_name": "", "logo_url": "data:x", "billing_email": "x", "metadata": [], "credit_count": 9,
        "rate_limits": {"metadata": 0, "data": "5", "search": 2_147_483_648_u64, "upload": 1.5, "storage": 1},
    });
    let mut rules = server.admin().patch(ORGANIZATION, patch).await.broken_rules();
    rules.sort();
    assert_eq!(
        rules,
        [
            "body/billing_email string_too_short",
            "body/credit_count extra_forbidden",
            "body/logo_url value_error",
            "body/metadata model_attributes_type",
            "body/organization_name string_too_short",
            "body/rate_limits/data int_type",
            "body/rate_limits/metadata greater_than_equal",
            "body/rate_limits/search less_than_equal",
            "body/rate_limits/storage extra_forbidden",
            "body/rate_limits/upload int_from_float",
        ]
    );
    assert_eq!(
        server.admin().patch(ORGANIZATION, json!({"rate_limits": 5})).await.broken_rules(),
        ["body/rate_limits model_attributes_type"]
    );
    for member in ["organization_id", "internal_id", "account_type", "users", "created_at"] {
        let reply = server.admin().patch(ORGANIZATION, json!({member: "x"})).await;
        assert_eq!(reply.broken_rules(), [format!("body/{member} extra_forbidden")]);
    }
    assert_eq!(server.state().await, before);
}

#[tokio::test]
async fn nobody_else_can_change_the_organization() {
    let server = TestServer::start().await;
    for (actors, status, kind) in
        [(Actor::UNAUTHENTICATED, 401, "UnauthorizedError"), (Actor::POWERLESS, 403, "ForbiddenError")]
    {
        for actor in actors {
            let client = server.client(actor).await;
            let before = server.state().await;
            client.patch(ORGANIZATION, json!({"organization_name": "Mine"})).await.refused(status, kind);
            assert_eq!(server.state().await, before, "{actor:?}");
        }
    }
    let scope = json!({"resource_type": "user", "resource_id": "*"});
    let helper = server.with_scoped_key(ADMIN, "helper", scope).await;
    helper.patch(ORGANIZATION, json!({"organization_name": "Mine"})).await.refused(403, "ForbiddenError");
}

#[tokio::test]
async fn each_organization_changes_itself() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    foreign.patch(ORGANIZATION, json!({"organization_name": "Other"})).await.ok();
    assert_eq!(server.admin().get(ORGANIZATION).await.ok()["organization_name"], "Acme");
}

#[tokio::test]
async fn a_key_scoped_to_another_organization_does_not_change_its_own() {
    let server = TestServer::start().await;
    let foreign = server.foreign().await.organization_id.as_str().to_owned();
    let own = server.org.organization_id.as_str().to_owned();
    for (name, id, status) in [("other", foreign.as_str(), 403), ("own", own.as_str(), 200)] {
        let scope = json!({"resource_type": "organization", "resource_id": id});
        let client = server.with_scoped_key(ADMIN, name, scope).await;
        let before = server.state().await;
        assert_eq!(
            client.patch(ORGANIZATION, json!({"organization_name": "Mine"})).await.status,
            status,
            "{name}"
        );
        assert_eq!(server.state().await == before, status == 403, "{name}");
    }
}
