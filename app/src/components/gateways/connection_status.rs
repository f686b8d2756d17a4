//! The sentences that describe the activity of a gateway or of keys.

use model::gateway::{GatewayActivity, GatewayOutcome, ObservedRequest};

/// Whether a connection works, as far as its requests show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionStatus {
    /// No request was seen.
    Waiting,
    /// Requests arrive, but none has passed with a key so far. Contains the latest request.
    NotYet(ObservedRequest),
    /// A request has passed with a key. Contains the first such request.
    Works(ObservedRequest),
    /// A key was used. Contains the latest use.
    Used(ObservedRequest),
}

impl ConnectionStatus {
    /// The status of a gateway.
    pub fn of_gateway(seen: &GatewayActivity) -> Self {
        match (&seen.first, &seen.last) {
            (Some(first), _) => Self::Works(first.clone()),
            (None, Some(last)) => Self::NotYet(last.clone()),
            (None, None) => Self::Waiting,
        }
    }

    /// The status of keys. Only the latest use of keys is known, not the first.
    pub fn of_keys(seen: &GatewayActivity) -> Self {
        seen.last.clone().map_or(Self::Waiting, Self::Used)
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::Waiting => "Waiting for the first request…".to_owned(),
            Self::Works(seen) => format!("First request seen at {}.", request_text(seen)),
            Self::Used(seen) => format!("Latest request seen at {}.", request_text(seen)),
            Self::NotYet(seen) => {
                format!("A request was seen at {}, but {}.", request_text(seen), outcome_text(seen))
            }
        }
    }
}

/// Says when a request was made, with which key and from which address.
fn request_text(seen: &ObservedRequest) -> String {
    let key = seen.key.as_ref().map(|key| format!(", with key {}", key.name));
    let address = seen.address.as_ref().map(|address| format!(", from address {address}"));
    format!("{}{}{}", seen.at.to_text(), key.unwrap_or_default(), address.unwrap_or_default())
}

/// Describes the latest request. `None` if [`ConnectionStatus::sentence`] describes it already, because no request has
/// passed with a key yet or because the latest request is the first that passed.
pub fn latest_sentence(seen: &GatewayActivity) -> Option<String> {
    let last = seen.last.as_ref().filter(|last| seen.first.as_ref().is_some_and(|first| first != *last))?;
    Some(format!("Latest request: {}; {}.", request_text(last), outcome_text(last)))
}

fn outcome_text(seen: &ObservedRequest) -> String {
    let Some(outcome) = seen.outcome.known() else {
        return format!("this version of Keystead does not know the outcome “{}”", seen.outcome);
    };
    let words = match outcome {
        GatewayOutcome::Allowed if seen.key.is_none() => "a rule let it pass without a key",
        GatewayOutcome::Allowed => "it passed",
        GatewayOutcome::NoKey => "it had no key in the header that the gateway reads",
        GatewayOutcome::InvalidKey => "its key is not a valid key of this organization",
        GatewayOutcome::InsufficientPermissions => {
            "its key does not have the permission that the rule requires"
        }
        GatewayOutcome::OutOfScope => "its resource is outside the scopes of its key",
        GatewayOutcome::RateLimited => "its key had reached its rate limit",
        GatewayOutcome::Closed => "the rules of the gateway block it",
        GatewayOutcome::Unreadable => {
            "its method, its path or one of its headers is ambiguous, or the proxy did not send them"
        }
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::gateway::ObservedKey;
    use model::id::KeyId;
    use model::{Stored, Timestamp};

    fn seen(seconds: i64, outcome: GatewayOutcome, key: Option<&str>) -> ObservedRequest {
        let key = key.map(|name| ObservedKey { key_id: KeyId::from_random("k"), name: name.to_owned() });
        let address = Some("10.0.0.4".to_owned());
        ObservedRequest { at: Timestamp::from_seconds(seconds), outcome: outcome.into(), key, address }
    }

    #[test]
    fn the_sentences_follow_a_connection_from_waiting_to_working() {
        let mut so_far = GatewayActivity::default();
        let mut sentences = vec![ConnectionStatus::of_gateway(&so_far).sentence()];
        so_far.last = Some(seen(0, GatewayOutcome::NoKey, None));
        sentences.push(ConnectionStatus::of_gateway(&so_far).sentence());
        so_far.first = Some(seen(60, GatewayOutcome::Allowed, Some("ci")));
        so_far.last = so_far.first.clone();
        sentences.push(ConnectionStatus::of_gateway(&so_far).sentence());
        assert_eq!(latest_sentence(&so_far), None);
        so_far.last = Some(seen(120, GatewayOutcome::InvalidKey, None));
        sentences.extend(latest_sentence(&so_far));
        let unknown = Stored::from_word("address_refused".to_owned());
        so_far.last = Some(ObservedRequest { outcome: unknown, ..seen(180, GatewayOutcome::Closed, None) });
        sentences.extend(latest_sentence(&so_far));
        assert_eq!(
            sentences,
            [
                "Waiting for the first request…",
                "A request was seen at 1 Jan 1970, 00:00 UTC, from address 10.0.0.4, but it had no key in the header that \
                 the gateway reads.",
                "First request seen at 1 Jan 1970, 00:01 UTC, with key ci, from address 10.0.0.4.",
                "Latest request: 1 Jan 1970, 00:02 UTC, from address 10.0.0.4; its key is not a valid key of this \
                 organization.",
                "Latest request: 1 Jan 1970, 00:03 UTC, from address 10.0.0.4; this version of Keystead does not know the \
                 outcome “address_refused”.",
            ]
        );
    }

    #[test]
    fn the_sentence_describes_the_latest_use_of_a_key() {
        let last = seen(0, GatewayOutcome::Allowed, Some("ci"));
        let so_far = GatewayActivity { first: None, last: Some(last) };
        let sentence = ConnectionStatus::of_keys(&so_far).sentence();
        assert!(
            sentence.starts_with("Latest request seen at 1 Jan 1970, 00:00 UTC, with key ci"),
            "{sentence}"
        );
        assert_eq!(latest_sentence(&so_far), None);
    }
}
