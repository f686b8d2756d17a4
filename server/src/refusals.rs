//! Log lines for refused requests, by which an operator finds out why a key was refused.
//!
//! Anybody can make a server refuse requests, as many as they like. So each kind of refusal may write only a few lines
//! a second. The others are counted, and the count is logged once a second. Kinds that clients cause in normal
//! operation are logged at the level `debug`, all others at `info`. A line that is not written costs two atomic
//! operations and allocates nothing.

use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::Duration;

use model::problem::Code;
use model::verify::VerifyCode;
use service::LogThrottle;
use tokio::time::sleep;

use crate::traces;

/// The most lines a second for each kind of refusal. A line has about 250 bytes.
const LINES_PER_SECOND: u16 = 5;

/// A kind of refusal, which has its own share of the log.
pub(crate) struct RefusalKind {
    /// The code or word that the caller receives.
    word: &'static str,
    /// Whether clients cause it in normal operation.
    is_frequent: bool,
    throttle: LogThrottle,
}

impl RefusalKind {
    fn rare(word: &'static str) -> Self {
        Self { word, is_frequent: false, throttle: LogThrottle::per_second(LINES_PER_SECOND) }
    }

    fn frequent(word: &'static str) -> Self {
        Self { is_frequent: true, ..Self::rare(word) }
    }

    fn is_enabled(&self) -> bool {
        if self.is_frequent {
            tracing::enabled!(tracing::Level::DEBUG)
        } else {
            tracing::enabled!(tracing::Level::INFO)
        }
    }
}

/// Verifications and introspections that refuse a key, by verify code.
pub(crate) static OF_VERIFY: LazyLock<Vec<RefusalKind>> =
    LazyLock::new(|| of_verify_codes().chain([RefusalKind::rare(OTHER)]).collect());

/// Questions of proxies that are answered with a refusal, by verify code and, if no key was verified, by decision.
pub(crate) static OF_GATEWAYS: LazyLock<Vec<RefusalKind>> = LazyLock::new(|| {
    let decisions = [
        RefusalKind::frequent("no_key"),
        RefusalKind::frequent("closed"),
        RefusalKind::rare("unreadable"),
        RefusalKind::rare("unknown_gateway"),
        RefusalKind::rare("no_gateway"),
        RefusalKind::rare("no_method"),
        RefusalKind::rare("unavailable"),
        RefusalKind::rare("too_slow"),
        RefusalKind::rare(OTHER),
    ];
    of_verify_codes().chain(decisions).collect()
});

/// All other requests that are answered with an error, by the code of the error.
pub(crate) static OF_REQUESTS: LazyLock<Vec<RefusalKind>> = LazyLock::new(|| {
    let codes = Code::ALL.iter().map(|code| RefusalKind::rare(code.as_str()));
    codes.chain([RefusalKind::rare("not_http"), RefusalKind::rare(OTHER)]).collect()
});

/// The kind of every word that has none of its own. It is the last one of each list.
const OTHER: &str = "other";

fn of_verify_codes() -> impl Iterator<Item = RefusalKind> {
    VerifyCode::ALL.iter().filter(|code| **code != VerifyCode::Valid).map(|code| match code {
        VerifyCode::RateLimited => RefusalKind::frequent(code.as_str()),
        _ => RefusalKind::rare(code.as_str()),
    })
}

/// What a line says about a refused request. The key is known only by its id, never by its secret.
pub(crate) struct RefusedRequest<'a> {
    pub(crate) method: Option<&'static str>,
    /// The pattern of the path, never the path itself, because clients put secrets into paths.
    pub(crate) route: &'a str,
    pub(crate) status: Option<u16>,
    pub(crate) duration_us: Option<u64>,
    /// The code or word that the caller received.
    pub(crate) reason: &'a str,
    /// The verdict on the key, if a key was verified.
    pub(crate) verdict: Option<VerifyCode>,
    /// The refused key, if it is known.
    pub(crate) key_id: Option<&'a str>,
    pub(crate) gateway_id: Option<&'a str>,
    pub(crate) request_id: &'a str,
    /// The address of the client, as far as trusted proxies report it.
    pub(crate) client: Option<IpAddr>,
}

impl<'a> RefusedRequest<'a> {
    pub(crate) fn new(route: &'a str, reason: &'a str, request_id: &'a str) -> Self {
        Self {
            method: None,
            route,
            status: None,
            duration_us: None,
            reason,
            verdict: None,
            key_id: None,
            gateway_id: None,
            request_id,
            client: None,
        }
    }
}

/// The permission to write one line.
pub(crate) struct Turn {
    is_frequent: bool,
}

/// Returns whether a refusal may be logged now. A word that is not in the table has the share of the last kind.
pub(crate) fn turn(kinds: &'static [RefusalKind], word: &str) -> Option<Turn> {
    let kind = kinds.iter().find(|kind| kind.word == word).or(kinds.last())?;
    if !kind.is_enabled() {
        return None;
    }
    kind.throttle.may_log().then_some(Turn { is_frequent: kind.is_frequent })
}

macro_rules! write_line {
    ($level:ident, $line:expr) => {
        tracing::$level!(
            http.method = $line.method,
            http.route = $line.route,
            http.status = $line.status,
            duration_us = $line.duration_us,
            reason = $line.reason,
            verdict = $line.verdict.map(VerifyCode::as_str),
            key.id = $line.key_id,
            gateway.id = $line.gateway_id,
            request.id = $line.request_id,
            client.address = $line.client.map(tracing::field::display),
            trace.id = traces::trace_id(),
            "refused"
        )
    };
}

impl Turn {
    pub(crate) fn write(self, line: &RefusedRequest<'_>) {
        if self.is_frequent {
            write_line!(debug, line);
        } else {
            write_line!(info, line);
        }
    }
}

/// Reports once a second how many lines were left out.
pub(crate) async fn report_every_second() {
    loop {
        sleep(Duration::from_secs(1)).await;
        report_left_out();
    }
}

/// Reports how many lines of each kind were left out since the last report. The server also calls this when it stops.
pub(crate) fn report_left_out() {
    for (kinds, what) in
        [(&OF_VERIFY[..], "verify"), (&OF_GATEWAYS[..], "gateway"), (&OF_REQUESTS[..], "request")]
    {
        for kind in kinds {
            let left_out = kind.throttle.take_left_out();
            let reason = kind.word;
            if left_out > 0 && kind.is_frequent {
                tracing::debug!(what, reason, left_out, "refused {left_out} more");
            } else if left_out > 0 {
                tracing::info!(what, reason, left_out, "refused {left_out} more");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_share_of_the_log() {
        let has = |kinds: &[RefusalKind], word: &str| kinds.iter().any(|kind| kind.word == word);
        for code in VerifyCode::ALL.iter().filter(|code| **code != VerifyCode::Valid) {
            assert!(has(&OF_VERIFY, code.as_str()) && has(&OF_GATEWAYS, code.as_str()), "{code:?}");
        }
        for code in Code::ALL {
            assert!(has(&OF_REQUESTS, code.as_str()), "{code:?}");
        }
    }
}
