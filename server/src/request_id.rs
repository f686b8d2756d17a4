//! The id of a request, which appears in its answer and in the log.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use http::{HeaderMap, HeaderName, HeaderValue};
use model::key::KeyPrefix;
use service::Service;

use crate::leaked_secret::may_hold_key;

/// Carries the id both in requests and in answers.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// The request that the current task answers.
    static CURRENT: RequestId;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Uses the id that the client sent if it is well-formed, contains no key, and is not the operator's token.
    /// Otherwise makes a new one.
    pub fn of(headers: &HeaderMap, service: &Service) -> Self {
        Self::unless(headers, &service.settings().key_prefix, |given| service.is_operator_token(given))
    }

    fn unless(headers: &HeaderMap, prefix: &KeyPrefix, is_secret: impl FnOnce(&str) -> bool) -> Self {
        let given = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok());
        match given {
            Some(given)
                if is_name(given) && !prefix.is_in(given) && !may_hold_key(given) && !is_secret(given) =>
            {
                Self(given.into())
            }
            _ => Self::make(),
        }
    }

    /// Makes an id that is unique, but not secret: a hash of a counter with a random key of this process, followed by
    /// the counter.
    pub fn make() -> Self {
        static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(format!("req_{:016x}{:08x}", KEY.hash_one(count), count & 0xffff_ffff).into())
    }

    /// The request that the current task answers.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Runs `answering` as part of this request, so that a panic in it is logged with the request id.
    pub fn scope<F: Future>(self, answering: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, answering)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(given: &str) -> RequestId {
        id_with(&KeyPrefix::default(), given)
    }

    fn id_with(prefix: &KeyPrefix, given: &str) -> RequestId {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_bytes(given.as_bytes()).unwrap());
        RequestId::unless(&headers, prefix, |given| given == "fedcba9876543210fedcba9876543210")
    }

    #[test]
    fn the_operators_token_is_replaced() {
        assert!(id("fedcba9876543210fedcba9876543210").as_str().starts_with("req_"));
    }

    #[test]
    fn a_harmless_request_id_of_the_client_is_kept() {
        let longest = "a".repeat(64);
        for given in
            ["x", "req-1.2_3", "4bf92f3577b34da6a3ce929d0e0e4736", "01ARZ3NDEKTSV4RRFFQ69G5FAV", &longest]
        {
            assert_eq!(id(given).as_str(), given);
        }
    }

    #[test]
    fn any_other_request_id_is_replaced() {
        let too_long = "a".repeat(65);
        for given in ["", "two words", "a\u{e9}", "a;b", &too_long] {
            assert!(id(given).as_str().starts_with("req_"), "{given}");
        }
        assert_ne!(id(""), id(""));
    }

    #[test]
    fn no_part_of_a_leaked_key_is_kept() {
        for given in [
            "sk_live_0123456789abcdefghijABCDEFGHIJxy1a2B3c",
            "old_0123456789abcdefghijABCDEFGHIJxy1a2B3c",
            "0123456789abcdefghijABCDEFGHIJ",
            "sk_live_01",
        ] {
            assert!(id(given).as_str().starts_with("req_"), "{given}");
        }
        let prefix = KeyPrefix::parse("sk_{environment}_").unwrap();
        for given in ["sk_live_01", "sk_test_01"] {
            assert!(id_with(&prefix, given).as_str().starts_with("req_"), "{given}");
        }
        assert_eq!(id_with(&prefix, "task_new_1").as_str(), "task_new_1");
    }
}
