use serde_json::json;

use super::assert_for_admins_only;
use crate::support::{MEMBER, TestServer, user_at};

#[tokio::test]
async fn a_member_is_found_by_address_in_any_letter_case() {
    let server = TestServer::start().await;
    for email in [MEMBER.to_owned(), MEMBER.to_uppercase()] {
        assert_eq!(server.admin().get(&user_at(&email)).await.ok()["user_id"], json!(server.member.user_id));
    }
}

#[tokio::test]
async fn a_foreign_member_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    server.foreign().await;
    let foreign = server.admin().get(&user_at("member@globex.example")).await;
    let missing = server.admin().get(&user_at("ghost@acme.example")).await;
    foreign.refused(404, "NotFoundError");
    assert_eq!(foreign.body, missing.body);
    // An id is not accepted in place of an e-mail address.
    server.admin().get(&user_at(server.member.user_id.as_str())).await.refused(404, "NotFoundError");
}

#[tokio::test]
async fn nobody_else_can_read() {
    assert_for_admins_only("GET", &user_at(MEMBER), json!(null)).await;
}
