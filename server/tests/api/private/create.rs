use serde_json::{Value, json};

use super::{PRIVATE, assert_for_the_operator_only, bootstrap_at, operator, organization_at};
use crate::support::TestServer;

#[tokio::test]
async fn an_organization_is_created_with_its_users_and_works() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let operator = operator(&server);
        let body = json!({
            "organization_name": "Initech", "logo_url": "https://initech.example/logo.png",
            "metadata": {"plan": "x"}, "account_type": "pro",
            "users": [
                {"email": "Bill@initech.example", "user_name": "Bill"},
                {"email": "peter@initech.example", "user_name": "Peter"},
                {"email": "milton@initech.example", "user_name": "Milton", "role": "viewer"},
            ],
        });
        let made = operator.post(PRIVATE, body).await.ok();
        let id = made["organization_id"].as_str().unwrap();
        assert_eq!(made["organization_name"], "Initech");
        assert_eq!(made["account_type"], "enterprise");
        assert_eq!(made["metadata"], json!({"plan": "x"}));
        let mut roles: Vec<_> = made["users"].as_array().unwrap().iter().map(|user| &user["role"]).collect();
        roles.sort_by_key(ToString::to_string);
        assert_eq!(roles, [&json!("admin"), &json!("member"), &json!("viewer")]);
        assert_eq!(operator.get(&organization_at(id)).await.ok(), made);

        let key = operator.post_nothing(&bootstrap_at(id, "bill@initech.example")).await.secret();
        let bill = server.with_key(Some(&key));
        assert_eq!(bill.get("/v1/me").await.ok()["organization_id"], id);
        let log = bill.get("/v1/organizations/audit/logs").await.ok();
        let actions: Vec<_> =
            log["results"].as_array().unwrap().iter().map(|r| r["action"].clone()).collect();
        assert_eq!(
            Value::from(actions),
            json!([
                "api_key_created",
                "user_created",
                "user_created",
                "user_created",
                "organization_created"
            ])
        );
        assert!(log["results"].as_array().unwrap().iter().all(|record| record["actor_type"] == "operator"));
    }
}

#[tokio::test]
async fn an_organization_can_be_created_without_users() {
    let server = TestServer::start().await;
    for body in [
        json!({"organization_name": "A"}),
        json!({"organization_name": "A", "users": null, "metadata": null, "account_type": null}),
    ] {
        assert_eq!(operator(&server).post(PRIVATE, body).await.ok()["users"], json!([]));
    }
}

#[tokio::test]
async fn all_validation_errors_are_reported_together_and_nothing_is_created() {
    let server = TestServer::start().await;
    let body = json!({
        "organization_name": "", "account_type": "gold", "metadata": [], "credit_count": 5,
        "users": [{"email": "x", "user_name": "Bill"}, 5, {"user_name": "x", "role": "root", "status": "active"}],
    });
    let reply = operator(&server).post(PRIVATE, body).await;
    let mut rules = reply.broken_rules();
    rules.sort();
    assert_eq!(
        rules,
        [
            "body/account_type enum",
            "body/credit_count extra_forbidden",
            "body/metadata model_attributes_type",
            "body/organization_name string_too_short",
            "body/users/0/email string_too_short",
            "body/users/1 model_attributes_type",
            "body/users/2/email missing",
            "body/users/2/role enum",
            "body/users/2/status extra_forbidden",
            "body/users/2/user_name string_too_short",
        ]
    );
    let twice = json!({"organization_name": "Twice", "users": [
        {"email": "a@b.example", "user_name": "One"}, {"email": "A@b.example", "user_name": "Two"},
    ]});
    operator(&server).post(PRIVATE, twice).await.refused(409, "AlreadyExistsError");
    let long = json!({"organization_name": "a".repeat(101)});
    assert_eq!(
        operator(&server).post(PRIVATE, long).await.broken_rules(),
        ["body/organization_name string_too_long"]
    );
    assert_eq!(
        operator(&server).post(PRIVATE, json!({})).await.broken_rules(),
        ["body/organization_name missing"]
    );
}

#[tokio::test]
async fn nobody_else_can_use_the_endpoint() {
    assert_for_the_operator_only(&TestServer::start().await, "POST", PRIVATE).await;
}
