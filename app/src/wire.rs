//! How pages read from the server.

use std::future::Future;

use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// JSON, read as the answers of server functions are read. The framework's own codec reads the same JSON through
/// another type, so that the browser would carry the reader of every model twice.
#[derive(Debug, Clone, Copy)]
pub struct Wire;

impl<T: Serialize> Encoder<T> for Wire {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Wire {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// What a page reads: loaded by the server with the page, and by the browser whenever its source changes.
pub type Read<T> = Resource<T, Wire>;

/// Reads something, and reads it again whenever `source` changes.
///
/// Never to be called below a `Suspense` or `Transition`: the server builds what is below one several times, depending
/// on how fast its data comes, and what a page reads is handed to the browser under numbers that are counted on the way.
pub fn read<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    load: impl Fn(S) -> F + Send + Sync + 'static,
) -> Read<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, load, false)
}
