//! Reads the modules of a crate: what they define, import and mention.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path as FilePath;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The segments of a path.
pub(super) type Path = Vec<String>;

/// A module that has a file of its own.
#[derive(Default)]
pub(super) struct Module {
    /// The file, below `src`.
    pub file: String,
    pub children: HashSet<String>,
    /// The names of all items.
    pub items: HashSet<String>,
    /// What `use` brings in: the name in this module, and the path that it stands for.
    pub names: HashMap<String, Path>,
    /// The modules from which `use` brings in everything.
    pub stars: Vec<Path>,
    /// All paths in the code, except those that are only exported again.
    pub mentioned: Vec<Path>,
}

/// The modules of a crate by their paths. The root has the empty path.
pub(super) struct Crate {
    pub modules: BTreeMap<Path, Module>,
}

impl Crate {
    pub(super) fn read(src: &FilePath) -> Self {
        let root = ["lib.rs", "main.rs"].into_iter().find(|root| src.join(root).is_file()).unwrap();
        let mut modules = BTreeMap::new();
        read_module(src, FilePath::new(root), Vec::new(), &mut modules);
        Self { modules }
    }
}

fn read_module(src: &FilePath, file: &FilePath, path: Path, modules: &mut BTreeMap<Path, Module>) {
    let tokens: TokenStream = fs::read_to_string(src.join(file)).unwrap().parse().unwrap();
    let mut module = Module { file: file.to_str().unwrap().to_owned(), ..Module::default() };
    scan(tokens, &mut module);
    let is_folder = ["mod", "lib", "main"].map(Some).contains(&file.file_stem().unwrap().to_str());
    let folder = if is_folder { file.parent().unwrap().to_owned() } else { file.with_extension("") };
    module.children.retain(|child| {
        let mut files = [folder.join(format!("{child}.rs")), folder.join(child).join("mod.rs")].into_iter();
        let file = files.find(|file| src.join(file).is_file());
        if let Some(file) = &file {
            read_module(src, file, path.iter().chain([child]).cloned().collect(), modules);
        }
        // The file of a module with `#[path]` is outside of `src`.
        file.is_some()
    });
    modules.insert(path, module);
}

fn scan(tokens: TokenStream, module: &mut Module) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        at += match word(rest, 0).as_deref() {
            _ if is_of_tests(rest) => end_of_item(rest),
            Some("use") if !is_punct(rest.get(1), '<') => {
                let length = rest.iter().position(|token| is_punct(Some(token), ';')).unwrap();
                let is_export = is_public(&tokens[..at]) && module.file.ends_with("mod.rs")
                    || is_public(&tokens[..at]) && module.file == "lib.rs";
                read_use(&rest[1..length], &[], is_export, module);
                length
            }
            // `pub(in crate::api)` imports nothing.
            Some("pub") if matches!(rest.get(1), Some(TokenTree::Group(_))) => 2,
            Some("mod") if word(rest, 1).is_some() && is_punct(rest.get(2), ';') => {
                module.children.extend(word(rest, 1));
                3
            }
            Some("fn" | "struct" | "enum" | "const" | "static" | "trait" | "type") => {
                module.items.extend(word(rest, 1));
                1
            }
            Some(_) => {
                let path = path_at(rest);
                let length = path.len() * 3 - 2;
                if path.len() > 1 {
                    module.mentioned.push(path);
                }
                length
            }
            None => {
                if let TokenTree::Group(group) = &rest[0] {
                    scan(group.stream(), module);
                }
                1
            }
        };
    }
}

/// Whether the attribute `#[cfg(test)]` begins here.
fn is_of_tests(tokens: &[TokenTree]) -> bool {
    is_punct(tokens.first(), '#')
        && matches!(tokens.get(1), Some(TokenTree::Group(group)) if group.stream().to_string().replace(' ', "") == "cfg(test)")
}

/// The number of tokens up to the end of the item that begins here.
fn end_of_item(tokens: &[TokenTree]) -> usize {
    let is_use =
        tokens.iter().take(6).any(|token| matches!(token, TokenTree::Ident(ident) if ident == "use"));
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_use,
        token => is_punct(Some(token), ';'),
    };
    tokens.iter().position(is_end).map_or(tokens.len(), |place| place + 1)
}

/// Whether the tokens end with `pub`, or with `pub` and its scope.
fn is_public(before: &[TokenTree]) -> bool {
    let before = if let [before @ .., TokenTree::Group(_)] = before { before } else { before };
    matches!(before.last(), Some(TokenTree::Ident(ident)) if ident == "pub")
}

/// Reads the tree of a `use` below a path.
fn read_use(tokens: &[TokenTree], above: &[String], is_export: bool, module: &mut Module) {
    for tree in tokens.split(|token| is_punct(Some(token), ',')) {
        let mut path = above.to_vec();
        let mut name = None;
        let mut tokens = tree.iter();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(ident) if ident == "as" => name = tokens.next().map(ToString::to_string),
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Group(group) => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    read_use(&inner, &path, is_export, module);
                    path.clear();
                }
                star if is_punct(Some(star), '*') => {
                    module.stars.push(std::mem::take(&mut path));
                }
                _ => {}
            }
        }
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let Some(last) = path.last() else { continue };
        module.names.insert(name.unwrap_or_else(|| last.clone()), path.clone());
        if !is_export {
            module.mentioned.push(path);
        }
    }
}

/// The path that begins here.
fn path_at(tokens: &[TokenTree]) -> Path {
    let mut path: Path = word(tokens, 0).into_iter().collect();
    while let (true, Some(next)) =
        ((1..3).all(|colon| is_punct(tokens.get(path.len() * 3 - colon), ':')), word(tokens, path.len() * 3))
    {
        path.push(next);
    }
    path
}

fn word(tokens: &[TokenTree], at: usize) -> Option<String> {
    match tokens.get(at)? {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}
