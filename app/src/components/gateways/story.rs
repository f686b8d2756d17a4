//! What is told of the requests that were seen.

use model::gateway::{GatewayOutcome, GatewaySeen, Sighting};

/// How far a connection has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Story {
    /// Nothing was seen.
    Waiting,
    /// Requests arrive, but a key has let none of them pass so far.
    NotYet(Sighting),
    /// It works since then.
    Works(Sighting),
    /// The latest use of a key.
    Used(Sighting),
}

impl Story {
    /// Of a gateway.
    pub fn of_gateway(seen: &GatewaySeen) -> Self {
        match (&seen.first, &seen.last) {
            (Some(first), _) => Self::Works(first.clone()),
            (None, Some(last)) => Self::NotYet(last.clone()),
            (None, None) => Self::Waiting,
        }
    }

    /// Of keys that are shown to this server directly.
    pub fn of_keys(seen: &GatewaySeen) -> Self {
        seen.last.clone().map_or(Self::Waiting, Self::Used)
    }

    /// The sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Waiting => "Waiting for the first request…".to_owned(),
            Self::Works(seen) => format!("First request seen at {}.", origin(seen)),
            Self::Used(seen) => format!("Latest request seen at {}.", origin(seen)),
            Self::NotYet(seen) => {
                format!("A request was seen at {}, but {}.", origin(seen), outcome_words(seen))
            }
        }
    }
}

/// When, by which key, from where.
fn origin(seen: &Sighting) -> String {
    let key = seen.key.as_ref().map(|key| format!(", by key {}", key.name));
    let address = seen.address.as_ref().map(|address| format!(", from address {address}"));
    format!("{}{}{}", seen.at.to_text(), key.unwrap_or_default(), address.unwrap_or_default())
}

/// What came of the latest request, where that is not what the sentence above says already.
pub fn latest_words(seen: &GatewaySeen) -> Option<String> {
    let last = seen.last.as_ref().filter(|last| seen.first.as_ref().is_some_and(|first| first != *last))?;
    Some(format!("Latest request: {}; {}.", origin(last), outcome_words(last)))
}

fn outcome_words(seen: &Sighting) -> String {
    let Some(outcome) = seen.outcome.known() else {
        return format!("this version of Keystead does not know what “{}” means", seen.outcome);
    };
    let words = match outcome {
        GatewayOutcome::Allowed if seen.key.is_none() => "a rule lets it pass without a key",
        GatewayOutcome::Allowed => "it passed",
        GatewayOutcome::NoKey => "it showed no key where the gateway looks for one",
        GatewayOutcome::InvalidKey => "what it showed is not a valid key of this organization",
        GatewayOutcome::InsufficientPermissions => "its key lacks the permission that the rule asks for",
        GatewayOutcome::OutOfScope => "it is outside the scopes of its key",
        GatewayOutcome::RateLimited => "its key had used up its rate limit",
        GatewayOutcome::Closed => "the rules let nobody pass there",
        GatewayOutcome::Unreadable => {
            "its method, path or a header can be read in different ways, or the proxy does not tell them"
        }
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Stored, Timestamp, gateway::SeenKey, id::KeyId};

    fn seen(seconds: i64, outcome: GatewayOutcome, key: Option<&str>) -> Sighting {
        let key = key.map(|name| SeenKey { key_id: KeyId::from_random("k"), name: name.to_owned() });
        let address = Some("10.0.0.4".to_owned());
        Sighting { at: Timestamp::from_seconds(seconds), outcome: outcome.into(), key, address }
    }

    #[test]
    fn a_connection_is_told_from_waiting_to_working() {
        let mut so_far = GatewaySeen::default();
        let mut told = vec![Story::of_gateway(&so_far).sentence()];
        so_far.last = Some(seen(0, GatewayOutcome::NoKey, None));
        told.push(Story::of_gateway(&so_far).sentence());
        so_far.first = Some(seen(60, GatewayOutcome::Allowed, Some("ci")));
        so_far.last = so_far.first.clone();
        told.push(Story::of_gateway(&so_far).sentence());
        assert_eq!(latest_words(&so_far), None);
        so_far.last = Some(seen(120, GatewayOutcome::InvalidKey, None));
        told.extend(latest_words(&so_far));
        let unknown = Stored::from_word("address_refused".to_owned());
        so_far.last = Some(Sighting { outcome: unknown, ..seen(180, GatewayOutcome::Closed, None) });
        told.extend(latest_words(&so_far));
        assert_eq!(
            told,
            [
                "Waiting for the first request…",
                "A request was seen at 1 Jan 1970, 00:00 UTC, from address 10.0.0.4, but it showed no key where the gateway \
                 looks for one.",
                "First request seen at 1 Jan 1970, 00:01 UTC, by key ci, from address 10.0.0.4.",
                "Latest request: 1 Jan 1970, 00:02 UTC, from address 10.0.0.4; what it showed is not a valid key of this \
                 organization.",
                "Latest request: 1 Jan 1970, 00:03 UTC, from address 10.0.0.4; this version of Keystead does not know what \
                 “address_refused” means.",
            ]
        );
    }

    #[test]
    fn the_latest_use_of_a_key_is_told() {
        let last = seen(0, GatewayOutcome::Allowed, Some("ci"));
        let so_far = GatewaySeen { first: None, last: Some(last) };
        let sentence = Story::of_keys(&so_far).sentence();
        assert!(
            sentence.starts_with("Latest request seen at 1 Jan 1970, 00:00 UTC, by key ci"),
            "{sentence}"
        );
        assert_eq!(latest_words(&so_far), None);
    }
}
