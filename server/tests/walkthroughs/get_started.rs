//! The first key: `docs/get-started.md`.

use serde_json::Value;

use crate::machine::{Machine, text};
use crate::page::Page;

#[tokio::test]
async fn a_newcomer_creates_verifies_and_revokes_a_key() {
    let (mut page, mut machine) = (Page::read("get-started.md"), Machine::new());
    // The page builds the binary, and sets up the organization in the browser.
    page.block("make run");
    machine.call("ada@acme.example", "ada@example.com");
    let admin_key = text(&machine.bootstrap("").await["admin_key"]);
    let server = machine.serve("keystead serve");
    machine.call("127.0.0.1:3000", server.host());

    machine.call("sk_live_…", &admin_key);
    let block = page.block("KEY=");
    let (key, create) = block.split_once('\n').unwrap();
    machine.export(&format!("{key}\n"));
    let made: Value = serde_json::from_str(&machine.run(create).await).unwrap();
    machine.call("sk_live_…", &text(&made["key"]));
    machine.export(&page.block("CI_KEY="));
    let verification = page.block("/v1/keys/verify");
    assert!(machine.run(&verification).await.contains(r#""code":"VALID""#));
    machine.run(&page.block("-X DELETE")).await;
    assert!(machine.run(&verification).await.contains(r#""code":"REVOKED""#));
    page.end();
}
