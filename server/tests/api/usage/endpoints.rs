use serde_json::json;

use super::{ask, usage_of};
use crate::support::{MEMBER, TestServer, encode, keys_of, user_at};

#[tokio::test]
async fn requests_are_counted_by_method_and_route_and_never_by_path() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let admin = server.admin();
        let key = admin.post(&keys_of(MEMBER), json!({"name": "ci", "rate_limit_override": 6})).await.ok();
        let client = server.with_key(key["key"].as_str());
        for _ in 0..3 {
            client.get(&keys_of(MEMBER)).await.ok();
        }
        client.get(&user_at(MEMBER)).await.refused(403, "ForbiddenError");
        client.post(&keys_of(MEMBER), json!({"name": "x"})).await.refused(403, "ForbiddenError");
        client
            .get(&format!("/v1/organizations/{}", encode("nothing here")))
            .await
            .refused(404, "NotFoundError");
        client.send("PUT", &keys_of(MEMBER), &[], "".into()).await.refused(405, "MethodNotAllowedError");
        client.get(&format!("{}?include_revoked=x", keys_of(MEMBER))).await.broken_rules();
        client.get(&keys_of(MEMBER)).await.refused(429, "TooManyRequestsError");
        let keys = "/v1/organizations/users/{user_email}/api-keys";
        assert_eq!(
            ask(&server, &admin, &format!("{}/endpoints", usage_of(&key["key_id"]))).await,
            json!([
                {"method": "GET", "path": keys, "requests": 4, "errors": 1},
                {"method": "GET", "path": "/v1/organizations/users/{user_email}", "requests": 1, "errors": 1},
                {"method": "POST", "path": keys, "requests": 1, "errors": 1},
            ])
        );
        let other_day = format!("{}/endpoints?end=2026-11-22", usage_of(&key["key_id"]));
        assert_eq!(ask(&server, &admin, &other_day).await, json!([]));
    }
}
