//! Ways back into the console: `docs/operate/get-back-in.md`.

use std::fs;

use serde_json::Value;

use crate::machine::{Machine, text};
use crate::page::Page;

fn link(printed: &str) -> String {
    text(&serde_json::from_str::<Value>(printed).unwrap()["sign_in_url"])
}

#[tokio::test]
async fn the_operator_gets_everybody_back_in() {
    let (mut page, mut machine) = (Page::read("operate/get-back-in.md"), Machine::new());
    fs::write(machine.path("/tmp/password"), "correct horse battery").unwrap();
    let made = machine.bootstrap("--password-file tmp/password").await;
    machine.call("org_…", &text(&made["organization_id"]));
    machine.export(&page.block("export"));

    let members = machine.run(&page.block("keystead user list")).await;
    assert!(members.contains("ada@acme.example") && members.lines().count() == 1, "{members}");
    let admins = machine.run(&page.block("grep")).await;
    assert!(admins.contains("ada@acme.example"), "{admins}");

    let reset = link(&machine.run(&page.block("keystead user reset-password")).await);
    assert!(reset.starts_with("https://keys.example.com/"), "{reset}");

    machine.run("keystead user invite --organization org_… --email bob@acme.example --role member").await;
    machine.run(&page.block("keystead user make-admin")).await;
    let admins = machine.run("keystead user list | grep '\"role\":\"admin\"'").await;
    assert!(admins.contains("bob@acme.example"), "{admins}");

    // The page invites the same person, if there is no other member yet.
    machine.call("bob@acme.example", "cleo@acme.example");
    let invitation = link(&machine.run(&page.block("keystead user invite")).await);
    assert!(invitation.starts_with("https://keys.example.com/"), "{invitation}");

    machine.run(&page.block("keystead user allow-sign-in")).await;
    let key = machine.run(&page.block("keystead admin-key")).await;
    assert!(key.contains("sk_live_") && !key.contains(&text(&made["admin_key"])), "{key}");
    page.end();
}
