//! Finds imports that name items of several modules.

use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The imports with a path inside their braces, in all files of a folder. The folder may be absent.
pub(super) fn nested_imports(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(nested_imports(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let tokens: TokenStream = fs::read_to_string(&path).unwrap().parse().unwrap();
            let mut imports = Vec::new();
            scan(tokens, &mut imports);
            found.extend(imports.iter().map(|import| format!("{}: {import}", path.display())));
        }
    }
    found
}

fn scan(tokens: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) if word == "use" => {
                let import = tokens[at..].iter().take_while(|token| !is_punct(token, ';')).cloned();
                let import: Vec<_> = import.collect();
                // `use<…>` lists what an opaque type captures.
                let is_import = !import.get(1).is_some_and(|token| is_punct(token, '<'));
                if is_import && import.iter().any(has_path_in_braces) {
                    found.push(import.into_iter().collect::<TokenStream>().to_string());
                }
            }
            TokenTree::Group(group) => scan(group.stream(), found),
            _ => {}
        }
    }
}

fn has_path_in_braces(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    group.delimiter() == Delimiter::Brace && group.stream().into_iter().any(|token| is_punct(&token, ':'))
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}
