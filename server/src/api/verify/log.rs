//! The log line for a key that a verification refuses.

use std::net::{IpAddr, Ipv4Addr};

use model::verify::Verdict;

use crate::api::http::call::CheckCall;
use crate::refusals::{self, OF_VERIFY, RefusedRequest};
use crate::traces;

/// Logs the verdict on a key, unless it is valid.
pub(super) fn log_if_refused(call: &CheckCall, verdict: &Verdict<'_>) {
    traces::record_verdict(verdict.code, verdict.key.as_ref().map(|key| &*key.key_id));
    if !verdict.is_valid() {
        // The middleware wrote the address, so it can be parsed.
        let client = || call.context.address.as_deref().and_then(|address| address.parse().ok());
        log_refusal(verdict, call.route, call.request_id(), || {
            client().unwrap_or(Ipv4Addr::UNSPECIFIED.into())
        });
    }
}

/// Logs a verdict that refuses a key, if it is the turn of this kind. Nothing is copied or computed otherwise.
pub(crate) fn log_refusal(
    verdict: &Verdict<'_>,
    route: &str,
    request_id: &str,
    client: impl FnOnce() -> IpAddr,
) {
    let word = verdict.code.as_str();
    let Some(turn) = refusals::turn(&OF_VERIFY, word) else { return };
    turn.write(&RefusedRequest {
        key_id: verdict.key.as_ref().map(|key| &*key.key_id),
        client: Some(client()),
        ..RefusedRequest::new(route, word, request_id)
    });
}
