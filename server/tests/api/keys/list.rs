use serde_json::{Value, json};

use crate::support::{ADMIN, Actor, MEMBER, Reply, TestServer, VIEWER, key_at, keys_of};

fn names(list: &Value) -> Vec<&str> {
    list["results"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn active_keys_are_listed_newest_first() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for name in ["first", "second", "third"] {
        admin.post(&keys_of(MEMBER), json!({"name": name})).await.ok();
        server.bed.clock.advance_seconds(1);
    }
    let end = server.bed.clock.now().plus_seconds(60);
    admin.post(&keys_of(MEMBER), json!({"name": "short", "expires_at": end})).await.ok();
    admin.delete(&key_at(MEMBER, "second")).await.ok();
    server.bed.clock.advance_seconds(60);

    let list = admin.get(&keys_of(MEMBER)).await.ok();
    assert_eq!(list.as_object().unwrap().keys().collect::<Vec<_>>(), ["results", "total"]);
    assert_eq!((names(&list), &list["total"]), (vec!["third", "first"], &json!(2)));
    assert!(list["results"][0].get("key").is_none());
}

#[tokio::test]
async fn ended_keys_are_listed_if_asked_for() {
    let server = TestServer::start().await;
    let admin = server.admin();
    let end = server.bed.clock.now().plus_seconds(60);
    admin.post(&keys_of(MEMBER), json!({"name": "short", "expires_at": end})).await.ok();
    server.bed.clock.advance_seconds(60);
    admin.post(&keys_of(MEMBER), json!({"name": "gone"})).await.ok();
    admin.delete(&key_at(MEMBER, "gone")).await.ok();

    for word in ["true", "TRUE", "True", "1"] {
        let list = admin.get(&format!("{}?include_revoked={word}", keys_of(MEMBER))).await.ok();
        assert_eq!((names(&list), &list["total"]), (vec!["gone", "short"], &json!(2)), "{word}");
        assert_eq!(list["results"][0]["status"], "revoked");
        assert_eq!(list["results"][0]["revoked_at"], "2026-11-22T00:01:00Z");
        assert_eq!(list["results"][0]["revoked_by"], json!(server.org.admin.user_id));
        assert_eq!(
            (&list["results"][1]["status"], &list["results"][1]["revoked_at"]),
            (&json!("expired"), &json!(null))
        );
    }
    for word in ["false", "0", "FALSE"] {
        assert_eq!(admin.get(&format!("{}?include_revoked={word}", keys_of(MEMBER))).await.ok()["total"], 0);
    }
    for query in ["include_session_keys=true", "force=1", "page=2", "", "&&", "=", "%FF=%zz"] {
        assert_eq!(admin.get(&format!("{}?{query}", keys_of(MEMBER))).await.ok()["total"], 0, "{query}");
    }
}

#[tokio::test]
async fn an_invalid_or_repeated_parameter_is_refused() {
    let server = TestServer::start().await;
    for (query, rule) in [
        ("include_revoked=", "bool_parsing"),
        ("include_revoked", "bool_parsing"),
        ("include_revoked=yes", "bool_parsing"),
        ("include_revoked=2", "bool_parsing"),
        ("include_revoked=%FF", "value_error"),
        ("include_revoked=true&include_revoked=true", "value_error"),
        ("include_revoked=true&include%5Frevoked=false", "value_error"),
    ] {
        let reply = server.admin().get(&format!("{}?{query}", keys_of(MEMBER))).await;
        assert_eq!(reply.broken_rules(), [format!("query/include_revoked {rule}")], "{query}");
    }
}

#[tokio::test]
async fn a_key_without_admin_sees_only_the_keys_of_its_owner() {
    let server = TestServer::start().await;
    server.foreign().await;
    for (actor, own, others) in
        [(Actor::Member, MEMBER, VIEWER), (Actor::Viewer, VIEWER, MEMBER), (Actor::LesserKey, ADMIN, MEMBER)]
    {
        let client = server.client(actor).await;
        client.get(&keys_of(own)).await.ok();
        client.get(&keys_of(&own.to_uppercase())).await.ok();
        let mut refusals: Vec<Reply> = Vec::new();
        for email in [others, "ghost@acme.example", "member@globex.example", "", "%"] {
            if !email.is_empty() {
                refusals.push(client.get(&keys_of(email)).await);
            }
        }
        refusals.dedup_by(|one, other| one.body == other.body);
        assert_eq!(refusals.len(), 1, "{actor:?}");
        refusals[0].refused(403, "ForbiddenError");
    }
}

#[tokio::test]
async fn a_foreign_user_gets_the_same_response_as_a_missing_one() {
    let server = TestServer::start().await;
    server.foreign().await;
    let foreign = server.admin().get(&keys_of("member@globex.example")).await;
    let missing = server.admin().get(&keys_of("ghost@acme.example")).await;
    foreign.refused(404, "NotFoundError");
    assert_eq!(foreign.body, missing.body);
}

#[tokio::test]
async fn the_same_name_in_two_organizations_is_two_keys() {
    let server = TestServer::start().await;
    let foreign = server.client(Actor::Foreign).await;
    server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    foreign.post(&keys_of("member@globex.example"), json!({"name": "ci"})).await.ok();
    foreign.delete(&key_at(MEMBER, "ci")).await.refused(404, "NotFoundError");
    foreign.delete(&key_at("member@globex.example", "ci")).await.ok();
    assert_eq!(server.admin().get(&keys_of(MEMBER)).await.ok()["total"], 1);
}

#[tokio::test]
async fn a_use_is_visible_within_five_seconds() {
    let server = TestServer::start().await;
    let background = server.bed.service.start_background();
    let client = server.client(Actor::Member).await;
    client.get(&keys_of(MEMBER)).await.ok();
    background.stop().await;
    let list = server.admin().get(&keys_of(MEMBER)).await.ok();
    assert_eq!(list["results"][0]["last_used_at"], "2026-11-22T00:00:00Z");
}
