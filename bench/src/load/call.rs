//! A request that the load generator sends.

use http::{Method, Request};
use http_body_util::Full;
use hyper::body::Bytes;

use crate::Result;

/// One kind of request.
#[derive(Clone)]
pub struct Call {
    pub method: Method,
    pub path: String,
    /// Headers besides `Host`.
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Call {
    /// A request without a body.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), headers: Vec::new(), body: String::new() }
    }

    /// A request with a JSON body.
    pub fn json(path: impl Into<String>, body: String) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { method: Method::POST, path: path.into(), headers, body }
    }

    /// Adds a header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn request(&self, host: &str) -> Result<Request<Full<Bytes>>> {
        let mut request = Request::builder().method(&self.method).uri(&self.path).header("host", host);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        Ok(request.body(Full::new(Bytes::from(self.body.clone())))?)
    }
}
