//! The documents say what the code says.

use model::field::Rule;
use model::problem::Code;
use server::api::ROUTES;

const ERRORS: &str = include_str!("../../../../docs/errors.md");
const API: &str = include_str!("../../../../docs/api.md");

#[test]
fn every_code_has_its_heading_and_status() {
    let headings: Vec<_> = ERRORS.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(headings, codes);
    for code in Code::ALL {
        let section = ERRORS.split(&format!("## {}\n\n", code.as_str())).nth(1).unwrap();
        assert!(section.starts_with(&format!("Status {}", code.status())), "{code:?}");
    }
}

#[test]
fn every_kind_of_broken_rule_is_described() {
    for rule in [Rule::Missing, Rule::JsonInvalid, Rule::ExtraForbidden, Rule::ValueError, Rule::IntFromFloat]
    {
        assert!(ERRORS.contains(&format!("`{}`", rule.as_str())), "{rule:?}");
    }
}

#[test]
fn every_operation_is_described() {
    for route in ROUTES {
        for endpoint in route.endpoints {
            assert!(
                API.contains(&format!("`{} {}`", endpoint.method, route.path))
                    || route.path == "/v1/organizations",
                "{} {}",
                endpoint.method,
                route.path
            );
        }
    }
}
