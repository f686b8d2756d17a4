use model::key::Access;
use serde_json::{Value, json};

use super::{API_KEYS, api_key};
use crate::support::{ADMIN, Actor, Client, MEMBER, TestServer, VIEWER, encode, key_at, keys_of};

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap()).collect()
}

async fn found(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("{API_KEYS}?{query}")).await.data();
    names(&page).into_iter().map(str::to_owned).collect()
}

/// Creates keys of two users and a service account, one second apart. With the admin key there are: admin-key, a, b, c,
/// d, e.
async fn five(server: &TestServer) -> (Client, Value) {
    let admin = server.admin();
    let service_account =
        json!(server.bed.service_account(&server.org, "Nightly build", &[]).await.service_account_id);
    for (name, email) in [("a", MEMBER), ("b", ADMIN), ("c", MEMBER)] {
        server.bed.clock.advance_seconds(1);
        admin.post(&keys_of(email), json!({"name": name})).await.ok();
    }
    for name in ["d", "e"] {
        server.bed.clock.advance_seconds(1);
        admin.post(API_KEYS, json!({"name": name, "serviceAccountId": service_account})).await.data();
    }
    (admin, service_account)
}

#[tokio::test]
async fn keys_of_all_owners_are_listed_newest_first() {
    let server = TestServer::start().await;
    let (admin, service_account) = five(&server).await;
    let page = admin.get(API_KEYS).await.data();
    assert_eq!(names(&page), ["e", "d", "c", "b", "a", "admin-key"]);
    let rest = (&page["limit"], &page["offset"], &page["hasMore"], page.get("nextCursor"));
    assert_eq!(rest, (&json!(20), &json!(0), &json!(false), None));
    let owners: Vec<_> = [0, 2].iter().map(|at| &page["items"][at]).collect();
    assert_eq!((&owners[0]["serviceAccountId"], owners[0].get("userId")), (&service_account, None));
    assert_eq!(
        (&owners[1]["userId"], owners[1].get("serviceAccountId")),
        (&json!(server.member.user_id), None)
    );
    assert!(page["items"].as_array().unwrap().iter().all(|key| key.get("key").is_none()));
}

#[tokio::test]
async fn pages_are_found_by_offset_and_by_cursor() {
    let server = TestServer::start().await;
    let (admin, _) = five(&server).await;
    let all = ["e", "d", "c", "b", "a", "admin-key"];
    for (offset, expected, has_more) in
        [(0, 0..4, true), (2, 2..6, false), (5, 5..6, false), (6, 6..6, false)]
    {
        let page = admin.get(&format!("{API_KEYS}?limit=4&offset={offset}")).await.data();
        assert_eq!((names(&page), &page["hasMore"]), (all[expected].to_vec(), &json!(has_more)), "{offset}");
        assert_eq!((&page["limit"], &page["offset"]), (&json!(4), &json!(offset)));
    }
    for sort in
        ["", "&sort=-createdAt", "&sort=createdAt", "&sort=name", "&sort=-expiresAt", "&sort=lastUsedAt"]
    {
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let page = admin.get(&format!("{API_KEYS}?limit=2{sort}{next}")).await.data();
            seen.extend(names(&page).into_iter().map(str::to_owned));
            assert_eq!(page.get("nextCursor").is_some(), page["hasMore"] == true);
            let Some(cursor) = page.get("nextCursor") else { break };
            next = format!("&cursor={}", cursor.as_str().unwrap());
            // The cursor contains its sort order.
            let alone = admin.get(&format!("{API_KEYS}?limit=2{next}")).await.data();
            let both = admin.get(&format!("{API_KEYS}?limit=2{sort}{next}")).await.data();
            assert_eq!(alone, both);
        }
        assert_eq!(seen.len(), 6, "{sort}");
        match sort {
            "" | "&sort=-createdAt" => assert_eq!(seen, all),
            "&sort=createdAt" => assert!(seen.iter().eq(all.iter().rev())),
            "&sort=name" => assert_eq!(seen, ["a", "admin-key", "b", "c", "d", "e"]),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_list_can_be_filtered() {
    let server = TestServer::start().await;
    let (admin, service_account) = five(&server).await;
    let now = server.bed.clock.now();
    let end = now.plus_seconds(3600);
    admin.patch(&key_at(MEMBER, "a"), json!({"expires_at": end})).await.ok();
    admin.delete(&key_at(MEMBER, "c")).await.ok();
    let (member, service_account) = (server.member.user_id.as_str(), service_account.as_str().unwrap());
    let after = encode(&end.plus_seconds(1).to_rfc3339());
    for (query, expected) in [
        ("includeRevoked=true".to_owned(), &["e", "d", "c", "b", "a", "admin-key"][..]),
        ("includeRevoked=false".to_owned(), &["e", "d", "b", "a", "admin-key"]),
        ("status=active".to_owned(), &["e", "d", "b", "a", "admin-key"]),
        ("status=revoked".to_owned(), &["c"]),
        ("status=expired".to_owned(), &[]),
        ("status=disabled".to_owned(), &[]),
        ("status=all&includeRevoked=false".to_owned(), &["e", "d", "c", "b", "a", "admin-key"]),
        (format!("owner={member}"), &["a"]),
        (format!("owner={member}&includeRevoked=1"), &["c", "a"]),
        (format!("owner={service_account}"), &["e", "d"]),
        (format!("owner={service_account}&search=e"), &["e"]),
        ("owner=sa_doesnotexist".to_owned(), &[]),
        ("owner=usr_doesnotexist".to_owned(), &[]),
        ("name=b".to_owned(), &["b"]),
        ("name=B".to_owned(), &[]),
        ("search=nightly".to_owned(), &["e", "d"]),
        ("search=BUILD".to_owned(), &["e", "d"]),
        ("search=member%40".to_owned(), &["a"]),
        ("search=sk_live_&limit=1".to_owned(), &["e"]),
        ("search=%00".to_owned(), &[]),
        (format!("expiresBefore={after}"), &["a"]),
        (format!("expiresBefore={}", encode(&end.to_rfc3339())), &[]),
        (format!("lastUsedBefore={}&owner={service_account}", encode(&now.to_rfc3339())), &["e", "d"]),
        ("unknown=1&=&%FF".to_owned(), &["e", "d", "b", "a", "admin-key"]),
    ] {
        assert_eq!(found(&admin, &query).await, expected, "{query}");
    }
    server.bed.clock.advance_seconds(3600);
    assert_eq!(found(&admin, "status=expired").await, ["a"]);
    assert_eq!(found(&admin, &format!("owner={member}")).await, [""; 0]);
}

#[tokio::test]
async fn an_invalid_parameter_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin();
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("includeRevoked=yes", "includeRevoked"),
        ("status=expiring", "status"),
        ("status=", "status"),
        ("owner=key_a1", "owner"),
        ("owner=member%40acme.example", "owner"),
        ("name=", "name"),
        ("name=%00", "name"),
        ("expiresBefore=tomorrow", "expiresBefore"),
        ("lastUsedBefore=2026-13-01T00:00:00Z", "lastUsedBefore"),
        ("sort=created_at", "sort"),
        ("sort=name;DROP", "sort"),
        ("cursor=", "cursor"),
        ("cursor=name.key_a1.00", "cursor"),
        ("cursor=name.key_a1.61&sort=-name", "cursor"),
        ("cursor=name.key_a1.61&offset=1", "offset"),
        ("limit=5&limit=5", "limit"),
        ("search=%FF", "search"),
    ] {
        let message = admin.get(&format!("{API_KEYS}?{query}")).await.enveloped(400);
        assert!(message.starts_with(&format!("{parameter}: ")), "{query}: {message}");
    }
    let long = "é".repeat(201);
    admin.get(&format!("{API_KEYS}?search={}", encode(&long))).await.enveloped(400);
    let message = admin.get(&format!("{API_KEYS}?limit=0&offset=-1")).await.enveloped(400);
    assert!(message.contains("limit: ") && message.contains("offset: "), "{message}");
}

#[tokio::test]
async fn a_key_without_admin_sees_only_the_keys_of_its_owner() {
    let server = TestServer::start().await;
    five(&server).await;
    server.client(Actor::Foreign).await.post(API_KEYS, json!({"name": "theirs"})).await.data();
    for (actor, owner) in [(Actor::Member, &server.member), (Actor::Viewer, &server.viewer)] {
        let client = server.client(actor).await;
        for query in ["", "includeRevoked=true", &format!("owner={}", server.org.admin.user_id), "search=e"] {
            let page = client.get(&format!("{API_KEYS}?{query}")).await.data();
            let mut items = page["items"].as_array().unwrap().iter();
            assert!(items.all(|key| key["userId"] == json!(owner.user_id)), "{actor:?} {query}");
        }
    }
    assert_eq!(found(&server.admin(), "search=theirs").await, [""; 0]);
}

#[tokio::test]
async fn a_scoped_key_lists_what_its_scopes_reach() {
    let server = TestServer::start().await;
    let (_, service_account) = five(&server).await;
    let scope = |kind: &str, id: &str| json!({"resource_type": kind, "resource_id": id});
    let whole = server.with_scoped_key(ADMIN, "whole", scope("organization", "*")).await;
    assert!(found(&whole, "").await.contains(&"e".to_owned()));
    let member = server.member.user_id.as_str();
    let one = server.with_scoped_key(ADMIN, "one", scope("user", member)).await;
    assert_eq!(found(&one, &format!("owner={member}")).await, ["c", "a"]);
    // A scope may name the member by e-mail address and the list by id.
    let by_email = server.with_scoped_key(ADMIN, "by e-mail", scope("user", "MEMBER@acme.*")).await;
    assert_eq!(found(&by_email, &format!("owner={member}")).await, ["c", "a"]);
    let single = server.with_scoped_key(ADMIN, "single", scope("api_key", "a")).await;
    let key = server.admin().get(&keys_of(MEMBER)).await.ok()["results"][1].clone();
    single.get(&api_key(&key["key_id"])).await.data();
    let others = vec![
        String::new(),
        format!("owner={}", server.org.admin.user_id),
        format!("owner={}", service_account.as_str().unwrap()),
        "owner=usr_doesnotexist".to_owned(),
    ];
    for (client, queries) in [
        (&one, others.clone()),
        (&by_email, others),
        (&single, vec![String::new(), format!("owner={member}")]),
    ] {
        for query in queries {
            client.get(&format!("{API_KEYS}?{query}")).await.enveloped(403);
        }
    }
}

#[tokio::test]
async fn a_service_account_needs_the_permission_to_list() {
    let server = TestServer::start().await;
    five(&server).await;
    let (_, with) = server.service_account("with", &["apikey:read"], Access::Read).await;
    let (_, without) = server
        .service_account("without", &["apikey:create", "apikey:delete", "org:read"], Access::ReadWrite)
        .await;
    assert_eq!(found(&with, "").await.len(), 8);
    without.get(API_KEYS).await.enveloped(403);
    without.get(&format!("{API_KEYS}/key_doesnotexist")).await.enveloped(403);
    for path in
        [keys_of(ADMIN), keys_of(VIEWER), keys_of("ghost@acme.example"), "/v1/organizations".to_owned()]
    {
        with.get(&path).await.refused(403, "ForbiddenError");
    }
}

#[tokio::test]
async fn the_list_is_the_same_on_postgres() {
    let server = TestServer::start_on_postgres().await;
    let (admin, service_account) = five(&server).await;
    assert_eq!(found(&admin, "limit=2&offset=1").await, ["d", "c"]);
    let page = admin.get(&format!("{API_KEYS}?limit=3&sort=name")).await.data();
    assert_eq!(names(&page), ["a", "admin-key", "b"]);
    let next = page["nextCursor"].as_str().unwrap();
    assert_eq!(found(&admin, &format!("cursor={next}")).await, ["c", "d", "e"]);
    let after = encode(&server.bed.clock.now().plus_seconds(1).to_rfc3339());
    let owner = service_account.as_str().unwrap();
    assert_eq!(found(&admin, &format!("owner={owner}&lastUsedBefore={after}&name=d")).await, ["d"]);
    assert_eq!(found(&admin, "search=nightly&includeRevoked=true").await, ["e", "d"]);
}
