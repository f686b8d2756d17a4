//! Checks in the source code that each transaction of a request is tried again when the database asks for it.

use std::fs;
use std::path::Path;

/// Functions of the background tasks, which repeat them in their next round, or can leave their work to another
/// process.
const BACKGROUND: [&str; 11] = [
    "sweep_batch",
    "delete_old_invalidations",
    "clear_sessions",
    "sweep_usage",
    "revoke_next_batch",
    "renew_next_search_terms",
    "sweep_idempotency_records",
    "write_part",
    "write_node",
    "remove_node",
    "sweep_nodes",
];
/// Functions that begin a transaction for the function that calls them.
const BEGINS: [&str; 4] = ["begin_for", "begin_for_key", "begin_locally", "begin_with_lock"];
/// The function that may give up: a lease that it does not release ends by itself.
const NOT_RETRIED: &str = "release";

/// On PostgreSQL any two transactions may deadlock. The functions that begin one are therefore named `try_…` and called
/// within `retry!`.
#[test]
fn every_transaction_of_a_request_is_retried() {
    let mut sources = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let (mut found, mut wrong) = (0, Vec::new());
    for source in &sources {
        let mut function = "";
        for line in source.lines() {
            if let Some((_, rest)) = line.split_once("fn ") {
                function = rest.split(['(', '<']).next().unwrap();
            }
            let is_begin = BEGINS.iter().any(|name| line.contains(&format!(".{name}(")));
            if is_begin || line.contains("store.begin()") {
                found += 1;
                let is_known = BACKGROUND.contains(&function) || BEGINS.contains(&function);
                let is_retried =
                    function.starts_with("try_") && source.contains(&format!("retry!(self.{function}("));
                if !is_known && !is_retried && function != NOT_RETRIED {
                    wrong.push(function.to_owned());
                }
            }
        }
    }
    assert!(found > 40, "{found}");
    assert_eq!(wrong, [""; 0]);
}

fn collect(folder: &Path, sources: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() && name != "tests" {
            collect(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "testing.rs" {
            sources.push(fs::read_to_string(&path).unwrap());
        }
    }
}
