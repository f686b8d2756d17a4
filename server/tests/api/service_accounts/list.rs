use model::key::Access;
use serde_json::{Value, json};

use super::{SERVICE_ACCOUNTS, service_account_at};
use crate::support::{Actor, TestServer};

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn service_accounts_are_listed_oldest_first_in_pages() {
    let server = TestServer::start().await;
    let admin = server.admin();
    server
        .client(Actor::Foreign)
        .await
        .post(SERVICE_ACCOUNTS, json!({"name": "theirs", "permissions": []}))
        .await
        .data();
    for name in ["c", "b", "a"] {
        let made = admin.post(SERVICE_ACCOUNTS, json!({"name": name, "permissions": []})).await.data();
        server.bed.clock.advance_seconds(1);
        if name == "b" {
            admin.delete(&service_account_at(&made["id"])).await.data();
        }
    }
    let page = admin.get(SERVICE_ACCOUNTS).await.data();
    assert_eq!(names(&page), ["c", "b", "a"]);
    let rest = (&page["limit"], &page["offset"], &page["hasMore"]);
    assert_eq!(rest, (&json!(20), &json!(0), &json!(false)));
    for (query, expected, has_more) in [
        ("limit=2", &["c", "b"][..], true),
        ("limit=2&offset=1", &["b", "a"], false),
        ("offset=3", &[], false),
        ("status=active", &["c", "a"], false),
        ("status=disabled", &["b"], false),
        ("status=active&limit=1", &["c"], true),
    ] {
        let page = admin.get(&format!("{SERVICE_ACCOUNTS}?{query}")).await.data();
        assert_eq!((names(&page), &page["hasMore"]), (expected.to_vec(), &json!(has_more)), "{query}");
    }
}

#[tokio::test]
async fn an_invalid_parameter_is_refused() {
    let server = TestServer::start().await;
    for query in ["limit=0", "limit=101", "offset=-1", "offset=x", "status=gone", "limit=1&limit=1"] {
        let message = server.admin().get(&format!("{SERVICE_ACCOUNTS}?{query}")).await.enveloped(400);
        assert!(message.starts_with(query.split('=').next().unwrap()), "{query}: {message}");
    }
}

#[tokio::test]
async fn a_service_account_needs_the_permission() {
    let server = TestServer::start().await;
    let (_, with) = server.service_account("with", &["serviceaccount:read"], Access::Read).await;
    let (_, without) =
        server.service_account("without", &["serviceaccount:create", "apikey:read"], Access::ReadWrite).await;
    assert_eq!(names(&with.get(SERVICE_ACCOUNTS).await.data()), ["with", "without"]);
    without.get(SERVICE_ACCOUNTS).await.enveloped(403);
}
