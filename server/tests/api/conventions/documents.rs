//! Compares the documents with the code.

use std::path::Path;

use model::field::Rule;
use model::problem::Code;
use server::api::ROUTES;

const ERRORS: &str = include_str!("../../../../docs/reference/errors.md");
const API: &str = include_str!("../../../../docs/reference/api.md");
const CODE_MAP: &str = include_str!("../../../../docs/internals/code-map.md");

#[test]
fn every_error_code_is_documented_with_its_status() {
    let headings: Vec<_> = ERRORS.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(headings, codes);
    for code in Code::ALL {
        let section = ERRORS.split(&format!("## {}\n\n", code.as_str())).nth(1).unwrap();
        assert!(section.starts_with(&format!("Status {}", code.status())), "{code:?}");
    }
}

#[test]
fn every_kind_of_validation_error_is_documented() {
    for rule in [Rule::Missing, Rule::JsonInvalid, Rule::ExtraForbidden, Rule::ValueError, Rule::IntFromFloat]
    {
        assert!(ERRORS.contains(&format!("`{}`", rule.as_str())), "{rule:?}");
    }
}

#[test]
fn every_operation_is_documented() {
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

/// The rows of the tables below a heading, each as a list of its cells.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let section = CODE_MAP.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let cells = rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<_>>());
    cells.filter(|cells| cells[1] != "code").collect()
}

/// The texts between backticks. A list in braces is expanded to one text per item.
fn named(cell: &str) -> Vec<String> {
    let names = cell.split('`').skip(1).step_by(2);
    let spread = names.flat_map(|name| match (name.split_once('{'), name.split_once('}')) {
        (Some((before, _)), Some((inner, after))) => {
            let inner = inner.split_once('{').unwrap().1;
            inner.split(',').map(|one| format!("{before}{one}{after}")).collect()
        }
        _ => vec![name.to_owned()],
    });
    spread.collect()
}

#[test]
fn every_row_of_the_code_map_names_existing_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let rows = rows("\n### Row by row\n");
    assert!(rows.len() > 60, "{} rows", rows.len());
    for row in &rows {
        assert_eq!(row.len(), 3, "{row:?}");
        for (cell, folder) in [(row[1], "server/src/api"), (row[2], "server/tests/api")] {
            let files = named(cell);
            assert!(!files.is_empty(), "{row:?}");
            for file in files {
                let is_there = root.join(&file).is_file() || root.join(folder).join(&file).is_file();
                assert!(is_there, "{file} of {row:?}");
            }
        }
    }
    for route in ROUTES {
        for endpoint in route.endpoints {
            let operation = format!("`{} {}`", endpoint.method, route.path);
            assert!(rows.iter().any(|row| row[0].contains(&operation)), "{operation} has no row");
        }
    }
}

#[test]
fn every_file_in_the_code_map_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let map = rows("\n## Where it is in the code\n");
    for row in map.iter().take_while(|row| !row[0].starts_with("`Authorization: Bearer`")) {
        for file in row[1..].iter().flat_map(|cell| named(cell)) {
            // Parts in angle brackets are placeholders. A name without a folder is not a file.
            let is_file = file.contains('/') && !file.contains('<');
            assert!(!is_file || root.join(&file).exists(), "{file} of {row:?}");
        }
    }
}
