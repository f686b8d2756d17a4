//! Rules of a gateway and a path, put together of known pieces, beside the slow reading of the model's own tests.

use super::slow_reading::{LITERALS, PIECES, Part, Path, Rule, expected, gateway, told};

/// Each byte is one choice.
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
    assert_eq!(told(need), expected(&rules, &path), "{written:?} {}", path.sent());
}

struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    /// A number below `end`: nothing is left to choose at the end of the bytes.
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

/// What a rule asks for, or any pieces: one, several, or none.
fn segment(choices: &mut Choices<'_>) -> Vec<super::slow_reading::Piece> {
    match choices.below(LITERALS.len() + 6) {
        literal if literal < LITERALS.len() => LITERALS[literal].iter().map(|piece| PIECES[*piece]).collect(),
        other => (LITERALS.len()..other).map(|_| PIECES[choices.below(PIECES.len())]).collect(),
    }
}
