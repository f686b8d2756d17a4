//! Finds the file that defines what a path names.

use std::collections::BTreeMap;

use super::source::{Crate, Path};

/// How many exports a path may lead through.
const EXPORTS_MAX: usize = 12;

/// One file imports another.
pub(super) struct Arrow {
    /// The file that imports, below `src`.
    pub from: String,
    pub to: String,
    /// A path that it mentions.
    pub path: String,
}

/// All arrows between the files of a crate.
pub(super) fn arrows(source: &Crate) -> Vec<Arrow> {
    let mut arrows = BTreeMap::new();
    for (place, module) in &source.modules {
        for path in module.mentioned.iter().chain(&module.stars) {
            if let Some(to) = source.resolve(place, path, 0).filter(|to| to != place) {
                let files = (module.file.clone(), source.modules[&to].file.clone());
                arrows.entry(files).or_insert_with(|| path.join("::"));
            }
        }
    }
    arrows.into_iter().map(|((from, to), path)| Arrow { from, to, path }).collect()
}

impl Crate {
    /// The module that defines what `path` names in the module at `place`. `None` if another crate does.
    fn resolve(&self, place: &Path, path: &[String], depth: usize) -> Option<Path> {
        let (first, below) = path.split_first().filter(|_| depth < EXPORTS_MAX)?;
        let module = &self.modules[place];
        match first.as_str() {
            "crate" => self.descend(Vec::new(), below, depth),
            "self" => self.descend(place.clone(), below, depth),
            "super" => {
                let (_, above) = place.split_last()?;
                match below.first() {
                    Some(next) if next == "super" => self.resolve(&above.to_vec(), below, depth),
                    _ => self.descend(above.to_vec(), below, depth),
                }
            }
            name if module.children.contains(name) => self.descend(place.clone(), path, depth),
            name => {
                let full = module.names.get(name).filter(|full| full.first() != Some(first))?;
                self.resolve(place, &[full.as_slice(), below].concat(), depth + 1)
            }
        }
    }

    /// Follows a path down from a module.
    fn descend(&self, mut place: Path, path: &[String], depth: usize) -> Option<Path> {
        for (at, name) in path.iter().enumerate() {
            let module = self.modules.get(&place)?;
            if module.children.contains(name) {
                place.push(name.clone());
            } else if let Some(full) = module.names.get(name).filter(|_| !module.items.contains(name)) {
                return self.resolve(&place, &[full.as_slice(), &path[at + 1..]].concat(), depth + 1);
            } else if module.items.contains(name) {
                return Some(place);
            } else {
                let by_star = |star: &Path| {
                    let from = self.resolve(&place, star, depth + 1)?;
                    self.modules[&from].items.contains(name).then_some(from)
                };
                return module.stars.iter().find_map(by_star).or(Some(place.clone()));
            }
        }
        Some(place)
    }
}
