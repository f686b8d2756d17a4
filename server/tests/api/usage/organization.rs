use serde_json::{Value, json};

use super::{USAGE, ask};
use crate::support::{Actor, MEMBER, TestServer, key_at, keys_of};

#[tokio::test]
async fn all_keys_are_counted_and_the_most_used_come_first() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let mut ids = Vec::new();
        for (name, uses) in [("one", 1), ("three", 3), ("two", 2), ("none", 0)] {
            let key = admin.post(&keys_of(MEMBER), json!({"name": name})).await.ok();
            for _ in 0..uses {
                server.with_key(key["key"].as_str()).get("/v1/me").await.ok();
            }
            ids.push(key["key_id"].clone());
        }
        admin.delete(&key_at(MEMBER, "two")).await.ok();
        let foreign = server.client(Actor::Foreign).await;
        foreign.get("/v1/me").await.ok();

        server.bed.clock.advance_seconds(1);
        let shown = ask(&server, &admin, &format!("{USAGE}?start=2026-11-22")).await;
        // The admin key made five requests, after the test bed had authenticated with it once.
        let of = |key_id: &Value, name: &str, n: u64| json!({"key_id": key_id, "name": name, "total_requests": n, "by_status": {"VALID": n}});
        let by_key = shown["by_key"].as_array().unwrap();
        assert_eq!(by_key[0]["name"], "admin-key");
        assert_eq!(by_key[1..], [of(&ids[1], "three", 3), of(&ids[2], "two", 2), of(&ids[0], "one", 1)]);
        assert_eq!(
            (&shown["total_requests"], &shown["by_status"], &shown["start"], &shown["end"]),
            (
                &json!(12),
                &json!({"VALID": 12}),
                &json!("2026-11-22T00:00:00Z"),
                &json!("2026-11-22T01:00:00Z")
            )
        );
        let two = ask(&server, &admin, &format!("{USAGE}?limit=2")).await;
        assert_eq!(two["by_key"].as_array().unwrap().len(), 2);
        let before = ask(&server, &admin, &format!("{USAGE}?end=2026-11-22")).await;
        assert_eq!((&before["total_requests"], &before["by_key"]), (&json!(0), &json!([])));
        assert_eq!(ask(&server, &foreign, &format!("{USAGE}?start=2026-11-22")).await["total_requests"], 2);
    }
}

#[tokio::test]
async fn invalid_parameters_are_reported_together() {
    let server = TestServer::start().await;
    let reply = server.admin().get(&format!("{USAGE}?start=x&end=y&limit=1001")).await;
    assert_eq!(
        reply.broken_rules(),
        ["query/start datetime_parsing", "query/end datetime_parsing", "query/limit less_than_equal"]
    );
    server.admin().get(&format!("{USAGE}?start=0001-01-01&end=9999-12-31T23:59:59Z&limit=1000")).await.ok();
}

#[tokio::test]
async fn nobody_else_can_read() {
    let server = TestServer::start().await;
    for actor in Actor::UNAUTHENTICATED {
        server.client(actor).await.get(USAGE).await.refused(401, "UnauthorizedError");
    }
    for actor in Actor::POWERLESS {
        server.client(actor).await.get(USAGE).await.refused(403, "ForbiddenError");
    }
    for (number, (kind, id, status)) in
        [("organization", "*", 200), ("organization", "org_other", 403), ("user", "*", 403)]
            .into_iter()
            .enumerate()
    {
        let scope = json!({"resource_type": kind, "resource_id": id});
        let client = server.with_scoped_key("admin@acme.example", &format!("scoped {number}"), scope).await;
        assert_eq!(client.get(USAGE).await.status, status, "{kind} {id}");
    }
}

#[tokio::test]
async fn reads_of_usage_are_audited_if_the_organization_wants_it() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.patch("/v1/organizations/audit/settings", json!({"read_auditing_enabled": true})).await.ok();
    admin.get(USAGE).await.ok();
    let record = server.bed.audit(&server.org.caller).await.remove(0);
    assert_eq!(record.action.as_str(), "usage_accessed");
    assert_eq!(record.resource_id, server.org.organization_id.as_str());
}
