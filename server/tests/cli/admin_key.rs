use crate::program::Program;

#[tokio::test]
async fn the_old_key_is_replaced_by_one_that_is_shown_once() {
    let program = Program::new();
    let first = program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    let server = program.serve(&[]);
    assert_eq!(server.status("/v1/organizations", &first["admin_key"]).await, 200);
    let second = program.run_json(&["admin-key", "--email", "ADA@acme.example"]);
    for member in ["organization_id", "internal_id", "user_id", "user_email"] {
        assert_eq!(first[member], second[member]);
    }
    assert_eq!(server.status("/v1/organizations", &first["admin_key"]).await, 401);
    assert_eq!(server.status("/v1/organizations", &second["admin_key"]).await, 200);
}

#[test]
fn an_address_in_several_organizations_needs_the_organization() {
    let program = Program::new();
    let bootstrap =
        |name| program.run_json(&["bootstrap", "--organization", name, "--email", "ada@acme.example"]);
    let (one, two) = (bootstrap("One"), bootstrap("Two"));
    let sentence = program.run_refused(&["admin-key", "--email", "ada@acme.example"]);
    for made in [&one, &two] {
        let id = made["organization_id"].as_str().unwrap();
        assert!(sentence.contains("--organization") && sentence.contains(id), "{sentence}");
        let replaced = program.run_json(&["admin-key", "--email", "ada@acme.example", "--organization", id]);
        assert_eq!(replaced["organization_id"], made["organization_id"]);
    }
}

#[test]
fn a_missing_resource_is_reported() {
    let program = Program::new();
    program.run_json(&["bootstrap", "--organization", "Acme", "--email", "ada@acme.example"]);
    for (arguments, expected) in [
        (["--email", "ghost@acme.example", "--organization", "org_1"], "no user"),
        (["--email", "ada@acme.example", "--organization", "org_1"], "no user"),
        (["--email", "nobody", "--organization", "org_1"], "--email"),
        (["--email", "ada@acme.example", "--organization", "Acme"], "--organization"),
    ] {
        let sentence = program.run_refused(&[&["admin-key"] as &[&str], &arguments].concat());
        assert!(sentence.contains(expected), "{sentence}");
    }
}
