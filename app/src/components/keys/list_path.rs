//! The path of the key list. It contains everything that decides what the page shows, so that a link shows the same
//! list.

use model::id::KeyId;
use model::key::{
    Environment, KeyCursor, KeyOwner, KeyQuery, KeySort, KeyView, Permission, Place, SortColumn,
};
use model::page::PageSize;

use super::metadata_filters::{metadata_pairs, read_metadata};
use crate::paths;
use crate::query::{Pair, Query, search_of};

/// The content of the path. Invalid parameters count as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyListPath {
    /// View, filters, order, page and page size.
    pub query: KeyQuery,
    /// Whether the form for a new key is open.
    pub create: bool,
    /// The key whose values fill in the form for a new key.
    pub from: Option<KeyId>,
}

/// Whether the first click on a column header sorts in descending order. For creation and last use it does, because the
/// latest should come first. Names start with A, and expiries with the nearest.
pub fn is_descending_first(column: SortColumn) -> bool {
    matches!(column, SortColumn::Created | SortColumn::LastUsed)
}

impl KeyListPath {
    /// Reads a query. Unknown words, invalid ids and sizes that are not offered give the defaults.
    pub fn of(parameters: &Query) -> Self {
        let text = |name: &str| parameters.get(name).filter(|text| !text.is_empty());
        let mut query = KeyQuery::default();
        if let Some(view) = text("view").and_then(KeyView::from_word) {
            query.filter.view = view;
        }
        query.filter.search = search_of(text("q").unwrap_or_default());
        query.filter.owner = text("owner").and_then(|id| KeyOwner::parse(id).ok());
        query.filter.permission = text("permission").and_then(Permission::from_word);
        query.filter.environment = text("environment").and_then(|word| Environment::parse(word).ok());
        query.filter.metadata = read_metadata(parameters);
        query.sort = read_sort(text("sort"), text("dir"));
        query.size = text("size")
            .and_then(|digits| digits.parse().ok())
            .filter(|size| PageSize::OFFERED.contains(size))
            .map_or_else(PageSize::default, PageSize::new);
        query.place = read_place(text("after"), text("before"), text("last"));
        Self {
            query,
            create: text("create").is_some_and(|word| word == "1"),
            from: text("from").and_then(|id| KeyId::parse(id).ok()),
        }
    }

    /// The path, without parameters that have their default.
    pub fn to_path(&self) -> String {
        let mut pairs = self.filter_pairs();
        match &self.query.place {
            Place::First | Place::Skip(_) => {}
            Place::After(cursor) => pairs.push(("after".into(), cursor.to_text())),
            Place::Before(cursor) => pairs.push(("before".into(), cursor.to_text())),
            Place::Last => pairs.push(("last".into(), "1".to_owned())),
        }
        if self.create {
            pairs.push(("create".into(), "1".to_owned()));
            pairs.extend(self.from.iter().map(|id| ("from".into(), id.to_string())));
        }
        paths::with_pairs(paths::KEYS, &pairs)
    }

    /// The parameters that a form for the parameter `changed` sends as hidden fields.
    pub fn kept_by_form(&self, changed: &str) -> Vec<Pair> {
        self.filter_pairs().into_iter().filter(|(name, _)| name != changed).collect()
    }

    fn filter_pairs(&self) -> Vec<Pair> {
        let KeyQuery { filter, sort, place: _, size } = &self.query;
        let standard = KeyQuery::default();
        let mut pairs = Vec::new();
        if filter.view != standard.filter.view {
            pairs.push(("view".into(), filter.view.as_str().to_owned()));
        }
        if !filter.search.is_empty() {
            pairs.push(("q".into(), filter.search.clone()));
        }
        pairs.extend(filter.owner.iter().map(|id| ("owner".into(), id.to_string())));
        pairs.extend(filter.permission.iter().map(|word| ("permission".into(), word.to_string())));
        pairs.extend(filter.environment.iter().map(|word| ("environment".into(), word.to_string())));
        pairs.extend(metadata_pairs(&filter.metadata));
        if sort.column != standard.sort.column {
            pairs.push(("sort".into(), sort.column.as_str().to_owned()));
        }
        if sort.descending != is_descending_first(sort.column) {
            pairs.push(("dir".into(), if sort.descending { "desc" } else { "asc" }.to_owned()));
        }
        if *size != standard.size {
            pairs.push(("size".into(), size.get().to_string()));
        }
        pairs
    }
}

fn read_sort(column: Option<&str>, direction: Option<&str>) -> KeySort {
    let column = column.and_then(SortColumn::from_word).unwrap_or_else(|| KeySort::default().column);
    let descending = match direction {
        Some("asc") => false,
        Some("desc") => true,
        _ => is_descending_first(column),
    };
    KeySort { column, descending }
}

fn read_place(after: Option<&str>, before: Option<&str>, last: Option<&str>) -> Place {
    let cursor = |text: Option<&str>| text.and_then(KeyCursor::from_text);
    if let Some(cursor) = cursor(after) {
        Place::After(cursor)
    } else if let Some(cursor) = cursor(before) {
        Place::Before(cursor)
    } else if last == Some("1") {
        Place::Last
    } else {
        Place::First
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::percent::encode;

    use crate::query::SEARCH_LENGTH_MAX;

    fn read(pairs: &[(&str, &str)]) -> KeyListPath {
        let pairs: Vec<_> =
            pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        KeyListPath::of(&Query::parse(&pairs.join("&")))
    }

    #[test]
    fn invalid_parameters_count_as_absent() {
        for pair in [
            ("view", "everything"),
            ("view", "Active"),
            ("owner", "usr_<script>"),
            ("owner", "key_abc"),
            ("permission", "root"),
            ("environment", "Test"),
            ("environment", "staging10x"),
            ("metadata", "x"),
            ("metadata.", "x"),
            ("metadata.team", ""),
            ("metadata.team", "\0"),
            ("metadata.\0", "x"),
            ("q", "\0\r\n"),
            ("after", "\u{1}"),
            ("metadata_name", "team"),
            ("sort", "1; DROP TABLE keys"),
            ("dir", "sideways"),
            ("size", "0"),
            ("size", "-1"),
            ("size", "1000000000000000000000"),
            ("size", "51"),
            ("after", "no cursor"),
            ("after", "usr_a.1"),
            ("before", ""),
            ("last", "yes"),
            ("create", "true"),
            ("from", "../../x"),
            ("unknown", "1"),
        ] {
            assert_eq!(read(&[pair]), KeyListPath::default(), "{pair:?}");
        }
        let long = "é".repeat(SEARCH_LENGTH_MAX + 1);
        assert_eq!(read(&[("q", &long)]).query.filter.search.chars().count(), SEARCH_LENGTH_MAX);
    }

    #[test]
    fn a_secret_does_not_stay_in_the_address() {
        let prefix = model::key::KeyPrefix::default();
        let secret = model::key::PlainKey::from_random(&prefix, "0123456789abcdefghijABCDEFGHIJxy");
        for path in [read(&[("q", secret.reveal())]), KeyListPath::default().with_search(secret.reveal())] {
            assert_eq!(path.to_path(), "/keys?q=sk_live_01");
        }
        let name = format!("metadata.{}", secret.reveal());
        let path = read(&[("metadata.leak", secret.reveal()), (&name, "x")]);
        assert_eq!(path.to_path(), "/keys?metadata.leak=sk_live_01&metadata.sk_live_01=x");
    }

    #[test]
    fn an_address_can_be_parsed_again() {
        for pairs in [
            &[][..],
            &[("view", "never_expires"), ("q", "a&b=c/d%e#f \u{1F511}"), ("size", "100")],
            &[("owner", "sa_a1")],
            &[("owner", "usr_a1"), ("permission", "delete"), ("sort", "name"), ("dir", "desc")],
            &[("environment", "test"), ("sort", "environment"), ("dir", "desc")],
            &[("metadata.team", "a&b=c"), ("metadata.a=b&c d.é", "\"5\""), ("q", "x"), ("last", "1")],
            &[("sort", "expires"), ("after", "key_a1.9223372036854775807")],
            &[("sort", "name"), ("before", "key_a1.dots . and \u{44F}")],
            &[("last", "1"), ("dir", "asc")],
            &[("create", "1"), ("from", "key_a1")],
        ] {
            let path = read(pairs);
            let href = path.to_path();
            let query = href.strip_prefix("/keys").unwrap();
            assert_eq!(KeyListPath::of(&Query::parse(query)), path, "{href}");
        }
    }

    #[test]
    fn parameters_with_their_default_are_left_out() {
        for (pairs, href) in [
            (&[("view", "active"), ("sort", "created"), ("dir", "desc"), ("size", "50")][..], "/keys"),
            (&[("sort", "name"), ("dir", "asc")], "/keys?sort=name"),
            (&[("sort", "last_used"), ("dir", "asc")], "/keys?sort=last_used&dir=asc"),
            (&[("from", "key_a1")], "/keys"),
        ] {
            assert_eq!(read(pairs).to_path(), href);
        }
    }

    #[test]
    fn a_search_keeps_the_filters_but_not_the_page() {
        let path = read(&[("q", "old"), ("view", "all"), ("size", "25"), ("last", "1")]);
        let kept = path.kept_by_form("q");
        assert_eq!(kept, [("view".into(), "all".to_owned()), ("size".into(), "25".to_owned())]);
        let kept = read(&[("environment", "test"), ("metadata.team", "a")]).kept_by_form("environment");
        assert_eq!(kept, [("metadata.team".into(), "a".to_owned())]);
    }
}
