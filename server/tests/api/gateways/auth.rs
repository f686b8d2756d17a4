//! The requests that proxies send to gateways, in the format of each proxy. The tests with real proxies are in
//! `tests/proxies`.

use axum::body::Body;
use model::gateway::{GatewayDraft, HandedHeader, RuleDraft};
use model::key::PlainKey;
use serde_json::json;
use service::{Clock, Entropy, Service, Settings};

use crate::support::{MEMBER, Reply, TestServer, key_at, keys_of};

const PROXIES: [&str; 4] = ["nginx", "traefik", "caddy", "envoy"];

/// A server with a gateway, and a client that asks it.
struct ProxyClient {
    server: TestServer,
    id: String,
}

impl ProxyClient {
    async fn start(rules: &[(&str, &str, &str)]) -> Self {
        Self::start_with(rules, GatewayDraft::default()).await
    }

    async fn start_with(rules: &[(&str, &str, &str)], draft: GatewayDraft) -> Self {
        let server = TestServer::start().await;
        let rule = |(method, path, what): &(&str, &str, &str)| RuleDraft {
            method: (!method.is_empty()).then(|| (*method).to_owned()),
            path: Some((*path).to_owned()),
            access: (*what == "open" || *what == "closed").then(|| (*what).to_owned()),
            permission: (*what != "open" && *what != "closed").then(|| (*what).to_owned()),
            ..RuleDraft::default()
        };
        let rules = Some(rules.iter().map(rule).collect());
        let gateway = server.bed.gateway(&server.org, GatewayDraft { rules, ..draft }).await;
        Self { id: gateway.gateway_id.to_string(), server }
    }

    async fn ask(&self, proxy: &str, method: &str, target: &str, headers: &[(&str, &str)]) -> Reply {
        let (asked, path): (Vec<(&str, &str)>, String) = match proxy {
            "nginx" => (vec![("x-original-method", method), ("x-original-uri", target)], "nginx".to_owned()),
            "envoy" => (Vec::new(), format!("envoy{target}")),
            other => (vec![("x-forwarded-method", method), ("x-forwarded-uri", target)], other.to_owned()),
        };
        let own = if proxy == "envoy" { method } else { "GET" };
        let path = format!("/auth/{}/{path}", self.id);
        let client = self.server.with_key(None);
        client.send(own, &path, &[asked.as_slice(), headers].concat(), Body::empty()).await
    }

    async fn key(&self, body: serde_json::Value) -> String {
        format!("Bearer {}", self.server.admin().post(&keys_of(MEMBER), body).await.secret())
    }
}

fn decision(reply: &Reply) -> (u16, &str) {
    (reply.status, reply.header("x-key-decision").unwrap_or("-"))
}

#[tokio::test]
async fn a_valid_key_passes_with_every_identity_header_set() {
    let asker = ProxyClient::start(&[]).await;
    let key = asker.key(json!({"name": "ключ 1", "permissions": ["write", "read"]})).await;
    for proxy in PROXIES {
        let reply =
            asker.ask(proxy, "GET", "/v1/x", &[("authorization", &key), ("x-key-id", "key_mine")]).await;
        assert_eq!(decision(&reply), (200, "allowed"), "{proxy}");
        assert!(reply.body.is_empty());
        let reported: Vec<_> =
            HandedHeader::ALL.iter().map(|header| reply.header(header.as_str()).unwrap()).collect();
        assert!(reported[0].starts_with("key_") && reported[0] != "key_mine");
        assert_eq!(
            reported[1..],
            [
                "%D0%BA%D0%BB%D1%8E%D1%87%201",
                asker.server.member.user_id.as_str(),
                MEMBER,
                asker.server.org.organization_id.as_str(),
                "read,write",
                "*",
                "",
                "live",
            ]
        );
        let removed = (proxy == "envoy").then_some("Authorization");
        assert_eq!(reply.header("x-envoy-auth-headers-to-remove"), removed);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn the_upstream_learns_the_environment_of_the_key() {
    let asker = ProxyClient::start(&[]).await;
    let body = json!({"name": "ci", "environment": "staging9x"});
    let made = asker.server.admin().post("/v1/api-keys", body).await.data();
    let key = format!("Bearer {}", made["key"].as_str().unwrap());
    let gateway = format!("/v1/gateways/{}", asker.id);
    for (headers, expected) in
        [(None, "staging9x"), (Some("X-Key-Id"), ""), (Some("x-key-environment"), "staging9x")]
    {
        if let Some(header) = headers {
            asker.server.admin().patch(&gateway, json!({"headers": [header]})).await.ok();
        }
        for proxy in PROXIES {
            let headers = [("authorization", key.as_str()), ("x-key-environment", "live")];
            let reply = asker.ask(proxy, "GET", "/v1/x", &headers).await;
            assert_eq!(decision(&reply), (200, "allowed"), "{proxy}");
            assert_eq!(reply.header("x-key-environment"), Some(expected), "{proxy} {headers:?}");
        }
    }
}

#[tokio::test]
async fn headers_that_are_switched_off_are_empty() {
    let draft = GatewayDraft {
        headers: Some(vec!["X-Key-Id".into()]),
        hide_key: Some(false),
        ..GatewayDraft::default()
    };
    let asker = ProxyClient::start_with(&[("", "/open", "open"), ("", "/**", "read")], draft).await;
    let key = asker.key(json!({"name": "ci"})).await;
    for proxy in PROXIES {
        let closed = asker.ask(proxy, "GET", "/v1", &[("authorization", &key)]).await;
        let open = asker.ask(proxy, "GET", "/open", &[]).await;
        assert_eq!((decision(&closed), decision(&open)), ((200, "allowed"), (200, "allowed")));
        for header in HandedHeader::ALL {
            assert_eq!(open.header(header.as_str()), Some(""));
            assert_eq!(closed.header(header.as_str()) == Some(""), *header != HandedHeader::KeyId);
        }
        assert_eq!(closed.header("x-envoy-auth-headers-to-remove"), None);
    }
}

#[tokio::test]
async fn a_client_without_a_valid_key_learns_how_to_send_one_and_not_why_it_was_refused() {
    let asker = ProxyClient::start(&[]).await;
    let server = &asker.server;
    let revoked = asker.key(json!({"name": "revoked"})).await;
    server.admin().delete(&key_at(MEMBER, "revoked")).await.ok();
    let expired = asker.key(json!({"name": "expired", "expires_at": "2026-11-22T00:00:01Z"})).await;
    server.bed.clock.advance_seconds(1);
    let unknown = PlainKey::from_random(&model::key::KeyPrefix::default(), &"a".repeat(32));
    let unknown = format!("Bearer {}", unknown.reveal());
    let foreign = format!("Bearer {}", server.foreign().await.admin_key.reveal());
    for proxy in PROXIES {
        let none = asker.ask(proxy, "GET", "/", &[]).await;
        assert_eq!(decision(&none), (401, "no_key"));
        assert_eq!(none.header("www-authenticate"), Some("Bearer realm=\"API\""));
        let mut bodies = Vec::new();
        for key in [revoked.as_str(), &expired, &unknown, &foreign, "Bearer nonsense"] {
            let reply = asker.ask(proxy, "GET", "/", &[("authorization", key)]).await;
            assert_eq!(decision(&reply), (401, "invalid_key"), "{proxy} {key}");
            assert_eq!(
                reply.header("www-authenticate"),
                Some("Bearer realm=\"API\", error=\"invalid_token\"")
            );
            assert_eq!(reply.header("content-type"), Some("application/problem+json"));
            assert!(reply.header("x-request-id").is_some());
            bodies.push(reply.text());
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        for headers in [
            &[("authorization", "Basic eDp5")][..],
            &[("authorization", revoked.as_str()), ("authorization", unknown.as_str())],
            &[("cookie", "authorization=x")],
        ] {
            assert_eq!(decision(&asker.ask(proxy, "GET", "/", headers).await), (401, "no_key"));
        }
        let in_the_address = format!("/?key={}", &unknown[7..]);
        assert_eq!(decision(&asker.ask(proxy, "GET", &in_the_address, &[]).await), (401, "no_key"));
    }
}

#[tokio::test]
async fn rules_apply_to_every_proxy_and_spelling() {
    let rules =
        [("", "/healthz", "open"), ("GET", "/v1/**", "read"), ("", "/v1/**", "write"), ("", "/no", "closed")];
    let asker = ProxyClient::start(&rules).await;
    let key = asker.key(json!({"name": "reader"})).await;
    for proxy in PROXIES {
        for (method, target, expected) in [
            ("GET", "/v1/x?y=/../..", (200, "allowed")),
            ("HEAD", "/v1/x", (200, "allowed")),
            ("POST", "/v1/x", (403, "insufficient_permissions")),
            ("PURGE", "/v1/x", (403, "insufficient_permissions")),
            ("GET", "/healthz", (200, "allowed")),
            ("GET", "/no", (403, "closed")),
            ("GET", "/elsewhere", (403, "closed")),
            ("GET", "/V1/x", (403, "unreadable")),
            ("GET", "//v1/x", (403, "unreadable")),
            ("GET", "/healthz/../v1/x", (403, "unreadable")),
            ("GET", "/healthz/%2e%2e/v1", (403, "unreadable")),
            ("GET", "/v1%2Fx", (403, "unreadable")),
            ("get", "/v1/x", (403, "unreadable")),
        ] {
            let reply = asker.ask(proxy, method, target, &[("authorization", &key)]).await;
            assert_eq!(decision(&reply), expected, "{proxy} {method} {target}");
        }
    }
}

#[tokio::test]
async fn a_path_that_looks_like_a_closed_one_is_refused() {
    let asker = ProxyClient::start(&[("", "/admin/users/**", "closed"), ("", "/**", "read")]).await;
    let key = asker.key(json!({"name": "reader"})).await;
    for proxy in PROXIES {
        let ask = async |target: &str| {
            decision(&asker.ask(proxy, "GET", target, &[("authorization", &key)]).await).1.to_owned()
        };
        for target in [
            "/admin/u%C5%BFers",
            "/adm%C4%B1n/users",
            "/admin/%EF%BD%95sers",
            "/admin/users./x",
            "/admin/users%20",
            "/admin/us%E2%80%8Bers",
            "/admin%EF%BC%8Fusers",
            "/admin/.../users",
            "/admin/users::$INDEX_ALLOCATION",
        ] {
            assert_eq!(ask(target).await, "unreadable", "{proxy} {target}");
        }
        for target in ["/admin/user", "/admin/us%D0%B5rs", "/files/report.", "/caf%C3%A9", "/commits/HEAD~1"]
        {
            assert_eq!(ask(target).await, "allowed", "{proxy} {target}");
        }
    }
}

#[tokio::test]
async fn headers_that_change_the_request_are_refused_in_every_spelling() {
    let asker = ProxyClient::start(&[("GET", "/v1/**", "read"), ("", "/v1/**", "write")]).await;
    let key = asker.key(json!({"name": "reader"})).await;
    for proxy in PROXIES {
        for name in [
            "X-HTTP-Method-Override",
            "X-HTTP_Method-Override",
            "x_http_method",
            "X.Method.Override",
            "X-Original-URL",
            "X_Original-URL",
            "X-Rewrite-URL",
            "X-Forwarded-Path",
            "X-Envoy-Original-Path",
            "Script_Name",
        ] {
            let headers = [("authorization", key.as_str()), (name, "DELETE")];
            let reply = asker.ask(proxy, "GET", "/v1/x", &headers).await;
            assert_eq!(decision(&reply), (403, "unreadable"), "{proxy} {name}");
        }
        let prefix = [("authorization", key.as_str()), ("x-forwarded-prefix", "/v1")];
        let reported = if proxy == "traefik" { "allowed" } else { "unreadable" };
        assert_eq!(decision(&asker.ask(proxy, "GET", "/v1/x", &prefix).await).1, reported, "{proxy}");
        // Only the proxy may set the headers that describe the request, and the client may not send them in another
        // spelling.
        let own = if proxy == "nginx" { "x_original-uri" } else { "x-forwarded_uri" };
        let twice = [("authorization", key.as_str()), (own, "/v1/x")];
        assert_eq!(decision(&asker.ask(proxy, "GET", "/v1/x", &twice).await).1, "unreadable", "{proxy}");
    }
}

#[tokio::test]
async fn without_rules_headers_do_not_matter() {
    let asker = ProxyClient::start(&[]).await;
    let key = asker.key(json!({"name": "ci"})).await;
    for proxy in PROXIES {
        let headers =
            [("authorization", key.as_str()), ("x-original-url", "/x"), ("x-http-method-override", "PUT")];
        assert_eq!(decision(&asker.ask(proxy, "GET", "/v1/x", &headers).await), (200, "allowed"));
    }
}

#[tokio::test]
async fn requests_with_identity_headers_are_refused_with_and_without_rules() {
    for rules in [&[][..], &[("", "/**", "open")]] {
        let asker = ProxyClient::start(rules).await;
        let key = asker.key(json!({"name": "ci"})).await;
        for proxy in PROXIES {
            for header in HandedHeader::ALL {
                let name = header.as_str();
                let spelled = [name.replace('-', "_"), name.replacen('-', "_", 1), name.replace('-', ".")];
                for spelled in &spelled {
                    let headers = [("authorization", key.as_str()), (spelled, "mine")];
                    let reply = asker.ask(proxy, "GET", "/v1/x", &headers).await;
                    assert_eq!(decision(&reply), (403, "unreadable"), "{proxy} {spelled}");
                }
                let connection = format!("keep-alive, {}", name.to_lowercase());
                let headers = [("authorization", key.as_str()), ("connection", &connection)];
                let reply = asker.ask(proxy, "GET", "/v1/x", &headers).await;
                assert_eq!(decision(&reply), (403, "unreadable"), "{proxy} {connection}");
                // If the client sends the header itself, its value is replaced.
                let headers = [("authorization", key.as_str()), (name, "mine"), (name, "mine")];
                let reply = asker.ask(proxy, "GET", "/v1/x", &headers).await;
                assert_eq!(decision(&reply), (200, "allowed"), "{proxy} {name}");
                assert_ne!(reply.header(name), Some("mine"));
            }
        }
    }
}

#[tokio::test]
async fn requests_with_missing_or_repeated_proxy_headers_are_refused() {
    let asker = ProxyClient::start(&[("", "/v1/**", "read")]).await;
    let key = asker.key(json!({"name": "reader"})).await;
    for (proxy, name) in
        [("nginx", "x-original-uri"), ("caddy", "x-forwarded-uri"), ("traefik", "x-forwarded-method")]
    {
        let twice = [("authorization", key.as_str()), (name, "/v1/y")];
        assert_eq!(decision(&asker.ask(proxy, "GET", "/v1/x", &twice).await), (403, "unreadable"));
        let path = format!("/auth/{}/{proxy}", asker.id);
        let silent =
            asker.server.with_key(None).send("GET", &path, &[("authorization", &key)], Body::empty()).await;
        assert_eq!(decision(&silent), (403, "unreadable"));
    }
    let path = format!("/auth/{}/envoy", asker.id);
    let bare =
        asker.server.with_key(None).send("GET", &path, &[("authorization", &key)], Body::empty()).await;
    assert_eq!(decision(&bare), (403, "unreadable"));
}

#[tokio::test]
async fn rate_limit_errors_have_the_form_that_each_proxy_understands() {
    let asker = ProxyClient::start(&[]).await;
    for proxy in PROXIES {
        let key = asker.key(json!({"name": proxy, "rate_limit_override": 1})).await;
        assert_eq!(asker.ask(proxy, "GET", "/", &[("authorization", &key)]).await.status, 200);
        let reply = asker.ask(proxy, "GET", "/", &[("authorization", &key)]).await;
        let status = if proxy == "nginx" { 403 } else { 429 };
        assert_eq!(decision(&reply), (status, "rate_limited"));
        assert!(reply.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
        assert_eq!(reply.header("ratelimit-policy"), Some("\"key\";q=1;w=60"));
    }
}

#[tokio::test]
async fn a_key_is_read_only_from_its_header() {
    let draft = GatewayDraft { key_header: Some("X-Api-Key".into()), ..GatewayDraft::default() };
    let asker = ProxyClient::start_with(&[], draft).await;
    let key = asker.key(json!({"name": "ci"})).await;
    for proxy in PROXIES {
        let good = asker.ask(proxy, "GET", "/", &[("x-api-key", &key[7..])]).await;
        assert_eq!(decision(&good), (200, "allowed"));
        let elsewhere = asker.ask(proxy, "GET", "/", &[("authorization", &key)]).await;
        assert_eq!(decision(&elsewhere), (401, "no_key"));
        assert_eq!(elsewhere.header("www-authenticate"), Some("ApiKey realm=\"API\", header=\"X-Api-Key\""));
    }
}

#[tokio::test]
async fn a_change_applies_to_the_next_request() {
    let asker = ProxyClient::start(&[]).await;
    let admin = asker.server.admin();
    let key = asker.key(json!({"name": "ci"})).await;
    let ask = async || decision(&asker.ask("nginx", "GET", "/v1", &[("authorization", &key)]).await).0;
    let path = format!("/v1/gateways/{}", asker.id);
    assert_eq!(ask().await, 200);
    admin.patch(&path, json!({"rules": [{"path": "/v1", "permission": "write"}]})).await.ok();
    assert_eq!(ask().await, 403);
    admin.patch(&path, json!({"rules": [{"path": "/v1", "permission": "read"}]})).await.ok();
    assert_eq!(ask().await, 200);
    admin.delete(&key_at(MEMBER, "ci")).await.ok();
    assert_eq!(ask().await, 401);
    admin.delete(&path).await.ok();
    let gone = asker.ask("nginx", "GET", "/v1", &[("authorization", &key)]).await;
    assert_eq!(decision(&gone), (403, "unknown_gateway"));
}

#[tokio::test]
async fn changes_of_another_process_apply_in_time() {
    let asker = ProxyClient::start(&[]).await;
    let key = asker.key(json!({"name": "ci"})).await;
    let ask = async || asker.ask("nginx", "GET", "/v1", &[("authorization", &key)]).await.status;
    assert_eq!(ask().await, 200);
    let id = model::id::GatewayId::parse(&asker.id).unwrap();
    let bed = &asker.server.bed;
    let (again, clock) = (bed.database.open_again().await, Clock::from(bed.clock.clone()));
    let another = Service::new(again, clock, Entropy::system(), Settings::default());
    another.remove_gateway(&asker.server.org.caller, &id).await.unwrap();
    asker.server.bed.clock.advance_seconds(1);
    assert_eq!(ask().await, 403);
}

#[tokio::test]
async fn an_unknown_gateway_refuses_every_request() {
    let asker = ProxyClient::start(&[]).await;
    let key = asker.key(json!({"name": "ci"})).await;
    let before = asker.server.state().await;
    for id in ["gw_1", "gw_", "nonsense", "gw_%00", &"gw_a".repeat(50), "key_1"] {
        for proxy in PROXIES {
            let path = format!("/auth/{id}/{proxy}");
            let client = asker.server.with_key(None);
            let reply = client.send("GET", &path, &[("authorization", &key)], Body::empty()).await;
            assert_eq!(decision(&reply), (403, "unknown_gateway"), "{path}");
        }
    }
    assert_eq!(asker.server.state().await, before);
}
