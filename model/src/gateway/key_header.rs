//! The header in which a client presents its key.

use super::header_meaning::HeaderMeaning;
use crate::field::{FieldError, Rule};

/// Longest header name, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// The header in which clients present their key. `Authorization` carries it as a bearer token, any other header
/// carries it as it is. Cookies are excluded because browsers send them by themselves, and the URL because it is
/// logged.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyHeader(String);

const HAS_ANOTHER_MEANING: &str =
    "This header already has another meaning. Use Authorization, X-Api-Key, or a header of your own.";

/// Headers that already have a meaning for clients, proxies or this server.
const RESERVED: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "cookie2",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-organization-id",
    "x-real-ip",
    "x-request-id",
];
/// Prefixes of other headers that already have a meaning.
const RESERVED_STARTS: &[&str] =
    &["x-forwarded-", "x-original-", "x-envoy-", "x-key-", "sec-", "access-control-"];

impl KeyHeader {
    /// Reads a name of letters, digits and hyphens. Proxies silently drop headers with other names.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let is_name = (1..=NAME_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if !is_name {
            let message =
                format!("Use only letters, digits and hyphens, and at most {NAME_BYTES_MAX} of them.");
            return Err(FieldError::new(Rule::ValueError, message));
        }
        let folded = text.to_ascii_lowercase();
        if RESERVED.contains(&folded.as_str())
            || RESERVED_STARTS.iter().any(|start| folded.starts_with(start))
        {
            return Err(FieldError::new(Rule::ValueError, HAS_ANOTHER_MEANING));
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads the name for a new or changed gateway. In addition to [`Self::parse`] this refuses headers that change the
    /// request for some upstream, because gateways refuse requests with such headers. Stored gateways may still have
    /// them.
    pub fn choose(text: &str) -> Result<Self, FieldError> {
        let header = Self::parse(text)?;
        match HeaderMeaning::of(&text.to_ascii_lowercase()) {
            Some(_) => Err(FieldError::new(Rule::ValueError, HAS_ANOTHER_MEANING)),
            None => Ok(header),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the header carries the key as a bearer token and not as its whole value.
    pub fn is_authorization(&self) -> bool {
        self.0.eq_ignore_ascii_case("authorization")
    }
}

impl Default for KeyHeader {
    fn default() -> Self {
        Self("Authorization".to_owned())
    }
}

impl TryFrom<String> for KeyHeader {
    type Error = FieldError;
    fn try_from(text: String) -> Result<Self, FieldError> {
        Self::parse(&text)
    }
}

impl From<KeyHeader> for String {
    fn from(header: KeyHeader) -> Self {
        header.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_are_refused_cannot_be_chosen_for_the_key() {
        for text in ["X-Rewrite-Url", "Script-Name", "path-info", "Base-URL", "X-Proxy-Url"] {
            assert!(KeyHeader::choose(text).is_err(), "{text}");
            assert!(KeyHeader::parse(text).is_ok(), "a gateway may have it: {text}");
        }
        assert!(KeyHeader::choose("X-Api-Key").is_ok() && KeyHeader::choose("Cookie").is_err());
    }

    #[test]
    fn any_other_header_can_carry_the_key() {
        for text in ["Authorization", "authorization", "X-Api-Key", "Acme-Key", "a"] {
            assert!(KeyHeader::parse(text).is_ok(), "{text}");
        }
        let long = "a".repeat(65);
        for text in [
            "",
            "-",
            "X_Api_Key",
            "X Api",
            "X:Y",
            "X\n",
            "ключ",
            "Cookie",
            "HOST",
            "X-Forwarded-Uri",
            "X-Original-URI",
            "X-Key-Id",
            "X-Organization-Id",
            "Sec-Fetch-Site",
            "Content-Length",
            "X-HTTP-Method-Override",
            &long,
        ] {
            assert!(KeyHeader::parse(text).is_err(), "{text}");
        }
    }
}
