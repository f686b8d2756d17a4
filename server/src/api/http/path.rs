//! Reads the parameters in paths.
//!
//! The path is split at `/` first. Then each segment is percent-decoded exactly once. So `a%2Fb` is one segment that
//! contains a slash, `a%252Fb` is one that contains `a%2Fb`, and `+` is a plus sign.

use std::borrow::Cow;

use model::percent::decode;

/// The values of the pattern's parameters in a path that matches the pattern. Returns `None` if a value has a broken
/// escape or is not UTF-8, because no user or key can have such a name.
pub(in crate::api) fn parameters(pattern: &str, path: &str) -> Option<Vec<String>> {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let pairs = pattern.split('/').zip(path.split('/'));
    pairs
        .filter(|(wanted, _)| is_parameter(wanted))
        .map(|(_, given)| decode(given).map(Cow::into_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_parameters_are_read_by_position() {
        let pattern = "/v1/users/{user_email}/api-keys/{key_name}/rotate";
        let found = parameters(pattern, "/v1/users/a%40b.c/api-keys/x%2Frotate/rotate");
        assert_eq!(found, Some(vec!["a@b.c".to_owned(), "x/rotate".to_owned()]));
        assert_eq!(parameters(pattern, "/v1/users/a@b.c/api-keys/%FF/rotate"), None);
    }
}
