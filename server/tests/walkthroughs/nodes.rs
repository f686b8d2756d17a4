//! Nodes: the commands of `docs/operate/nodes.md`.

use serde_json::Value;

use crate::machine::{Machine, text, verify};
use crate::page::Page;

#[tokio::test]
async fn the_nodes_are_listed_and_say_that_a_revocation_is_in_effect() {
    let (mut page, mut machine) = (Page::read("operate/nodes.md"), Machine::new());
    let token = "0123456789abcdefghijklmnopqrstuvwxyz";
    let admin_key = text(&machine.bootstrap("").await["admin_key"]);
    machine.run(&format!("(umask 077; echo {token} > operator-token)")).await;
    let settings = "--node-name eu-1 --operator-token-file operator-token";
    let server = machine.serve(&format!("keystead serve --data-dir /var/lib/keystead {settings}"));
    machine.call("https://keys.example.com", &server.address);
    machine.call("$OPERATOR_TOKEN", token);
    machine.call("$KEY", &admin_key);
    let nodes: Value = serde_json::from_str(&machine.run(&page.block("/v1/private/nodes")).await).unwrap();
    assert_eq!((&nodes["total"], &nodes["results"][0]["name"]), (&Value::from(1), &Value::from("eu-1")));

    let create = format!(
        "curl -s {}/v1/organizations/users/ada%40acme.example/api-keys -H 'Authorization: Bearer {admin_key}' \
         -H 'Content-Type: application/json' -d '{{\"name\": \"leaked\"}}'",
        server.address
    );
    let made: Value = serde_json::from_str(&machine.run(&create).await).unwrap();
    machine.call("key_…", &text(&made["key_id"]));
    let revoked: Value = serde_json::from_str(&machine.run(&page.block("enforcement=true")).await).unwrap();
    assert_eq!(revoked["enforcement"]["enforcing"], 1, "{revoked}");
    assert_eq!(verify(&server, &admin_key, &text(&made["key"])).await, "REVOKED");
    page.end();
}
