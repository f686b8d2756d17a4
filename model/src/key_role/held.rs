//! Roles that hold other roles.

use std::collections::{BTreeMap, BTreeSet};

/// The role and all roles that it holds, directly or through others. `held` says which roles each role holds directly.
pub fn all_held<'a, K: Ord>(held: &'a BTreeMap<K, Vec<K>>, role: &'a K) -> BTreeSet<&'a K> {
    let (mut found, mut open) = (BTreeSet::from([role]), vec![role]);
    while let Some(role) = open.pop() {
        for inner in held.get(role).into_iter().flatten() {
            if found.insert(inner) {
                open.push(inner);
            }
        }
    }
    found
}

/// A circle, if there is one: roles each of which holds the next. The first role is repeated at the end.
pub fn find_circle<K: Ord + Clone>(held: &BTreeMap<K, Vec<K>>) -> Option<Vec<K>> {
    held.keys().find_map(|role| circle_through(held, role))
}

/// The shortest circle through a role.
fn circle_through<K: Ord + Clone>(held: &BTreeMap<K, Vec<K>>, role: &K) -> Option<Vec<K>> {
    let (mut before, mut open, mut next) = (BTreeMap::new(), vec![role], 0);
    while let Some(holder) = open.get(next).copied() {
        next += 1;
        for inner in held.get(holder).into_iter().flatten() {
            if inner == role {
                return Some(path_to(&before, role, holder));
            }
            if !before.contains_key(inner) {
                before.insert(inner, holder);
                open.push(inner);
            }
        }
    }
    None
}

/// The way from a role to the one that holds it, and back to the role.
fn path_to<K: Ord + Clone>(before: &BTreeMap<&K, &K>, role: &K, last: &K) -> Vec<K> {
    let (mut path, mut at) = (vec![role.clone()], last);
    while at != role {
        path.push(at.clone());
        let Some(holder) = before.get(at) else { break };
        at = holder;
    }
    path.push(role.clone());
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(all: &[(&'static str, &[&'static str])]) -> BTreeMap<&'static str, Vec<&'static str>> {
        all.iter().map(|(role, held)| (*role, held.to_vec())).collect()
    }

    #[test]
    fn what_a_role_holds_is_found_through_others() {
        let roles = held(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"]), ("e", &["a"])]);
        assert_eq!(all_held(&roles, &"a").into_iter().copied().collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        assert_eq!(all_held(&roles, &"d").len(), 1);
        // A circle, which cannot be stored, ends all the same.
        assert_eq!(all_held(&held(&[("a", &["b"]), ("b", &["a"])]), &"a").len(), 2);
    }

    #[test]
    fn a_circle_is_named_as_a_path() {
        assert_eq!(find_circle(&held(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"])])), None);
        assert_eq!(find_circle(&held(&[("a", &["a"])])).unwrap(), ["a", "a"]);
        assert_eq!(
            find_circle(&held(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])])).unwrap(),
            ["b", "c", "b"]
        );
        let long = held(&[("a", &["b"]), ("b", &["x", "c"]), ("c", &["a"]), ("x", &[])]);
        assert_eq!(find_circle(&long).unwrap(), ["a", "b", "c", "a"]);
    }
}
