//! Fuzzes the rules of a gateway and a path, both built from known pieces, and compares them with the slow reference
//! implementation of the model's tests.

use super::slow_reading::{LITERALS, PIECES, Part, Path, Rule, expected, gateway, reported};

/// Each byte of the input is one choice.
pub fn gateway_rules(data: &[u8]) {
    let mut choices = Choices(data);
    let rules: Vec<_> = (0..=choices.below(4)).map(|_| rule(&mut choices)).collect();
    let path = Path {
        segments: (0..choices.below(4)).map(|_| segment(&mut choices)).collect(),
        ends_with_slash: choices.below(2) == 1,
        query: ["", "?", "?a=/../s", "?%2F"][choices.below(4)],
    };
    let need = gateway(&rules).need(Some("GET"), Some(&path.sent()));
    let written: Vec<_> = rules.iter().map(Rule::written).collect();
    assert_eq!(reported(need), expected(&rules, &path), "{written:?} {}", path.sent());
}

struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    /// A number below `end`. Returns 0 at the end of the input.
    fn below(&mut self, end: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % end
    }
}

fn rule(choices: &mut Choices<'_>) -> Rule {
    let part = |choices: &mut Choices<'_>| match choices.below(LITERALS.len() + 2) {
        literal if literal < LITERALS.len() => Part::Literal(LITERALS[literal]),
        _ => Part::Any,
    };
    Rule { parts: (0..choices.below(3)).map(|_| part(choices)).collect(), has_rest: choices.below(2) == 1 }
}

/// A segment: the literal of a rule, or any number of pieces from none to five.
fn segment(choices: &mut Choices<'_>) -> Vec<super::slow_reading::Piece> {
    match choices.below(LITERALS.len() + 6) {
        literal if literal < LITERALS.len() => LITERALS[literal].iter().map(|piece| PIECES[*piece]).collect(),
        other => (LITERALS.len()..other).map(|_| PIECES[choices.below(PIECES.len())]).collect(),
    }
}
