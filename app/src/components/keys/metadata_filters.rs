//! The filters by metadata in the path of the key list.
//!
//! A filter is a parameter such as `metadata.team=payments`. A plain form cannot make the name of a parameter from what
//! is typed, so it sends `metadata_name` and `metadata_value` instead.

use model::metadata::{METADATA_FILTERS_MAX, MetadataFilter};

use crate::query::{Pair, Query, search_of};

/// What the name of a parameter begins with.
const BEGIN: &str = "metadata.";
/// The parameters that a plain form sends.
pub const TYPED_NAME: &str = "metadata_name";
pub const TYPED_VALUE: &str = "metadata_value";

/// Reads the filters. Those without a name or a value are ignored, and so are those beyond the most that are allowed.
pub fn read_metadata(parameters: &Query) -> Vec<MetadataFilter> {
    let typed = parameters.get(TYPED_NAME).zip(parameters.get(TYPED_VALUE));
    let named = parameters.pairs().filter_map(|(name, value)| Some((name.strip_prefix(BEGIN)?, value)));
    named.chain(typed).fold(Vec::new(), |filters, (name, value)| with_member(filters, name, value))
}

/// Adds a filter. A member has one value, so the filter replaces an earlier one of the same name.
pub fn with_member(mut filters: Vec<MetadataFilter>, name: &str, value: &str) -> Vec<MetadataFilter> {
    let filter = MetadataFilter { name: search_of(name), value: search_of(value) };
    filters.retain(|known| known.name != filter.name);
    if filters.len() < METADATA_FILTERS_MAX && !filter.name.is_empty() && !filter.value.is_empty() {
        filters.push(filter);
    }
    filters
}

/// The parameters of the filters.
pub fn metadata_pairs(filters: &[MetadataFilter]) -> impl Iterator<Item = Pair> {
    filters.iter().map(|filter| (format!("{BEGIN}{}", filter.name).into(), filter.value.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Vec<(String, String)> {
        read_metadata(&Query::parse(query)).into_iter().map(|filter| (filter.name, filter.value)).collect()
    }

    #[test]
    fn a_plain_form_adds_a_filter() {
        let member = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read("metadata_name=team&metadata_value=a+b"), [member("team", "a b")]);
        let both = read("metadata_name=size&metadata.team=a&metadata_value=5");
        assert_eq!(both, [member("team", "a"), member("size", "5")]);
        for query in ["metadata_name=&metadata_value=a", "metadata_name=team&metadata_value=", "metadata.=a"]
        {
            assert_eq!(read(query), [], "{query}");
        }
    }

    #[test]
    fn there_are_few_filters_and_one_for_each_name() {
        let member = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read("metadata.a=1&metadata.b=2&metadata.a=3"), [member("b", "2"), member("a", "3")]);
        assert_eq!(read("metadata.a=1&metadata.a="), []);
        let many: Vec<_> = (0..1000).map(|number| format!("metadata.m{number}=x")).collect();
        assert_eq!(read(&many.join("&")), ["m0", "m1", "m2"].map(|name| member(name, "x")));
    }
}
