//! Keeps the source readable from the bottom up: no two files import each other, and folders side by side form no
//! circle. What two of them need goes down into a file that both can import. Every import names one module.

mod arrows;
mod rules;
mod source;
mod style;

use std::fs;
use std::path::Path;

use self::arrows::{Arrow, arrows};
use self::rules::{circles_of_folders, mutual_imports};
use self::source::Crate;
use self::style::nested_imports;

const CRATES: [&str; 7] = ["model", "store", "service", "app", "frontend", "server", "bench"];

/// The sources of a crate, and the arrows between its files.
fn arrows_of(src: &Path) -> Vec<Arrow> {
    arrows(&Crate::read(src))
}

#[test]
fn no_two_files_import_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for name in CRATES {
        let mutual = mutual_imports(&arrows_of(&root.join(name).join("src")));
        assert!(mutual.is_empty(), "in {name}:\n{}", mutual.join("\n"));
    }
}

#[test]
fn folders_side_by_side_form_no_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for name in CRATES {
        let circles = circles_of_folders(&arrows_of(&root.join(name).join("src")));
        assert!(circles.is_empty(), "in {name}:\n{}", circles.join("\n"));
    }
}

#[test]
fn every_import_names_one_module() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for name in CRATES {
        for folder in ["src", "tests", "benches", "examples"] {
            let nested = nested_imports(&root.join(name).join(folder));
            assert!(nested.is_empty(), "in {name}:\n{}", nested.join("\n"));
        }
    }
}

#[test]
fn nested_imports_are_found() {
    let folder = tempfile::tempdir().unwrap();
    for (text, is_nested) in [
        ("use std::{fmt, fs};", false),
        ("use std::fmt::{self, Write as _};", false),
        ("fn a() -> impl use<'a> Sized { std::fmt::Error }", false),
        ("use std::{fmt::Write, fs};", true),
        ("mod tests { pub(crate) use super::{a::{b, c}}; }", true),
    ] {
        fs::write(folder.path().join("a.rs"), text).unwrap();
        assert_eq!(nested_imports(folder.path()).len(), usize::from(is_nested), "{text}");
    }
}

/// If nothing were found in the sources, the tests above would pass as well.
#[test]
fn the_arrows_of_the_server_are_found() {
    let arrows = arrows_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(arrows.len() > 500, "{}", arrows.len());
    let is_there = |from: &str, to: &str| arrows.iter().any(|arrow| (&*arrow.from, &*arrow.to) == (from, to));
    assert!(is_there("api/keys/create.rs", "api/http/call.rs"));
    assert!(is_there("fast_path/verify.rs", "api/verify/dto.rs"), "an item that is exported again");
    assert!(is_there("api/mod.rs", "api/keys/create.rs"), "a path within a macro");
}

fn crate_of(files: &[(&str, &str)]) -> Vec<Arrow> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    arrows_of(folder.path())
}

#[test]
fn files_that_import_each_other_are_found() {
    for (one, other) in [
        ("use super::b::B; pub struct A;", "use super::a::A; pub struct B;"),
        ("pub fn a() { super::b::b() }", "use crate::a; pub fn b() { a::a() }"),
        ("use crate::{b::{self, B}}; pub struct A;", "use crate::A; pub struct B;"),
    ] {
        let arrows = crate_of(&[("lib.rs", "mod a; mod b; pub use a::A;"), ("a.rs", one), ("b.rs", other)]);
        assert_eq!(mutual_imports(&arrows).len(), 1, "{one} {other}");
    }
}

#[test]
fn exports_tests_comments_texts_and_visibilities_are_no_imports() {
    let arrows = crate_of(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a/mod.rs", "mod inner; pub use inner::Inner; pub struct A;"),
        ("a/inner.rs", "pub struct Inner(super::A);"),
        (
            "b.rs",
            "// use crate::a::A;\nconst TEXT: &str = \"crate::a::A\"; #[cfg(test)] mod tests { use crate::a::A; }",
        ),
        ("c/mod.rs", "mod d;"),
        ("c/d.rs", "pub(in crate::c) struct D;"),
    ]);
    let found: Vec<_> = arrows.iter().map(|arrow| (&*arrow.from, &*arrow.to)).collect();
    assert_eq!(found, [("a/inner.rs", "a/mod.rs")]);
}

#[test]
fn circles_of_folders_are_found_however_long_they_are() {
    let arrows = crate_of(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a/mod.rs", "mod one; mod two; pub use two::Two;"),
        ("a/one.rs", "use crate::b::B;"),
        ("a/two.rs", "pub struct Two;"),
        ("b/mod.rs", "use crate::c::C; pub struct B(C);"),
        ("c/mod.rs", "pub struct C(crate::a::Two);"),
    ]);
    assert!(mutual_imports(&arrows).is_empty());
    let circles = circles_of_folders(&arrows);
    assert_eq!(circles.len(), 1, "{circles:?}");
    assert!(circles[0].contains("a, b, c"), "{circles:?}");
}
