use serde_json::{Value, json};

use super::assert_for_admins_only;
use crate::support::{ADMIN, Actor, MEMBER, TestServer, VIEWER, user_at};

const USERS: &str = "/v1/organizations/users";

fn emails(list: &Value) -> Vec<&str> {
    list["results"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn members_are_listed_oldest_first_in_pages() {
    let server = TestServer::start().await;
    server.foreign().await;
    let admin = server.admin();
    server.bed.clock.advance_seconds(1);
    admin.post(USERS, json!({"email": "zed@acme.example", "user_name": "Zed"})).await.ok();

    let all = admin.get(USERS).await.ok();
    assert_eq!((&all["total"], &all["skip"], &all["limit"]), (&json!(4), &json!(0), &json!(50)));
    assert_eq!(emails(&all).len(), 4);
    assert_eq!(emails(&all)[3], "zed@acme.example");
    let page = admin.get(&format!("{USERS}?skip=1&limit=2")).await.ok();
    assert_eq!((&page["total"], &page["skip"], &page["limit"]), (&json!(4), &json!(1), &json!(2)));
    assert_eq!(emails(&page), emails(&all)[1..3]);
    let beyond = admin.get(&format!("{USERS}?skip=2147483647&limit=1000")).await.ok();
    assert_eq!((emails(&beyond).len(), &beyond["total"]), (0, &json!(4)));
}

#[tokio::test]
async fn members_are_found_by_role_and_status() {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.patch(&user_at(VIEWER), json!({"status": "suspended"})).await.ok();
    for (query, expected) in [
        ("role=admin", vec![ADMIN]),
        ("role=member", vec![MEMBER]),
        ("status=suspended", vec![VIEWER]),
        ("role=viewer&status=suspended", vec![VIEWER]),
        ("role=viewer&status=active", vec![]),
        ("search=member&sort=name", vec![ADMIN, MEMBER, VIEWER]),
    ] {
        let list = admin.get(&format!("{USERS}?{query}")).await.ok();
        let mut found = emails(&list);
        found.sort_unstable();
        assert_eq!((found, &list["total"]), (expected.clone(), &json!(expected.len())), "{query}");
    }
}

#[tokio::test]
async fn all_invalid_parameters_are_reported_together() {
    let server = TestServer::start().await;
    let reply = server.admin().get(&format!("{USERS}?skip=-1&limit=1001&role=root&status=gone")).await;
    assert_eq!(
        reply.broken_rules(),
        [
            "query/skip greater_than_equal",
            "query/limit less_than_equal",
            "query/role enum",
            "query/status enum"
        ]
    );
    for (query, rule) in [
        ("limit=0", "query/limit greater_than_equal"),
        ("limit=", "query/limit int_type"),
        ("limit=ten", "query/limit int_type"),
        ("limit=5.0", "query/limit int_from_float"),
        ("limit=99999999999999999999999", "query/limit less_than_equal"),
        ("skip=99999999999999999999999", "query/skip less_than_equal"),
        ("limit=5&limit=5", "query/limit value_error"),
        ("role=ADMIN", "query/role enum"),
    ] {
        assert_eq!(server.admin().get(&format!("{USERS}?{query}")).await.broken_rules(), [rule]);
    }
}

#[tokio::test]
async fn each_organization_sees_its_own_members() {
    let server = TestServer::start().await;
    let list = server.client(Actor::Foreign).await.get(USERS).await.ok();
    assert!(emails(&list).iter().all(|email| email.ends_with("@globex.example")), "{list}");
}

#[tokio::test]
async fn nobody_else_can_read() {
    assert_for_admins_only("GET", USERS, json!(null)).await;
}
