//! Live requests: the figures that a page asks for again and again while it is open.
//!
//! They are plain `GET` requests. The server answers them with JSON, and reports an error as a server function does.

use serde::de::DeserializeOwned;

use crate::fns::FnResult;

/// Asks for the figure at a path of this console.
#[cfg(feature = "hydrate")]
pub async fn get<T: DeserializeOwned>(path: String) -> FnResult<T> {
    use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};

    use crate::error::ConsoleError;

    // Actions accept only futures that can move between threads. The browser has one thread.
    let answer = send_wrapper::SendWrapper::new(fetch(path)).await;
    let unreachable = |_| ConsoleError::from_server_fn_error(ServerFnErrorErr::Request(String::new()));
    let (is_ok, body) = answer.map_err(unreachable)?;
    if !is_ok {
        return Err(ConsoleError::de(body.into()));
    }
    let unreadable = |_| ConsoleError::from_server_fn_error(ServerFnErrorErr::Deserialization(String::new()));
    serde_json::from_slice(&body).map_err(unreadable)
}

/// Whether the server succeeded, and the body of its response.
#[cfg(feature = "hydrate")]
async fn fetch(path: String) -> Result<(bool, Vec<u8>), gloo_net::Error> {
    let request = gloo_net::http::Request::get(&path).header("accept", "application/json");
    let response = request.send().await?;
    Ok((response.ok(), response.binary().await?))
}

/// Never returns, because only the browser asks again and again.
#[cfg(not(feature = "hydrate"))]
pub async fn get<T: DeserializeOwned>(_path: String) -> FnResult<T> {
    std::future::pending().await
}
