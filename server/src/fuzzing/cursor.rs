//! Fuzzes the texts that the server hands out and reads back: cursors, versions of keys, ids and timestamps.

use model::Timestamp;
use model::id::KeyId;
use model::key::{Environment, Key, KeyCursor, KeyName, KeySort, KeyVersion, LastUse, SortColumn};

use super::input::{lines, text};
use crate::api::fuzzed::{read_cursor, write_cursor};

/// The input is a text that a client sends back, then the name of a key, and its timestamps in microseconds.
pub fn cursor(data: &[u8]) {
    let mut lines = lines(data);
    let Some(given) = text(&mut lines) else { return };
    place(given);
    if let Some(version) = KeyVersion::from_text(given) {
        assert_eq!(version.to_text(), given, "one state has one text");
    }
    if let Ok(moment) = Timestamp::parse(given) {
        assert_eq!(Timestamp::parse(&moment.to_rfc3339()), Ok(moment), "{given}");
    }
    let Some(Ok(name)) = text(&mut lines).map(KeyName::parse) else { return };
    let mut number = || text(&mut lines).and_then(|text| text.parse().ok()).unwrap_or(0);
    let key = key_of(name, number(), number(), number());
    for column in SortColumn::ALL.iter().copied() {
        let cursor = KeyCursor::of(&key, column);
        assert_eq!(KeyCursor::from_text(&cursor.to_text()).as_ref(), Some(&cursor));
        for descending in [false, true] {
            let sort = KeySort { column, descending };
            let written = write_cursor(sort, &key);
            assert_eq!(read_cursor(&written), Ok((sort, cursor.clone())), "{written}");
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            assert!(written.bytes().all(is_plain), "{written}");
        }
    }
}

/// A cursor that is accepted has one sort order, one key, and a value that its column can have.
fn place(given: &str) {
    let Ok((sort, cursor)) = read_cursor(given) else { return };
    let KeyCursor { value, key_id } = cursor;
    assert_eq!(KeyId::parse(key_id.as_str()).as_ref(), Ok(&key_id));
    assert!(value.len() <= 1000 && !value.contains('\0'), "{given}");
    let fits = match sort.column {
        SortColumn::Name => true,
        SortColumn::Environment => Environment::parse(&value).is_ok(),
        SortColumn::Created | SortColumn::LastUsed | SortColumn::Expires => value.parse::<i64>().is_ok(),
    };
    assert!(fits, "{given}");
    let rest = value.bytes().fold(format!(".{key_id}."), |text, byte| text + &format!("{byte:02x}"));
    assert!(
        given.len() > rest.len() && given.to_ascii_lowercase().ends_with(&rest.to_ascii_lowercase()),
        "{given}"
    );
    assert_eq!(given.starts_with('-'), sort.descending, "{given}");
}

fn key_of(name: KeyName, created: i64, used: i64, expires: i64) -> Key {
    let moment = |micros| (micros != 0).then(|| Timestamp::from_micros(micros));
    let key = Key {
        created_at: Timestamp::from_micros(created),
        last_use: moment(used).map(|at| LastUse { at, address: None, agent: None }),
        ..model::testing::key()
    };
    key.with(|fields| {
        fields.name = name;
        fields.expires_at = moment(expires);
    })
}
