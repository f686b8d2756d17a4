//! What a request needs: a list of permissions, or a query.

use crate::field::{FieldErrors, Rule};
use crate::key::Permissions;

use super::name::PermissionName;
use super::query::{PermissionQuery, UnmetPart};
use super::word::Wanted;

/// The most permissions in a list.
const LIST_MAX: usize = 100;

/// The unchecked permissions that a request needs: a list, all of which are needed, or a query.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum WantedDraft {
    List(Vec<String>),
    Query(String),
}

/// The permissions that a request needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedPermissions {
    /// Those of the four that Keystead knows, of which all are needed.
    pub classic: Permissions,
    /// Those of the organization's own, of which all are needed.
    pub own: Vec<PermissionName>,
    /// What else must be true.
    pub query: Option<Box<PermissionQuery>>,
}

impl WantedPermissions {
    /// Only these.
    pub fn classic(classic: Permissions) -> Self {
        Self { classic, ..Self::default() }
    }

    /// The first part that is not met. `has_own` says whether the key has a permission of the organization's own.
    pub fn unmet(
        &self,
        has: Permissions,
        has_own: impl Fn(&PermissionName) -> bool,
    ) -> Option<UnmetPart<'_>> {
        if let Some(missing) = self.classic.iter().find(|permission| !has.allows(*permission)) {
            return Some(UnmetPart::of_word(missing.as_str()));
        }
        if let Some(missing) = self.own.iter().find(|name| !has_own(name)) {
            return Some(UnmetPart::of_word(missing.as_str()));
        }
        self.query.as_ref()?.unmet(&|wanted| match wanted {
            Wanted::Classic(permission) => has.allows(*permission),
            Wanted::Own(name) => has_own(name),
        })
    }
}

impl WantedDraft {
    /// Checks the words or the query. Errors are located at or below `field`.
    pub fn check(&self, field: &str, errors: &mut FieldErrors) -> WantedPermissions {
        match self {
            Self::List(words) => check_list(words, field, errors),
            Self::Query(text) => {
                let query = errors.take(field, PermissionQuery::parse(text));
                WantedPermissions { query: query.map(Box::new), ..WantedPermissions::default() }
            }
        }
    }
}

fn check_list(words: &[String], field: &str, errors: &mut FieldErrors) -> WantedPermissions {
    let mut wanted = WantedPermissions::default();
    if words.len() > LIST_MAX {
        errors.push(field, Rule::ValueError, format!("Use at most {LIST_MAX} permissions."));
        return wanted;
    }
    let mut classic = Vec::new();
    for (index, word) in words.iter().enumerate() {
        match Wanted::check(word) {
            Ok(Wanted::Classic(permission)) => classic.push(permission),
            Ok(Wanted::Own(name)) => wanted.own.push(name),
            Err(error) => errors.push_at(vec![field.into(), index.into()], error),
        }
    }
    wanted.classic = classic.into();
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Permission;

    fn wanted(draft: &WantedDraft) -> WantedPermissions {
        let mut errors = FieldErrors::default();
        let wanted = draft.check("permissions", &mut errors);
        assert!(errors.is_empty(), "{errors:?}");
        wanted
    }

    fn list(words: &[&str]) -> WantedDraft {
        WantedDraft::List(words.iter().map(|word| (*word).to_owned()).collect())
    }

    /// What a key with `write` and `invoices.read` lacks.
    fn unmet(draft: &WantedDraft) -> Option<String> {
        let has = vec![Permission::Write].into();
        let has_own = |name: &PermissionName| name.as_str() == "invoices.read";
        wanted(draft).unmet(has, has_own).map(|part| part.to_string())
    }

    #[test]
    fn all_permissions_of_a_list_are_needed() {
        for (words, lacks) in [
            (&[] as &[&str], None),
            (&["read", "invoices.read"], None),
            (&["admin", "invoices.read"], Some("admin")),
            (&["invoices.read", "invoices.write"], Some("invoices.write")),
        ] {
            assert_eq!(unmet(&list(words)).as_deref(), lacks, "{words:?}");
        }
    }

    #[test]
    fn a_query_may_contain_both_kinds() {
        for (text, lacks) in [
            ("write AND invoices.read", None),
            ("admin OR invoices.read", None),
            ("admin OR region.eu", Some("admin OR region.eu")),
            ("invoices.read AND (region.eu OR region.us)", Some("region.eu OR region.us")),
        ] {
            assert_eq!(unmet(&WantedDraft::Query(text.to_owned())).as_deref(), lacks, "{text}");
        }
    }

    #[test]
    fn on_the_wire_it_is_a_list_or_a_text() {
        let read = |json: &str| serde_json::from_str::<WantedDraft>(json).ok();
        assert_eq!(read(r#"["read"]"#), Some(list(&["read"])));
        assert_eq!(read(r#""read""#), Some(WantedDraft::Query("read".to_owned())));
        for json in ["1", "{}", "[1]", "null", r#"[["read"]]"#] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn every_broken_word_of_a_list_is_an_error_at_its_index() {
        let mut errors = FieldErrors::default();
        list(&["read", "Fly", "a.b", ""]).check("permissions", &mut errors);
        let places: Vec<_> = errors.iter().map(|error| error.location[1].clone()).collect();
        assert_eq!(places, [1.into(), 3.into()] as [crate::field::Step; 2]);
    }
}
