//! Compares the description of the API with what the API does.

use std::collections::{BTreeSet, HashSet};
use std::{env, fs};

use axum::body::Body;
use model::audit::AuditAction;
use model::gateway::GatewayDraft;
use model::key::{Permission, PlainKey, ResourceType};
use model::user::Role;
use serde_json::{Value, json};
use server::api::{ROUTES, openapi};

use crate::support::{Actor, MEMBER, TestServer, encode, keys_of, mismatch, resolve};

/// Described addresses that are not in the table of routes.
const OPEN: &[(&str, &str)] = &[("GET", "/healthz"), ("GET", "/readyz")];

fn document() -> Value {
    serde_json::from_str(openapi::json()).unwrap()
}

/// Whether answers at this path have an envelope.
fn is_enveloped(path: &str) -> bool {
    path.starts_with("/v1/api-keys") || path.starts_with("/v1/service-accounts")
}

/// All operations, each with its method and its path.
fn operations(document: &Value) -> Vec<(String, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| (method.to_uppercase(), path.as_str(), operation))
        })
        .collect()
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let document = document();
    let described: BTreeSet<_> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path.to_owned())).collect();
    let routes =
        ROUTES.iter().flat_map(|route| route.endpoints.iter().map(|endpoint| (endpoint.method, route.path)));
    let served: BTreeSet<_> = routes
        .chain(OPEN.iter().copied())
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    assert_eq!(described, served);
}

/// Verifying keys does not count against the rate limit of the caller's own key.
const VERIFYING: &[&str] = &["/v1/keys/verify", "/v1/keys/verify/batch", "/v1/introspect"];

#[test]
fn every_operation_describes_its_access_and_errors() {
    let document = document();
    let mut ids = HashSet::new();
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}");
        for words in ["summary", "description"] {
            assert!(operation[words].as_str().is_some_and(|text| text.len() > 5), "{name}: {words}");
        }
        let tags = document["tags"].as_array().unwrap();
        assert!(tags.iter().any(|tag| tag["name"] == operation["tags"][0]), "{name}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses["200"]["content"]["application/json"]["schema"].is_object(), "{name}");
        let is_open = OPEN.contains(&(method.as_str(), path));
        let has_body = operation.get("requestBody").is_some();
        let wanted: &[(&str, bool)] = &[
            ("400", !is_open),
            ("401", !is_open),
            ("413", has_body),
            ("415", has_body),
            ("422", has_body && !is_enveloped(path)),
            ("500", !is_open),
            ("503", true),
            ("404", path.contains('{') || path.starts_with("/v1/private")),
            ("429", !is_open && !path.starts_with("/v1/private") && !VERIFYING.contains(&path)),
        ];
        for (status, is_wanted) in wanted {
            assert!(!is_wanted || responses.contains_key(*status), "{name}: {status}");
        }
        let scheme = if path.starts_with("/v1/private") { "operator" } else { "key" };
        let schemes = operation["security"].as_array().unwrap();
        assert_eq!(schemes[0].get(scheme).is_some(), !is_open, "{name}");
        let others: &[Value] = if path == "/v1/introspect" { &[json!({"oauthClient": []})] } else { &[] };
        assert_eq!(&schemes[1..], others, "{name}");
    }
}

#[test]
fn every_error_has_the_same_body() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            if status == "200" {
                continue;
            }
            let response = resolve(&document, response);
            let content = &response["content"]["application/json"];
            let (schema, member) =
                if is_enveloped(path) { ("ErrorEnvelope", "code") } else { ("ErrorResponse", "status") };
            assert_eq!(
                content["schema"]["$ref"],
                format!("#/components/schemas/{schema}"),
                "{method} {path} {status}"
            );
            assert_eq!(content["example"][member].to_string(), *status, "{method} {path}");
        }
    }
}

#[test]
fn every_parameter_of_a_path_is_described() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        let names: Vec<_> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let none = Vec::new();
        let given = operation["parameters"].as_array().unwrap_or(&none).iter();
        let given = given
            .map(|parameter| resolve(&document, parameter))
            .filter(|parameter| parameter["in"] == "path");
        let given: Vec<_> = given.map(|parameter| parameter["name"].as_str().unwrap()).collect();
        assert_eq!(given, names, "{method} {path}");
    }
}

#[test]
fn every_reference_resolves() {
    let document = document();
    let mut waiting = vec![&document];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                if value.get("$ref").is_some() {
                    assert!(!resolve(&document, value).is_null(), "{value}");
                }
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}

#[test]
fn every_description_is_flowing_text() {
    let document = document();
    let mut waiting = vec![("", &document)];
    while let Some((name, value)) = waiting.pop() {
        match value {
            // Values that a client might send or receive.
            _ if ["const", "default", "enum", "example", "examples"].contains(&name) => {}
            Value::Object(members) => {
                waiting.extend(members.iter().map(|(name, value)| (name.as_str(), value)));
            }
            Value::Array(items) => waiting.extend(items.iter().map(|item| ("", item))),
            Value::String(text) if ["description", "summary"].contains(&name) => {
                let lines: Vec<_> = text.lines().collect();
                let is_item = |line: &str| line.trim_start().starts_with(['-', '*']);
                let is_broken = |pair: &[&str]| pair.iter().all(|line| !line.is_empty()) && !is_item(pair[1]);
                assert!(!lines.windows(2).any(is_broken), "a line break within a paragraph: {text}");
            }
            _ => {}
        }
    }
}

#[test]
fn enums_list_the_words_on_the_wire() {
    let document = document();
    let words = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    assert_eq!(words("Permission"), serde_json::json!(Permission::ALL));
    assert_eq!(words("ResourceType"), serde_json::json!(ResourceType::ALL));
    assert_eq!(words("Role"), serde_json::json!(Role::ALL));
    assert_eq!(words("AuditAction"), serde_json::json!(AuditAction::ALL));
    assert_eq!(words("StatusChange"), serde_json::json!(["active", "revoked"]));
}

#[test]
fn no_example_is_a_valid_secret() {
    let words: HashSet<_> =
        openapi::json().split(['"', ' ', '`', ',']).filter(|word| word.starts_with("sk_live_")).collect();
    assert!(!words.is_empty());
    for word in words {
        assert!(PlainKey::parse(word).is_err(), "{word}");
    }
}

#[test]
fn the_committed_description_equals_the_served_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let served = format!("{}\n", openapi::json());
    if env::var_os("KEYSTEAD_WRITE_OPENAPI").is_some() {
        fs::write(path, &served).unwrap();
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == served,
        "docs/openapi.json is not what the code says. Write it anew and look at the difference: \
         KEYSTEAD_WRITE_OPENAPI=1 cargo test -p server --test api description"
    );
}

#[test]
fn every_request_and_response_body_has_a_valid_example() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        let bodies = operation["requestBody"].get("content").into_iter();
        let answers = operation["responses"].as_object().unwrap().values();
        let answers = answers.map(|response| &resolve(&document, response)["content"]);
        for content in bodies.chain(answers) {
            // A form has examples only of its members, not of the whole.
            let Some(content) = content.get("application/json") else { continue };
            let mismatch = mismatch(&document, &content["schema"], &content["example"]);
            assert_eq!(mismatch, None, "{method} {path}: {}", content["example"]);
        }
    }
}

/// Clients start from the examples, so the server must accept them.
#[tokio::test]
async fn every_example_body_is_accepted() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        if let Some(body) =
            operation.get("requestBody").filter(|body| body["content"].get("application/json").is_some())
        {
            let server = TestServer::start().await;
            let (path, body) = fill(&server, path, &body["content"]["application/json"]["example"]).await;
            let actor = if path.starts_with("/v1/private") { Actor::Operator } else { Actor::Admin };
            let reply = server.client(actor).await.send(&method, &path, &[], Body::from(body)).await;
            assert_eq!(reply.status, 200, "{method} {path}: {}", reply.text());
        }
    }
}

/// Fills the parameters of a path, and replaces the ids in an example body, with existing ids.
async fn fill(server: &TestServer, path: &str, body: &Value) -> (String, String) {
    let key = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
    let service_account = server.bed.service_account(&server.org, "robot", &[]).await.service_account_id;
    let key_id = key["key_id"].as_str().unwrap();
    let id = if path.starts_with("/v1/service-accounts") { service_account.as_str() } else { key_id };
    let gateway = server.bed.gateway(&server.org, GatewayDraft::default()).await.gateway_id;
    let organization = server.org.organization_id.as_str();
    let path = path.replace("{gateway_id}", gateway.as_str());
    let path = path.replace("{user_email}", &encode(MEMBER)).replace("{key_name}", "ci");
    let path = path.replace("{id}", id).replace("{organization_id}", organization);
    let shown = |prefix: &str| format!("{prefix}4mQ8sV2nXb7TzR1cYk0p");
    let body = body.to_string().replace(&shown("sa_"), service_account.as_str());
    (path, body.replace(&shown("org_"), organization))
}

#[test]
fn only_the_operations_that_have_a_header_or_status_describe_it() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        let parameters: Vec<_> = operation["parameters"].as_array().into_iter().flatten().collect();
        let takes = |header: &str| {
            let mut given = parameters.iter().map(|parameter| resolve(&document, parameter));
            given.any(|parameter| parameter["in"] == "header" && parameter["name"] == header)
        };
        let gives = |header: &str| operation["responses"]["200"]["headers"].get(header).is_some();
        let makes_secret =
            operation["responses"]["200"]["content"].to_string().contains("\"key\":\"sk_live_");
        let is_operators = path.starts_with("/v1/private");
        let is_at_key = path.contains("/{key_name}") || path.starts_with("/v1/api-keys/{id}");
        assert_eq!(takes("X-Org-ID"), is_enveloped(path), "{name}");
        assert_eq!(takes("Idempotency-Key"), makes_secret && !is_operators, "{name}");
        assert_eq!(gives("Idempotent-Replayed"), takes("Idempotency-Key"), "{name}");
        assert_eq!(takes("If-Match"), is_at_key && method != "GET", "{name}");
        assert_eq!(gives("ETag"), makes_secret || is_at_key && method != "DELETE", "{name}");
        assert_eq!(operation["responses"].get("412").is_some(), takes("If-Match"), "{name}");
        assert!(!takes("Idempotency-Key") || operation["responses"].get("409").is_some(), "{name}");
    }
}
