//! The path of the Connect page, which says what the snippets are for.

use model::gateway::Proxy;
use model::id::GatewayId;

use super::code::Code;
use crate::components::gateways::UPSTREAM;
use crate::paths;
use crate::query::Query;

/// What a snippet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Code that sends verify requests itself.
    Code(Code),
    /// A proxy that asks a gateway about each request.
    Proxy(Proxy),
}

impl Purpose {
    /// All purposes, in the order of the tabs.
    pub fn all() -> impl Iterator<Item = Self> {
        Code::ALL.into_iter().map(Self::Code).chain(Proxy::ALL.iter().copied().map(Self::Proxy))
    }

    /// The value of `for` in the page's path.
    pub fn word(self) -> &'static str {
        match self {
            Self::Code(code) => code.word(),
            Self::Proxy(proxy) => proxy.as_str(),
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::all().find(|purpose| purpose.word() == word)
    }
}

/// The state of the page, which its path contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectPath {
    pub purpose: Purpose,
    /// The gateway that the proxy asks. `None` means the first one.
    pub gateway: Option<GatewayId>,
    /// The address to which the proxy passes requests on.
    pub upstream: String,
}

impl ConnectPath {
    /// Reads a query. Unknown and malformed values are replaced by defaults.
    pub fn of(query: &Query) -> Self {
        Self {
            purpose: query.get("for").and_then(Purpose::of).unwrap_or(Purpose::Code(Code::Curl)),
            gateway: query.get("gateway").and_then(|id| GatewayId::parse(id).ok()),
            upstream: query.get("upstream").unwrap_or(UPSTREAM).to_owned(),
        }
    }

    #[must_use]
    pub fn with_purpose(&self, purpose: Purpose) -> Self {
        Self { purpose, ..self.clone() }
    }

    pub fn to_path(&self) -> String {
        let Self { purpose, gateway, upstream } = self;
        let mut pairs = vec![("for", purpose.word().to_owned())];
        pairs.extend(gateway.as_ref().map(|id| ("gateway", id.to_string())));
        if upstream != UPSTREAM {
            pairs.push(("upstream", upstream.clone()));
        }
        paths::with_pairs(paths::CONNECT, &pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_be_parsed_again() {
        for query in ["for=curl", "for=go&gateway=gw_1", "for=envoy&gateway=gw_1&upstream=http%3A%2F%2Fa"] {
            let path = ConnectPath::of(&Query::parse(query));
            assert_eq!(path.to_path(), format!("/connect?{query}"));
        }
        for query in ["", "for=cobol", "gateway=../x"] {
            assert_eq!(ConnectPath::of(&Query::parse(query)).to_path(), "/connect?for=curl");
        }
    }

    #[test]
    fn every_purpose_can_be_parsed_from_its_word() {
        for purpose in Purpose::all() {
            assert_eq!(Purpose::of(purpose.word()), Some(purpose));
        }
    }
}
