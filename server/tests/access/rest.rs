//! Checks every cell of the REST API's table.

use std::collections::BTreeSet;

use server::api::ROUTES;

use crate::case::Case;
use crate::support::Actor;
use crate::table::{COLUMNS, Row, table};

#[test]
fn every_route_has_a_row_in_the_table() {
    let routes =
        ROUTES.iter().flat_map(|route| route.endpoints.iter().map(|endpoint| (endpoint.method, route.path)));
    let rows = table();
    let rows = rows.iter().map(|row| (row.method, row.path));
    assert_eq!(routes.collect::<BTreeSet<_>>(), rows.collect::<BTreeSet<_>>());
}

#[test]
fn every_kind_of_caller_has_a_column_in_the_table() {
    for actor in Actor::ALL {
        let columns = COLUMNS.iter().filter(|actors| actors.contains(&actor)).count();
        let has_none = actor.is_nobody() || actor == Actor::Operator;
        assert_eq!(columns, usize::from(!has_none), "{actor:?}");
    }
}

/// Collects all cells with a wrong answer before it fails.
#[tokio::test]
async fn every_caller_gets_the_status_of_the_table() {
    let mut wrong = Vec::new();
    for row in table() {
        wrong.extend(check(&row).await);
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

/// Returns the cells of a row with a wrong answer. Actors who may not change anything share a server. Every other actor
/// gets a server of its own, so that it finds the initial state.
async fn check(row: &Row) -> Vec<String> {
    let Row { method, path, body, .. } = row;
    let (rightful, others): (Vec<_>, Vec<_>) =
        Actor::ALL.into_iter().partition(|actor| row.may_change(*actor));
    let mut wrong = Vec::new();
    let case = Case::start(method, path, body).await;
    for actor in others {
        let client = case.server.client(actor).await;
        let before = case.server.own_state().await;
        let reply = case.send(&client).await;
        if reply.status != row.status(actor) {
            wrong.push(format!("{method} {path} by {actor:?}: {} {}", reply.status, reply.text()));
        }
        if case.server.own_state().await != before {
            wrong.push(format!("{method} {path} by {actor:?} changes something"));
        }
    }
    for actor in rightful {
        let case = Case::start(method, path, body).await;
        let client = case.server.client(actor).await;
        let reply = case.send(&client).await;
        if reply.status != 200 {
            wrong.push(format!("{method} {path} by {actor:?}: {} {}", reply.status, reply.text()));
        }
    }
    wrong
}
