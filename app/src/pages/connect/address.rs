//! What the address says: for what the snippets are.

use model::{gateway::Proxy, id::GatewayId};

use super::code::Code;
use crate::{
    components::gateways::UPSTREAM,
    fns::gateways::CONNECT,
    query::{Query, encode},
};

/// For what a snippet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Code that asks by itself.
    Code(Code),
    /// A proxy that asks.
    Proxy(Proxy),
}

impl Purpose {
    /// All of them, in the order of the tabs.
    pub fn all() -> impl Iterator<Item = Self> {
        Code::ALL.into_iter().map(Self::Code).chain(Proxy::ALL.iter().copied().map(Self::Proxy))
    }

    /// The word in the address.
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

/// The state of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// For what.
    pub purpose: Purpose,
    /// Which gateway a proxy asks; the first one when nothing is said.
    pub gateway: Option<GatewayId>,
    /// Where requests go on to.
    pub upstream: String,
}

impl Address {
    /// Reads a query; what makes no sense in it is left out.
    pub fn of(query: &Query) -> Self {
        Self {
            purpose: query.get("for").and_then(Purpose::of).unwrap_or(Purpose::Code(Code::Curl)),
            gateway: query.get("gateway").and_then(|id| GatewayId::parse(id).ok()),
            upstream: query.get("upstream").unwrap_or(UPSTREAM).to_owned(),
        }
    }

    /// The same for something else.
    #[must_use]
    pub fn with_purpose(&self, purpose: Purpose) -> Self {
        Self { purpose, ..self.clone() }
    }

    /// The address.
    pub fn to_url(&self) -> String {
        let Self { purpose, gateway, upstream } = self;
        let mut parts = vec![format!("for={}", purpose.word())];
        parts.extend(gateway.as_ref().map(|id| format!("gateway={id}")));
        if upstream != UPSTREAM {
            parts.push(format!("upstream={}", encode(upstream)));
        }
        format!("{CONNECT}?{}", parts.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        for query in ["for=curl", "for=go&gateway=gw_1", "for=envoy&gateway=gw_1&upstream=http%3A%2F%2Fa"] {
            let address = Address::of(&Query::parse(query));
            assert_eq!(address.to_url(), format!("/connect?{query}"));
        }
        for query in ["", "for=cobol", "gateway=../x"] {
            assert_eq!(Address::of(&Query::parse(query)).to_url(), "/connect?for=curl");
        }
    }

    #[test]
    fn every_word_is_one_purpose() {
        for purpose in Purpose::all() {
            assert_eq!(Purpose::of(purpose.word()), Some(purpose));
        }
    }
}
