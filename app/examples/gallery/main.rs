//! Writes HTML pages that show the components of the console, so that a browser can display them without a server:
//!
//! `cargo run -p app --features ssr --example gallery -- FOLDER`

mod pages;

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

use app::state::theme::provide_theme;
use app::state::toasts::provide_toasts;
use leptos::prelude::*;

/// Each page is written once for each theme. The theme is written into the document, as the server does.
const THEMES: [&str; 2] = ["light", "dark"];
/// Layout rules that the console's real pages have in their own stylesheets.
const GRID: &str = ".gallery-stack{display:grid;gap:16px;min-width:0}.gallery-stack>*{min-width:0;margin:0}\
    .gallery-bar{display:flex;gap:8px}.gallery-name{display:grid}.gallery-name>a{color:inherit;text-decoration:none;\
    font-weight:540}.gallery-name>code{font-size:12px}.gallery-below{margin-top:20px}";

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| "gallery".to_owned());
    let folder = Path::new(&folder);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::create_dir_all(folder.join("fonts"))?;
    fs::write(folder.join("main.css"), bundle(&root.join("style"))?)?;
    for font in ["inter-latin.woff2", "jetbrains-mono-latin.woff2"] {
        fs::copy(root.join("public/fonts").join(font), folder.join("fonts").join(font))?;
    }
    for name in pages::NAMES {
        let body = body_of(name);
        for theme in THEMES {
            fs::write(folder.join(format!("{name}-{theme}.html")), document(&body, theme))?;
        }
    }
    Ok(())
}

/// Joins the files that `main.css` imports into one text, each in its cascade layer.
fn bundle(style: &Path) -> io::Result<String> {
    let main = fs::read_to_string(style.join("main.css"))?;
    let mut all = String::new();
    for line in main.lines() {
        let import = line.strip_prefix("@import \"./").and_then(|rest| rest.split_once("\" layer("));
        match import {
            None => all.push_str(line),
            Some((file, layer)) => {
                let text = fs::read_to_string(style.join(file))?.replace("url(\"/fonts/", "url(\"fonts/");
                let layer = layer.trim_end_matches(");");
                let _ = write!(all, "@layer {layer} {{\n{text}\n}}");
            }
        }
        all.push('\n');
    }
    Ok(all)
}

fn body_of(name: &'static str) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        provide_theme();
        provide_toasts();
        view! { <pages::Gallery name/> }.to_html()
    });
    owner.cleanup();
    html
}

fn document(body: &str, theme: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Gallery</title>\
         <link rel=\"stylesheet\" href=\"main.css\"><style>{GRID}</style></head><body>{body}</body></html>"
    )
}
