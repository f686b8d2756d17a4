//! Answers requests for files.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::Response;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::File;

/// Answers with the smallest variant that the client accepts, or with "not modified". For HEAD, the connection leaves
/// out the body.
pub fn answer(file: &File, request: &HeaderMap) -> Response {
    let (coding, content) = choose(file, request);
    // A strong tag identifies the exact bytes, so each content coding has its own.
    let tag = format!("\"{:016x}{}\"", file.tag, coding.map(|word| format!("-{word}")).unwrap_or_default());
    let unchanged = is_known(request, &tag);

    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    set(headers, ETAG, &tag);
    set(headers, CACHE_CONTROL, file.cache_control());
    set(headers, VARY, "accept-encoding");
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    set(headers, CONTENT_TYPE, file.content_type());
    headers.insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
    if let Some(coding) = coding {
        set(headers, CONTENT_ENCODING, coding);
    }
    *response.body_mut() = match content {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn choose(file: &File, request: &HeaderMap) -> (Option<&'static str>, Cow<'static, [u8]>) {
    let compressed = [("br", &file.brotli), ("gzip", &file.gzip)];
    for (coding, content) in compressed {
        if let Some(content) = content
            && accepts(request, coding)
        {
            return (Some(coding), content.clone());
        }
    }
    (None, file.plain.clone())
}

/// Whether the client lists a content coding and does not refuse it with `q=0`.
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    words(request, &ACCEPT_ENCODING).any(|word| {
        let (name, weight) = word.split_once(';').unwrap_or((word, ""));
        let refused =
            weight.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

fn is_known(request: &HeaderMap, tag: &str) -> bool {
    words(request, &IF_NONE_MATCH).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn words<'a>(request: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = request.get_all(name).into_iter();
    values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &'static str) -> File {
        File {
            path: Cow::Borrowed(path),
            tag: 0xfeed,
            plain: Cow::Borrowed(b"plain"),
            brotli: Some(Cow::Borrowed(b"br")),
            gzip: Some(Cow::Borrowed(b"gzip")),
        }
    }

    fn answer_to(path: &'static str, headers: &[(HeaderName, &'static str)]) -> Response {
        let headers =
            headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        answer(&file(path), &headers)
    }

    fn header(response: &Response, name: &HeaderName) -> String {
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[test]
    fn the_best_accepted_encoding_is_sent() {
        let cases = [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("BR", "br"),
            ("identity", ""),
            ("", ""),
            ("brotli", ""),
        ];
        for (accepted, coding) in cases {
            let response = answer_to("/robots.txt", &[(ACCEPT_ENCODING, accepted)]);
            assert_eq!(header(&response, &CONTENT_ENCODING), coding, "{accepted}");
            assert_eq!(header(&response, &VARY), "accept-encoding");
        }
    }

    #[test]
    fn only_files_with_hashed_names_are_cached_forever() {
        let hashed = answer_to("/pkg/keystead.AbCdEfGhIjKlMnOpQrStUv.wasm", &[]);
        assert_eq!(header(&hashed, &CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(header(&hashed, &CONTENT_TYPE), "application/wasm");
        for plain in ["/favicon.svg", "/pkg/keystead.js", "/fonts/a.AbCdEfGhIjKlMnOpQrStUv.woff2"] {
            assert!(!header(&answer_to(plain, &[]), &CACHE_CONTROL).contains("immutable"), "{plain}");
        }
    }

    #[test]
    fn a_matching_etag_gets_no_body() {
        let tag = header(&answer_to("/a.css", &[(ACCEPT_ENCODING, "br")]), &ETAG);
        assert_eq!(tag, "\"000000000000feed-br\"");
        let again = answer_to(
            "/a.css",
            &[(ACCEPT_ENCODING, "br"), (IF_NONE_MATCH, "\"x\", W/\"000000000000feed-br\"")],
        );
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let other_coding = answer_to("/a.css", &[(IF_NONE_MATCH, "\"000000000000feed-br\"")]);
        assert_eq!(other_coding.status(), StatusCode::OK);
    }
}
