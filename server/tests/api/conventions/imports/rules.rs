//! The rules that the arrows between files have to follow.

use std::collections::{BTreeMap, BTreeSet};

use super::arrows::Arrow;

/// The pairs of files that import each other, a line for each.
pub(super) fn mutual_imports(arrows: &[Arrow]) -> Vec<String> {
    let back = |arrow: &Arrow| arrows.iter().find(|other| other.from == arrow.to && other.to == arrow.from);
    let pairs = arrows.iter().filter(|arrow| arrow.from < arrow.to);
    pairs
        .filter_map(|arrow| {
            let Arrow { from, to, path } = arrow;
            Some(format!("{from} imports {path} of {to}, which imports {}", back(arrow)?.path))
        })
        .collect()
}

/// The circles that folders of the same folder form, each with the arrows that it consists of. A folder is everything
/// below it.
pub(super) fn circles_of_folders(arrows: &[Arrow]) -> Vec<String> {
    let mut by_parent: BTreeMap<String, BTreeMap<(&str, &str), Vec<&Arrow>>> = BTreeMap::new();
    for arrow in arrows {
        if let Some((parent, from, to)) = parting(&arrow.from, &arrow.to) {
            by_parent.entry(parent).or_default().entry((from, to)).or_default().push(arrow);
        }
    }
    by_parent.iter().filter_map(|(parent, arrows)| circle(parent, arrows)).collect()
}

/// Where the paths of two files part: the folder that both are in, and its two folders that contain one of them each.
/// `None` if one of the files is in that folder itself.
fn parting<'a>(one: &'a str, other: &'a str) -> Option<(String, &'a str, &'a str)> {
    let (ones, others): (Vec<_>, Vec<_>) = (one.split('/').collect(), other.split('/').collect());
    let shared = ones.iter().zip(&others).take_while(|(one, other)| one == other).count();
    let is_folder = |path: &[&str]| shared + 1 < path.len();
    (is_folder(&ones) && is_folder(&others)).then(|| (ones[..shared].join("/"), ones[shared], others[shared]))
}

/// The folders that can be reached from themselves.
fn circle(parent: &str, arrows: &BTreeMap<(&str, &str), Vec<&Arrow>>) -> Option<String> {
    let reached = |start: &str| {
        let (mut found, mut open) = (BTreeSet::new(), vec![start.to_owned()]);
        while let Some(folder) = open.pop() {
            for (_, to) in arrows.keys().filter(|(from, _)| *from == folder) {
                if found.insert((*to).to_owned()) {
                    open.push((*to).to_owned());
                }
            }
        }
        found
    };
    let folders: BTreeSet<_> = arrows.keys().map(|(from, _)| *from).collect();
    let circle: Vec<_> = folders.into_iter().filter(|folder| reached(folder).contains(*folder)).collect();
    if circle.is_empty() {
        return None;
    }
    let within = arrows.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
    let lines = within
        .flat_map(|(_, arrows)| arrows)
        .map(|Arrow { from, to, path }| format!("\n  {from} imports {path} of {to}"));
    Some(format!("the folders {} of {parent:?}:{}", circle.join(", "), lines.collect::<String>()))
}
