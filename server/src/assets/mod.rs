//! The console's files. A release contains them; during development they are read from `target/site`.

mod answer;
mod disk;
mod file;

use std::borrow::Cow;
use std::path::PathBuf;

use app::{ConsoleFiles, WasmParts};

pub use answer::answer;
pub use file::File;

#[derive(Clone, Debug)]
pub enum Assets {
    /// Compiled into the binary.
    Embedded(&'static [File]),
    /// Read from a folder at every request, because the build changes the files meanwhile.
    Folder(PathBuf),
}

impl Assets {
    /// The files that this binary was built to serve.
    pub fn of_this_build() -> Self {
        #[cfg(feature = "embed")]
        {
            Self::Embedded(include!(concat!(env!("OUT_DIR"), "/embedded.rs")))
        }
        #[cfg(not(feature = "embed"))]
        {
            Self::Folder(
                std::env::var_os("LEPTOS_SITE_ROOT")
                    .map_or_else(|| PathBuf::from("target/site"), PathBuf::from),
            )
        }
    }

    /// Finds the file with exactly this URL path.
    pub fn find(&self, path: &str) -> Option<Cow<'static, File>> {
        match self {
            Self::Embedded(files) => files.iter().find(|file| file.path == path).map(Cow::Borrowed),
            Self::Folder(folder) => disk::find(folder, path).map(Cow::Owned),
        }
    }

    /// The files that every page of the console loads.
    pub fn console_files(&self) -> ConsoleFiles {
        let paths = match self {
            Self::Embedded(files) => files.iter().map(|file| file.path.to_string()).collect(),
            Self::Folder(folder) => disk::newest_first(folder),
        };
        let find = |end: &str| {
            paths.iter().find(|path| path.starts_with("/pkg/keystead.") && path.ends_with(end)).cloned()
        };
        ConsoleFiles {
            script: find(".js").unwrap_or_default(),
            wasm: find(".wasm").unwrap_or_default(),
            stylesheet: find(".css").unwrap_or_default(),
            parts: self.wasm_parts(&paths),
            reload_port: self.reload_port(),
        }
    }

    fn wasm_parts(&self, paths: &[String]) -> Option<WasmParts> {
        let find = |start: &str, end: &str| {
            let mut names = paths.iter().filter_map(|path| path.strip_prefix("/pkg/"));
            names.find(|name| name.starts_with(start) && name.ends_with(end))
        };
        let manifest = self.find(&format!("/pkg/{}", find("__wasm_split_manifest", ".json")?))?;
        Some(WasmParts {
            folder: "/pkg".to_owned(),
            loader: find("__wasm_split.", ".js")?.to_owned(),
            by_page: serde_json::from_slice(&manifest.plain).ok()?,
        })
    }

    fn reload_port(&self) -> Option<u32> {
        match self {
            Self::Embedded(_) => None,
            Self::Folder(_) => std::env::var("LEPTOS_RELOAD_PORT").ok()?.parse().ok(),
        }
    }
}
