//! Computes a cursor in the middle of a list without counting rows: halfway between the values at its two ends.

use model::id::KeyId;
use model::key::{KeyCursor, KeyPage, KeySort, SortColumn};

use crate::Result;

/// A cursor between the first page and the last.
pub fn middle(first: &KeyPage, last: &KeyPage, sort: KeySort) -> Result<KeyCursor> {
    let ends = (first.rows.first(), last.rows.last());
    let (Some(first), Some(last)) = ends else { return Err("an empty list has no middle".into()) };
    let first = KeyCursor::of(&first.key, sort.column);
    let last = KeyCursor::of(&last.key, sort.column);
    // Rows with equal values are ordered by id. Ids are evenly distributed, and `V` is in the middle between `0` and
    // `z`.
    let key_id = KeyId::from_random("V0000000000000000000");
    let value = match sort.column {
        SortColumn::Name => between(&first.value, &last.value),
        // All keys of the benchmark have the same environment.
        SortColumn::Environment => first.value,
        SortColumn::Created | SortColumn::LastUsed | SortColumn::Expires => {
            let (first, last): (i128, i128) = (first.value.parse()?, last.value.parse()?);
            i128::midpoint(first, last).to_string()
        }
    };
    Ok(KeyCursor { value, key_id })
}

/// A text between two others: their common beginning, followed by the character halfway between the next ones.
fn between(a: &str, b: &str) -> String {
    let common: String = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    let next =
        |text: &str| text.get(common.len()..).and_then(|rest| rest.chars().next()).map_or(0, u32::from);
    let letter = u32::midpoint(next(a), next(b));
    format!("{common}{}", char::from_u32(letter).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_lies_between_two_others() {
        assert_eq!(between("backup a", "webhook z"), "l");
        assert_eq!(between("webhook", "backup"), "l");
        assert_eq!(between("key a", "key c"), "key b");
    }
}
