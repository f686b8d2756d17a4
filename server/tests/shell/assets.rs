//! The console's files in a folder, as during development. `scripts/smoke` checks the files that are embedded in the
//! binary.

use std::fs;

use server::assets::Assets;
use tempfile::TempDir;

fn site() -> (TempDir, Assets) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
    fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    let site = folder.path().join("site");
    fs::write(site.join("robots.txt"), "User-agent: *").unwrap();
    for end in ["js", "wasm", "css"] {
        fs::write(site.join(format!("pkg/keystead.AbCdEfGhIjKlMnOpQrStUv.{end}")), end).unwrap();
    }
    (folder, Assets::Folder(site))
}

#[test]
fn files_are_found_by_their_exact_path() {
    let (_folder, assets) = site();
    assert_eq!(&*assets.find("/robots.txt").unwrap().plain, b"User-agent: *");
    assert_eq!(assets.find("/pkg/keystead.AbCdEfGhIjKlMnOpQrStUv.js").unwrap().plain.len(), 2);
}

#[test]
fn no_path_leaves_the_folder() {
    let (_folder, assets) = site();
    for path in [
        "/../secret.txt",
        "/pkg/../../secret.txt",
        "/pkg/../robots.txt",
        "//robots.txt",
        "/",
        "",
        "/pkg",
        "robots.txt",
    ] {
        assert!(assets.find(path).is_none(), "{path}");
    }
}

#[test]
fn a_page_names_the_files_of_the_build() {
    let (_folder, assets) = site();
    let files = assets.console_files();
    assert_eq!(files.script, "/pkg/keystead.AbCdEfGhIjKlMnOpQrStUv.js");
    assert_eq!(files.wasm, "/pkg/keystead.AbCdEfGhIjKlMnOpQrStUv.wasm");
    assert_eq!(files.stylesheet, "/pkg/keystead.AbCdEfGhIjKlMnOpQrStUv.css");
    assert_eq!(files.parts, None);
}

#[test]
fn a_page_preloads_the_parts_of_a_split_build() {
    let (folder, assets) = site();
    let pkg = folder.path().join("site/pkg");
    fs::write(pkg.join("__wasm_split.AbCdEfGhIjKlMnOpQrStUv.js"), "").unwrap();
    let manifest = r#"{"keys_page":["part_0.AbCdEfGhIjKlMnOpQrStUv"]}"#;
    fs::write(pkg.join("__wasm_split_manifest.AbCdEfGhIjKlMnOpQrStUv.json"), manifest).unwrap();
    let parts = assets.console_files().parts.unwrap();
    assert_eq!(parts.loader, "__wasm_split.AbCdEfGhIjKlMnOpQrStUv.js");
    assert_eq!(parts.by_page["keys_page"], ["part_0.AbCdEfGhIjKlMnOpQrStUv"]);
}
