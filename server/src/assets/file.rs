//! One file of the console, with its compressed variants.

use std::borrow::Cow;

#[derive(Clone, Debug)]
pub struct File {
    /// The URL path, beginning with a slash.
    pub path: Cow<'static, str>,
    /// A hash of the content, for the entity tag.
    pub tag: u64,
    pub plain: Cow<'static, [u8]>,
    pub brotli: Option<Cow<'static, [u8]>>,
    pub gzip: Option<Cow<'static, [u8]>>,
}

impl File {
    /// The content type, chosen by the file extension.
    pub fn content_type(&self) -> &'static str {
        match self.path.rsplit_once('.').map_or("", |(_, end)| end) {
            "css" => "text/css; charset=utf-8",
            "html" => "text/html; charset=utf-8",
            "ico" => "image/x-icon",
            "js" => "text/javascript; charset=utf-8",
            "json" | "webmanifest" => "application/json",
            "png" => "image/png",
            "svg" => "image/svg+xml",
            "txt" => "text/plain; charset=utf-8",
            "wasm" => "application/wasm",
            "woff2" => "font/woff2",
            _ => "application/octet-stream",
        }
    }

    /// How long a browser may keep the file: for a year if the file's name changes with its content.
    pub fn cache_control(&self) -> &'static str {
        if self.has_hashed_name() {
            "public, max-age=31536000, immutable"
        } else if self.path.ends_with(".woff2") {
            "public, max-age=604800"
        } else {
            "public, max-age=3600"
        }
    }

    /// The build puts a hash of 22 base64 characters before the extension, as in `keystead.<hash>.wasm`.
    fn has_hashed_name(&self) -> bool {
        let mut parts = self.path.rsplit('.');
        self.path.starts_with("/pkg/") && parts.nth(1).is_some_and(|hash| hash.len() == 22)
    }
}
