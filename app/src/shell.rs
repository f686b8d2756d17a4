//! The HTML document around the pages of the console.

use std::collections::HashMap;

use leptos::WasmSplitManifest;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos::reactive::owner::ArcStoredValue;
use leptos_meta::MetaTags;

use crate::app::App;
use crate::theme::requested_theme;

/// The absolute paths at which the browser finds the console's compiled files.
///
/// The names of the files contain a hash of their content, which only the build knows. Leptos's own components read the
/// hash from a file beside the executable. That file is missing if only the binary was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleFiles {
    /// The JavaScript that loads the WebAssembly.
    pub script: String,
    /// The WebAssembly of the console.
    pub wasm: String,
    /// All styles in one file.
    pub stylesheet: String,
    /// The parts of the WebAssembly that are loaded later, if the build has split it.
    pub parts: Option<WasmParts>,
    /// The port on which `cargo leptos watch` tells the page to reload.
    pub reload_port: Option<u32>,
}

/// The parts of the WebAssembly that the browser loads when it first opens a page that needs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WasmParts {
    /// The absolute path of the folder that contains the files.
    pub folder: String,
    /// The name of the JavaScript that loads parts.
    pub loader: String,
    /// The files that each bundle of pages needs, named without their extension. The keys are the names of the bundles.
    pub by_page: HashMap<String, Vec<String>>,
}

/// Renders the whole document for the requested page.
pub fn shell(files: ConsoleFiles) -> impl IntoView {
    let nonce = use_nonce();
    // Lets the page name its own part in the head of the document, so that the browser loads it together with the rest
    // and not afterwards.
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
