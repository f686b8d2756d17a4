//! The guides for programs: `docs/guides/`. The guide to gateways is followed with real proxies in
//! `server/tests/proxies/`.

use serde_json::Value;

use crate::binary::Running;
use crate::machine::{Machine, text};
use crate::page::Page;

/// A machine with a running server, at which the reader has an admin's key.
async fn start() -> (Machine, Running) {
    let mut machine = Machine::new();
    let admin_key = text(&machine.bootstrap("").await["admin_key"]);
    let server = machine.serve("keystead serve");
    machine.call("127.0.0.1:3000", server.host());
    machine.call("sk_live_…", &admin_key);
    machine.export(&format!("export KEY={admin_key} KEYSTEAD_KEY={admin_key}\n"));
    (machine, server)
}

fn json(printed: &str) -> Value {
    serde_json::from_str(printed).unwrap_or_else(|_| panic!("{printed}"))
}

#[tokio::test]
async fn a_secret_is_rotated_with_a_grace_period() {
    let (mut page, (machine, _server)) = (Page::read("guides/rotate-without-downtime.md"), start().await);
    let create = "curl -s http://127.0.0.1:3000/v1/organizations/users/ada@acme.example/api-keys \
                  -H \"Authorization: Bearer $KEY\" -H 'Content-Type: application/json' -d '{\"name\": \"deploy\"}'";
    let before = json(&machine.run(create).await);
    let after = json(&machine.run(&page.block("/rotate")).await);
    assert!(after["key"].is_string() && after["key"] != before["key"], "{after}");
    page.end();
}

#[tokio::test]
async fn a_service_account_verifies_keys() {
    let (mut page, (mut machine, _server)) = (Page::read("guides/verify-from-your-code.md"), start().await);
    let block = page.block("\"public api\"");
    let (account, key) = block.split_once("curl -s $ROOT/api-keys").unwrap();
    machine.export("ROOT=http://127.0.0.1:3000/v1\n");
    let account = json(&machine.run(account).await);
    machine.call("sa_…", &text(&account["data"]["id"]));
    let key = json(&machine.run(&format!("curl -s $ROOT/api-keys{key}")).await);
    machine.export(&format!("KEYSTEAD_KEY={}\n", text(&key["data"]["key"])));
    assert_eq!(json(&machine.run(&page.block("/v1/keys/verify")).await)["code"], "VALID");
    page.end();
}

#[tokio::test]
async fn a_program_manages_keys() {
    let (mut page, (mut machine, _server)) =
        (Page::read("guides/manage-keys-from-a-program.md"), start().await);
    machine.export(&page.block("ROOT="));
    let block = page.block("nightly build");
    let (account, key) = block.split_once("curl -s $ROOT/api-keys").unwrap();
    let account = json(&machine.run(account).await);
    machine.call("sa_…", &text(&account["data"]["id"]));
    json(&machine.run(&format!("curl -s $ROOT/api-keys{key}")).await);

    let once = page.block("Idempotency-Key");
    let made = json(&machine.run(&once).await);
    assert_eq!(json(&machine.run(&once).await)["data"], made["data"]);

    let printed = machine.run(&page.block("\"environment\": \"test\"")).await;
    assert_eq!(printed.matches(r#""name":"ci""#).count(), 2, "{printed}");

    machine.call("key_…", &text(&made["data"]["id"]));
    let block = page.block("If-Match");
    let (read, change) = block.split_once("curl -s -X PATCH").unwrap();
    let read = machine.run(read).await;
    let version =
        read.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap_or_else(|| panic!("{read}"));
    machine.call("\"…\"", version.trim());
    let changed = json(&machine.run(&format!("curl -s -X PATCH{change}")).await);
    assert_eq!(changed["data"]["name"], "deploy eu");

    let block = page.block("sort=-lastUsedAt");
    let (first, next) = block.split_once('\n').unwrap();
    assert_eq!(json(&machine.run(first).await)["data"]["items"].as_array().unwrap().len(), 3);
    let of_two = json(&machine.run(&next.replace("limit=50&cursor=…", "limit=2")).await);
    machine.call("cursor=…", &format!("cursor={}", text(&of_two["data"]["nextCursor"])));
    assert_eq!(json(&machine.run(next).await)["data"]["items"].as_array().unwrap().len(), 1);
    page.end();
}
