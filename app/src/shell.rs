//! The document around the console: what the browser gets before any page of it.

use std::collections::HashMap;

use leptos::{
    WasmSplitManifest, config::LeptosOptions, nonce::use_nonce, prelude::*, reactive::owner::ArcStoredValue,
};
use leptos_meta::MetaTags;

use crate::{app::App, theme::requested_theme};

/// Where the browser finds the console's compiled files, as absolute paths.
///
/// Their names carry a hash of their content, which only the build knows: leptos's own components look for it beside
/// the executable, where a binary copied alone has nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleFiles {
    /// The JavaScript that loads the WebAssembly.
    pub script: String,
    /// The WebAssembly of the console.
    pub wasm: String,
    /// All styles in one file.
    pub stylesheet: String,
    /// The parts of the WebAssembly that come later, where the build has split it.
    pub parts: Option<WasmParts>,
    /// The port on which a watching build tells the page to load again.
    pub reload_port: Option<u32>,
}

/// The WebAssembly of single pages, which is loaded with the first of them that is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WasmParts {
    /// The folder of all these files, as an absolute path.
    pub folder: String,
    /// The name of the JavaScript that loads parts.
    pub loader: String,
    /// What each page needs: names of files without their end.
    pub by_page: HashMap<String, Vec<String>>,
}

/// Renders a whole document for the page that was asked for.
pub fn shell(files: ConsoleFiles) -> impl IntoView {
    let nonce = use_nonce();
    // Lets the page name its own part in the document's head, so that it is loaded along with the rest and not after it.
    if let Some(WasmParts { folder, loader, by_page }) = files.parts {
        provide_context(WasmSplitManifest(ArcStoredValue::new((folder, by_page, loader))));
    }
    let start = format!(
        "import(\"{}\").then(m => m.default({{module_or_path: \"{}\"}}).then(() => m.hydrate()));",
        files.script, files.wasm
    );
    let reload = files.reload_port.map(|port| {
        let options = LeptosOptions::builder().output_name("keystead").reload_port(port).build();
        view! { <AutoReload options/> }
    });

    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=requested_theme()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex, nofollow"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=files.stylesheet/>
                <link rel="modulepreload" href=files.script/>
                <link rel="preload" href=files.wasm r#as="fetch" r#type="application/wasm" crossorigin=""/>
                <MetaTags/>
                <script type="module" nonce=nonce>{start}</script>
                {reload}
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
