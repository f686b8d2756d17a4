use serde_json::{Value, json};

use super::LOGS;
use crate::support::{Actor, Client, MEMBER, TestServer, key_at, keys_of, user_at};

async fn actions(client: &Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("{LOGS}?{query}")).await.ok();
    let results = list["results"].as_array().unwrap();
    assert_eq!(list["total"], json!(results.len()), "{query}");
    results.iter().map(|record| record["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn records_are_listed_newest_first_in_the_order_of_writing() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        server.foreign().await;
        let admin = server.admin();
        // The clock stands still, so all of these records have the same time.
        for number in 0..12 {
            admin.post(&keys_of(MEMBER), json!({"name": format!("key {number}")})).await.ok();
        }
        admin.patch(&key_at(MEMBER, "key 1"), json!({"permissions": ["write"]})).await.ok();
        admin.post_nothing(&format!("{}/rotate", key_at(MEMBER, "key 1"))).await.ok();
        admin.delete(&key_at(MEMBER, "key 1")).await.ok();
        admin.patch(&user_at(MEMBER), json!({"role": "viewer"})).await.ok();

        let all = admin.get(LOGS).await.ok();
        assert_eq!((&all["total"], &all["skip"], &all["limit"]), (&json!(21), &json!(0), &json!(50)));
        let of = |index: usize, member: &str| all["results"][index][member].clone();
        let newest: Vec<_> = (0..4).map(|index| of(index, "action")).collect();
        let expected = ["permission_updated", "api_key_revoked", "api_key_rotated", "api_key_scope_updated"];
        assert_eq!(newest, expected);
        for index in 4..16 {
            assert_eq!(of(index, "changes")["name"]["after"], format!("key {}", 15 - index));
        }
        assert_eq!(of(20, "action"), "organization_created");

        let mut paged: Vec<Value> = Vec::new();
        for skip in (0..).step_by(4).take(6) {
            let page = admin.get(&format!("{LOGS}?skip={skip}&limit=4")).await.ok();
            assert_eq!(
                (&page["total"], &page["skip"], &page["limit"]),
                (&json!(21), &json!(skip), &json!(4))
            );
            paged.extend(page["results"].as_array().unwrap().clone());
        }
        assert_eq!(Value::from(paged), all["results"]);
        let beyond = admin.get(&format!("{LOGS}?skip=2147483647&limit=1000")).await.ok();
        assert_eq!((&beyond["results"], &beyond["total"]), (&json!([]), &json!(21)));
    }
}

#[tokio::test]
async fn records_are_found_by_every_filter() {
    let server = TestServer::start().await;
    let admin = server.admin();
    server.bed.clock.advance_seconds(60);
    let key = admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let key_id = key["key_id"].as_str().unwrap();
    server.bed.clock.advance_seconds(60);
    admin.delete(&key_at(MEMBER, "ci")).await.ok();
    let actor = &server.org.admin.user_id;
    for (query, expected) in [
        (format!("resource_id={key_id}"), vec!["api_key_revoked", "api_key_created"]),
        (format!("resource_id={key_id}&action=api_key_created"), vec!["api_key_created"]),
        (format!("resource_id={key_id}&resource_type=user"), vec![]),
        (format!("resource_id={key_id}&actor_id={actor}"), vec!["api_key_revoked", "api_key_created"]),
        (format!("actor_id={actor}&action=api_key_revoked"), vec!["api_key_revoked"]),
        (format!("actor_id={actor}&resource_type=api_key&action=api_key_revoked"), vec!["api_key_revoked"]),
        ("actor_id=operator&resource_type=user".to_owned(), vec!["user_created"]),
        ("action=organization_created".to_owned(), vec!["organization_created"]),
        ("action=organization_created&resource_type=user".to_owned(), vec![]),
        ("action=bucket_created".to_owned(), vec![]),
        ("resource_type=namespace".to_owned(), vec![]),
        ("resource_id=%27%20OR%201=1%20--".to_owned(), vec![]),
        ("resource_id=a%00b".to_owned(), vec![]),
        ("start=2026-11-22T00:01:00Z".to_owned(), vec!["api_key_revoked", "api_key_created"]),
        ("start=2026-11-22T00:01:00Z&end=2026-11-22T00:02:00Z".to_owned(), vec!["api_key_created"]),
        ("start=2026-11-22T00:01:00.000001Z".to_owned(), vec!["api_key_revoked"]),
        ("start=2026-11-23".to_owned(), vec![]),
        ("end=2026-11-22".to_owned(), vec![]),
        (
            format!("resource_id={key_id}&end=2026-11-22T03:02:00%2B02:00"),
            vec!["api_key_revoked", "api_key_created"],
        ),
    ] {
        assert_eq!(actions(&admin, &query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn all_invalid_parameters_are_reported_together() {
    let server = TestServer::start().await;
    let query = "resource_type=x&action=y&start=now&end=never&skip=-1&limit=1001";
    let reply = server.admin().get(&format!("{LOGS}?{query}")).await;
    assert_eq!(
        reply.broken_rules(),
        [
            "query/resource_type enum",
            "query/action enum",
            "query/start datetime_parsing",
            "query/end datetime_parsing",
            "query/skip greater_than_equal",
            "query/limit less_than_equal",
        ]
    );
    for (query, rule) in [
        ("start=2026-11-23&end=2026-11-22", "query/end value_error"),
        ("start=2026-11-22&end=2026-11-22", "query/end value_error"),
        ("start=", "query/start datetime_parsing"),
        ("start=10000-01-01T00:00:00Z", "query/start datetime_parsing"),
        ("actor_id=%FF", "query/actor_id value_error"),
        ("actor_id=a&actor_id=b", "query/actor_id value_error"),
    ] {
        assert_eq!(server.admin().get(&format!("{LOGS}?{query}")).await.broken_rules(), [rule], "{query}");
    }
}

#[tokio::test]
async fn each_organization_sees_its_own_records() {
    let server = TestServer::start().await;
    let theirs = server.client(Actor::Foreign).await;
    let ours = server.org.organization_id.as_str();
    assert_eq!(actions(&theirs, &format!("resource_id={ours}")).await, [""; 0]);
    let list = theirs.get(LOGS).await.ok();
    assert!(!list.to_string().contains("acme"), "{list}");
}

#[tokio::test]
async fn nobody_else_can_read() {
    let server = TestServer::start().await;
    for actor in Actor::UNAUTHENTICATED {
        server.client(actor).await.get(LOGS).await.refused(401, "UnauthorizedError");
    }
    for actor in Actor::POWERLESS {
        server.client(actor).await.get(LOGS).await.refused(403, "ForbiddenError");
    }
}

#[tokio::test]
async fn a_scoped_key_needs_a_scope_of_its_own_organization() {
    let server = TestServer::start().await;
    let ours = server.org.organization_id.as_str().to_owned();
    for (number, (kind, id, operations, status)) in [
        ("organization", "*", Value::Null, 200),
        ("organization", ours.as_str(), json!(["read_data"]), 200),
        ("organization", ours.as_str(), json!(["write_data"]), 403),
        ("organization", "org_other", Value::Null, 403),
        ("user", "*", Value::Null, 403),
    ]
    .into_iter()
    .enumerate()
    {
        let scope = json!({"resource_type": kind, "resource_id": id, "operations": operations});
        let client = server.with_scoped_key("admin@acme.example", &format!("scoped {number}"), scope).await;
        assert_eq!(client.get(LOGS).await.status, status, "{kind} {id} {operations}");
    }
}
