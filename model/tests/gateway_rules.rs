//! Compares the decisions of a gateway with a slow and simple implementation of the same rules.

#![expect(clippy::indexing_slicing, reason = "a test ends where this fails")]

mod slow_reading;

use proptest::prelude::*;
use proptest::sample::select;

use self::slow_reading::{LITERALS, PIECES, Part, Path, Rule, expected, gateway, reported};

fn rule() -> impl Strategy<Value = Rule> {
    let part = prop_oneof![4 => select(LITERALS).prop_map(Part::Literal), 1 => Just(Part::Any)];
    (prop::collection::vec(part, 0..3), any::<bool>()).prop_map(|(parts, has_rest)| Rule { parts, has_rest })
}

/// Mostly paths that could match some rule, so that rules match often, and occasionally any path.
fn path() -> impl Strategy<Value = Path> {
    let likely = select(PIECES.iter().copied().filter(|piece| piece.1.is_some()).collect::<Vec<_>>());
    let piece = prop_oneof![30 => likely, 1 => select(PIECES)];
    let literal = select(LITERALS).prop_map(|pieces| pieces.iter().map(|&piece| PIECES[piece]).collect());
    let segment = prop_oneof![2 => literal, 3 => prop::collection::vec(piece, 1..4), 1 => Just(Vec::new())];
    let segments = prop_oneof![
        9 => prop::collection::vec(segment.clone().prop_filter("empty", |pieces: &Vec<_>| !pieces.is_empty()), 0..4),
        1 => prop::collection::vec(segment, 1..4),
    ];
    (segments, any::<bool>(), select(&["", "?", "?a=/../s", "?%2F"][..]))
        .prop_map(|(segments, ends_with_slash, query)| Path { segments, ends_with_slash, query })
}

#[test]
fn a_simple_second_implementation_of_rules_gives_the_same_results() {
    let config = ProptestConfig { cases: 8192, ..ProptestConfig::with_source_file(file!()) };
    proptest!(config, |(rules in prop::collection::vec(rule(), 1..5), path in path())| {
        let need = gateway(&rules).need(Some("GET"), Some(&path.sent()));
        let written: Vec<_> = rules.iter().map(Rule::written).collect();
        prop_assert_eq!(reported(need), expected(&rules, &path), "{:?} {}", written, path.sent());
    });
}
