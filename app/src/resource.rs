//! How pages load data from the server.

use std::future::Future;

use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The codec of resources: JSON, decoded in the same way as the responses of server functions. The framework's own
/// codec decodes JSON through another type, so the browser would have to load the decoder of every model twice.
#[derive(Debug, Clone, Copy)]
pub struct JsonResource;

impl<T: Serialize> Encoder<T> for JsonResource {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for JsonResource {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// Data that a page shows. The server loads it with the page, and the browser whenever its source changes.
pub type JsonRead<T> = Resource<T, JsonResource>;

/// Loads data, and loads it again whenever `source` changes.
///
/// Must not be called below a `Suspense` or `Transition`. The server builds the content of these several times,
/// depending on how fast its data arrives. The data is passed to the browser under numbers that are counted while the
/// page is built, so the browser could look for it under other numbers.
pub fn read<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    load: impl Fn(S) -> F + Send + Sync + 'static,
) -> JsonRead<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, load, false)
}
