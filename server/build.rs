//! With the feature `embed`, writes a table of the console's files (`target/site`) that `src/assets` compiles in.
//!
//! The front is built, hashed and compressed before the server, so the names and contents are final here.
//!
//! A static binary gets the functions that copy and compare memory from a library that `scripts/build` names.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    link_memory_functions();
    if env::var_os("CARGO_FEATURE_EMBED").is_none() {
        return Ok(());
    }
    let site = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../target/site");
    println!("cargo:rerun-if-changed={}", site.display());
    let site = fs::canonicalize(&site)
        .map_err(|error| format!("the feature `embed` needs a built front in {}: {error}", site.display()))?;

    let mut files = Vec::new();
    collect(&site, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        write_entry(&mut table, &site, file)?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("embedded.rs"), table)?;
    Ok(())
}

/// Those of musl copy eight bytes at a time, which made a verification 7 % slower.
fn link_memory_functions() {
    const FOLDER: &str = "KEYSTEAD_MEMORY_FUNCTIONS";
    println!("cargo:rerun-if-env-changed={FOLDER}");
    if let Ok(folder) = env::var(FOLDER) {
        println!("cargo:rustc-link-search=native={folder}");
        println!("cargo:rustc-link-lib=static:+whole-archive=memory");
    }
}

/// Finds every file below a folder, leaving out the compressed variants, which belong to the file they are made of, and
/// type declarations, which no browser asks for.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if !path.extension().is_some_and(|end| end == "br" || end == "gz" || end == "ts") {
            files.push(path);
        }
    }
    Ok(())
}

fn write_entry(table: &mut String, site: &Path, file: &Path) -> Result<()> {
    println!("cargo:rerun-if-changed={}", file.display());
    let content = fs::read(file)?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let path = file.strip_prefix(site)?.to_str().ok_or("a file of the front has a name that is not UTF-8")?;

    writeln!(table, "    File {{")?;
    writeln!(table, "        path: Cow::Borrowed({:?}),", format!("/{path}"))?;
    writeln!(table, "        tag: {:#018x},", hasher.finish())?;
    writeln!(table, "        plain: {},", include(file)?)?;
    writeln!(table, "        brotli: {},", variant(file, "br", content.len())?)?;
    writeln!(table, "        gzip: {},", variant(file, "gz", content.len())?)?;
    writeln!(table, "    }},")?;
    Ok(())
}

/// The compressed variant beside a file, when it is worth its place: fonts and images only grow.
fn variant(file: &Path, end: &str, plain_bytes: usize) -> Result<String> {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    let path = PathBuf::from(name);
    if !path.exists() || fs::metadata(&path)?.len() >= u64::try_from(plain_bytes)? {
        return Ok("None".to_owned());
    }
    println!("cargo:rerun-if-changed={}", path.display());
    Ok(format!("Some({})", include(&path)?))
}

fn include(file: &Path) -> Result<String> {
    let file = file.to_str().ok_or("the front is in a folder whose name is not UTF-8")?;
    Ok(format!("Cow::Borrowed(include_bytes!({file:?}))"))
}
