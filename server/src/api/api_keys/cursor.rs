//! The sort orders of the key list, and the cursors that continue a list.

use model::field::{FieldError, Rule};
use model::key::{Environment, KeyCursor, KeySort, SortColumn};

/// The columns by their names in the parameter `sort`.
const COLUMNS: [(&str, SortColumn); 5] = [
    ("createdAt", SortColumn::Created),
    ("name", SortColumn::Name),
    ("lastUsedAt", SortColumn::LastUsed),
    ("expiresAt", SortColumn::Expires),
    ("environment", SortColumn::Environment),
];

/// Parses a sort order: the name of a column. A leading minus means descending.
pub(super) fn read_sort(text: &str) -> Result<KeySort, FieldError> {
    let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
    let column = COLUMNS.iter().find(|(name, _)| *name == word).map(|(_, column)| *column);
    column.map(|column| KeySort { column, descending }).ok_or_else(|| {
        let words = COLUMNS.map(|(name, _)| name).join(", ");
        FieldError::new(Rule::Enum, format!("Use one of: {words}. A minus before it reverses the order."))
    })
}

/// Writes a cursor together with its sort order. The text consists of letters, digits, `-`, `_` and `.`, so that it
/// needs no escapes in a URL.
pub(in crate::api) fn write(sort: KeySort, cursor: &KeyCursor) -> String {
    let KeyCursor { value, key_id } = cursor;
    let word = COLUMNS.iter().find(|(_, column)| *column == sort.column).map_or("", |(name, _)| name);
    let sign = if sort.descending { "-" } else { "" };
    format!("{sign}{word}.{key_id}.{}", hex::encode(value))
}

/// Reads a cursor and the sort order that it belongs to.
pub(in crate::api) fn read(text: &str) -> Result<(KeySort, KeyCursor), FieldError> {
    parse(text).ok_or_else(|| FieldError::new(Rule::ValueError, "Use the nextCursor of an earlier response."))
}

fn parse(text: &str) -> Option<(KeySort, KeyCursor)> {
    let (sort, place) = text.split_once('.')?;
    let (key_id, digits) = place.split_once('.')?;
    let value = String::from_utf8(hex::decode(digits).ok()?).ok()?;
    let sort = read_sort(sort).ok()?;
    let cursor = KeyCursor::from_text(&format!("{key_id}.{value}"))?;
    let is_of_column = match sort.column {
        SortColumn::Name => !value.contains('\0'),
        SortColumn::Environment => Environment::parse(&value).is_ok(),
        SortColumn::Created | SortColumn::LastUsed | SortColumn::Expires => value.parse::<i64>().is_ok(),
    };
    is_of_column.then_some((sort, cursor))
}

#[cfg(test)]
mod tests {
    use model::id::KeyId;

    use super::*;

    #[test]
    fn a_cursor_can_be_parsed_again_with_its_order() {
        let cursor = |value: &str| KeyCursor { value: value.into(), key_id: KeyId::from_random("a1") };
        for (text, column, descending, value) in [
            ("-createdAt.key_a1.313735", SortColumn::Created, true, "175"),
            ("name.key_a1.c3a92e20", SortColumn::Name, false, "é. "),
            ("name.key_a1.", SortColumn::Name, false, ""),
            ("expiresAt.key_a1.2d31", SortColumn::Expires, false, "-1"),
            ("-environment.key_a1.74657374", SortColumn::Environment, true, "test"),
        ] {
            assert_eq!(read(text), Ok((KeySort { column, descending }, cursor(value))), "{text}");
        }
    }

    #[test]
    fn invalid_cursors_are_refused() {
        let long = format!("name.key_a1.{}", "61".repeat(1001));
        for text in [
            "",
            "key_a1.313735",
            "createdAt.key_a1",
            "createdAt.key_a1.",
            "createdAt.key_a1.61",
            "createdAt.usr_a1.31",
            "created.key_a1.31",
            "--createdAt.key_a1.31",
            "name.key_a1.6",
            "name.key_a1.zz",
            "name.key_a1.+1",
            "name.key_a1.ff",
            "name.key_a1.00",
            "environment.key_a1.",
            "environment.key_a1.54455354",
            &long,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
