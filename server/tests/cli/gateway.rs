use crate::program::Program;

fn organization(program: &Program) -> String {
    let made = program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    made["organization_id"].as_str().unwrap().to_owned()
}

#[test]
fn a_gateway_is_created_shown_listed_and_removed() {
    let program = Program::new();
    let organization = organization(&program);
    let rules = program.path("rules.json");
    std::fs::write(&rules, r#"[{"method": "GET", "path": "/v1/**", "permission": "read"}]"#).unwrap();
    let made = program.run_json(&[
        "gateway",
        "create",
        "--organization",
        &organization,
        "--name",
        "Public API",
        "--key-header",
        "X-Api-Key",
        "--rules",
        rules.to_str().unwrap(),
        "--headers",
        "X-Key-Id",
        "--headers",
        "x-key-name",
    ]);
    let id = made["gateway_id"].as_str().unwrap();
    assert!(id.starts_with("gw_") && id.len() >= 23, "{id}");
    assert_eq!((&made["otherwise"], &made["hide_key"]), (&"closed".into(), &true.into()));
    assert_eq!(made["headers"], serde_json::json!(["X-Key-Id", "X-Key-Name"]));
    assert_eq!(program.run_json(&["gateway", "show", id]), made);
    assert_eq!(program.run_json(&["gateway", "list", "--organization", &organization]), made);
    assert_eq!(program.run_json(&["gateway", "remove", id]), made);
    assert_eq!(program.run(&["gateway", "list", "--organization", &organization]).stdout, b"");
    assert_eq!(program.run_refused(&["gateway", "show", id]), "There is no such gateway.");
}

#[test]
fn the_configuration_of_a_proxy_is_printed() {
    let program = Program::new();
    let organization = organization(&program);
    let made = program.run_json(&["gateway", "create", "--organization", &organization, "--name", "api"]);
    let id = made["gateway_id"].as_str().unwrap();
    for proxy in ["nginx", "caddy", "traefik", "envoy"] {
        let upstream = ["--upstream", "http://10.0.0.2:9000"];
        let output =
            program.run(&[&["gateway", "snippet", id, "--proxy", proxy] as &[&str], &upstream].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(&format!("/auth/{id}/{proxy}")) && text.contains("10.0.0.2"), "{text}");
    }
}

#[test]
fn an_unusable_value_is_reported_with_its_option() {
    let program = Program::new();
    let organization = organization(&program);
    let organization = organization.as_str();
    let rules = program.path("rules.json");
    let rules_text = rules.to_str().unwrap();
    let create = ["gateway", "create", "--name", "api", "--organization"];
    for (content, arguments, expected) in [
        ("", &["acme"][..], "--organization"),
        ("", &["org_1"], "no such organization"),
        ("", &[organization, "--key-header", "Cookie"], "--key-header"),
        ("", &[organization, "--otherwise", "maybe"], "--otherwise"),
        ("{}", &[organization, "--rules", rules_text], "--rules"),
        (r#"[{"path": "/", "permision": "read"}]"#, &[organization, "--rules", rules_text], "--rules"),
        (r#"[{"path": "v1"}]"#, &[organization, "--rules", rules_text], "--rules"),
        ("", &[organization, "--rules", "/nonexistent"], "--rules"),
    ] {
        std::fs::write(&rules, content).unwrap();
        let sentence = program.run_refused(&[&create as &[&str], arguments].concat());
        assert!(sentence.contains(expected), "{sentence}");
    }
    let snippet = ["gateway", "snippet", "gw_1", "--proxy", "iis", "--server", "keys.example"];
    let sentence = program.run_refused(&snippet);
    assert!(sentence.contains("--proxy") && sentence.contains("--server"), "{sentence}");
}

/// A mistyped folder or file is reported and not created.
#[test]
fn a_place_without_a_database_is_refused_and_left_as_it_is() {
    let program = Program::new();
    let folder = program.path("mistyped").display().to_string();
    let file = program.path("empty.db");
    std::fs::write(&file, "").unwrap();
    let empty = format!("sqlite:{}", file.display());
    for command in [
        &["admin-key", "--email", "ada@acme.example"] as &[&str],
        &["gateway", "list", "--organization", "org_0123456789abcdefghij"],
        &["gateway", "show", "gw_0123456789abcdefghij"],
        &["user", "reset-password", "--email", "ada@acme.example"],
    ] {
        let sentence = program.run_refused(&[command, &["--data-dir", &folder]].concat());
        assert!(sentence.contains("--data-dir") && sentence.contains("contains no Keystead"), "{sentence}");
        assert!(!program.path("mistyped").exists());
        let sentence = program.run_refused(&[command, &["--database-url", &empty]].concat());
        assert!(
            sentence.contains("--database-url") && sentence.contains("contains no Keystead"),
            "{sentence}"
        );
        assert_eq!(std::fs::metadata(&file).unwrap().len(), 0);
    }
}
