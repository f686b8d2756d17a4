//! Lists of networks.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use crate::field::{FieldError, FieldErrors, Rule};

/// The most networks in both lists together.
pub const NETWORKS_MAX: usize = 100;

const FORM: &str = "Use an IPv4 or IPv6 address, or a network such as 203.0.113.0/24 or 2001:db8::/32.";
/// The number of bits before the IPv4 address in its IPv6 form, `::ffff:203.0.113.7`.
const MAPPED_BITS: u8 = 96;

/// The networks from which a key may be used, and those from which it may not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "NetworkDraft", into = "NetworkDraft")]
pub struct NetworkList {
    /// If empty, all that are not denied.
    allowed: Box<[IpNet]>,
    denied: Box<[IpNet]>,
}

/// Unchecked networks, each an address or a network in CIDR notation.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct NetworkDraft {
    pub allowed: Vec<String>,
    pub denied: Vec<String>,
}

/// Whether a list lets an address pass, and which network decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkDecision<'a> {
    /// `None` if the list allows all addresses that it does not deny.
    Allowed(Option<&'a IpNet>),
    /// The network that denies the address. `None` if no network allows it.
    Refused(Option<&'a IpNet>),
    /// The list cannot decide without an address.
    AddressRequired,
}

impl NetworkList {
    /// Whether every address may pass.
    pub fn is_empty(&self) -> bool {
        self.allowed.is_empty() && self.denied.is_empty()
    }

    /// Decides about an address. A network that denies it wins over one that allows it. An IPv4 address in its IPv6
    /// form is the IPv4 address.
    pub fn decide(&self, address: Option<IpAddr>) -> NetworkDecision<'_> {
        if self.is_empty() {
            return NetworkDecision::Allowed(None);
        }
        let Some(address) = address.map(|address| address.to_canonical()) else {
            return NetworkDecision::AddressRequired;
        };
        let find = |list: &'_ [IpNet]| list.iter().position(|network| network.contains(&address));
        if let Some(at) = find(&self.denied) {
            return NetworkDecision::Refused(self.denied.get(at));
        }
        match find(&self.allowed) {
            Some(at) => NetworkDecision::Allowed(self.allowed.get(at)),
            None if self.allowed.is_empty() => NetworkDecision::Allowed(None),
            None => NetworkDecision::Refused(None),
        }
    }

    /// The networks as people write them.
    pub fn to_draft(&self) -> NetworkDraft {
        let shown = |list: &[IpNet]| list.iter().map(shown).collect();
        NetworkDraft { allowed: shown(&self.allowed), denied: shown(&self.denied) }
    }
}

impl NetworkDraft {
    /// Checks all networks. Errors are located below the two fields.
    pub fn check(&self, fields: [&str; 2], errors: &mut FieldErrors) -> NetworkList {
        let [allowed_field, denied_field] = fields;
        if self.allowed.len() + self.denied.len() > NETWORKS_MAX {
            let field = if self.allowed.is_empty() { denied_field } else { allowed_field };
            errors.push(field, Rule::ValueError, format!("Use at most {NETWORKS_MAX} networks."));
            return NetworkList::default();
        }
        let allowed = check_networks(&self.allowed, allowed_field, errors);
        NetworkList { allowed, denied: check_networks(&self.denied, denied_field, errors) }
    }
}

fn check_networks(words: &[String], field: &str, errors: &mut FieldErrors) -> Box<[IpNet]> {
    let mut networks = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        match parse(word.trim_ascii()) {
            Some(network) if networks.contains(&network) => {}
            Some(network) => networks.push(network),
            None => errors.push_at(vec![field.into(), index.into()], FieldError::new(Rule::ValueError, FORM)),
        }
    }
    networks.into()
}

/// Reads an address or a network. Bits after the prefix are cleared, and an IPv4 network in its IPv6 form becomes an
/// IPv4 network.
fn parse(word: &str) -> Option<IpNet> {
    let network = if word.contains('/') {
        word.parse::<IpNet>().ok()?
    } else {
        IpNet::from(word.parse::<IpAddr>().ok()?)
    };
    let network = network.trunc();
    match network {
        IpNet::V6(six) if six.prefix_len() >= MAPPED_BITS => match six.addr().to_ipv4_mapped() {
            Some(four) => Ipv4Net::new(four, six.prefix_len() - MAPPED_BITS).ok().map(IpNet::V4),
            None => Some(network),
        },
        IpNet::V4(_) | IpNet::V6(_) => Some(network),
    }
}

/// A network of one address is shown as the address.
fn shown(network: &IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() {
        network.addr().to_string()
    } else {
        network.to_string()
    }
}

impl TryFrom<NetworkDraft> for NetworkList {
    type Error = FieldErrors;

    fn try_from(draft: NetworkDraft) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let list = draft.check(["allowed", "denied"], &mut errors);
        errors.or(Some(list))
    }
}

impl From<NetworkList> for NetworkDraft {
    fn from(list: NetworkList) -> Self {
        list.to_draft()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(allowed: &[&str], denied: &[&str]) -> NetworkDraft {
        let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        NetworkDraft { allowed: texts(allowed), denied: texts(denied) }
    }

    fn list(allowed: &[&str], denied: &[&str]) -> NetworkList {
        NetworkList::try_from(draft(allowed, denied)).unwrap()
    }

    fn is_allowed(list: &NetworkList, address: &str) -> bool {
        matches!(list.decide(Some(address.parse().unwrap())), NetworkDecision::Allowed(_))
    }

    #[test]
    fn what_denies_wins_over_what_allows() {
        let list = list(&["10.0.0.0/8", "2001:db8::/32"], &["10.1.0.0/16", "2001:db8:1::7"]);
        for (address, allowed) in [
            ("10.0.0.1", true),
            ("10.1.0.1", false),
            ("11.0.0.1", false),
            ("::ffff:10.0.0.1", true),
            ("::ffff:10.1.0.1", false),
            ("2001:db8:1::8", true),
            ("2001:db8:1::7", false),
            ("::1", false),
        ] {
            assert_eq!(is_allowed(&list, address), allowed, "{address}");
        }
    }

    #[test]
    fn without_allowed_networks_all_others_pass() {
        let only_denied = list(&[], &["203.0.113.7"]);
        assert!(is_allowed(&only_denied, "203.0.113.8") && !is_allowed(&only_denied, "203.0.113.7"));
        assert_eq!(list(&[], &[]).decide(None), NetworkDecision::Allowed(None));
        assert_eq!(only_denied.decide(None), NetworkDecision::AddressRequired);
    }

    #[test]
    fn the_network_that_decided_is_named() {
        let list = list(&["10.0.0.0/8"], &["10.1.0.0/16"]);
        let by = |address: &str| match list.decide(Some(address.parse().unwrap())) {
            NetworkDecision::Allowed(by) | NetworkDecision::Refused(by) => by.map(shown),
            NetworkDecision::AddressRequired => None,
        };
        assert_eq!(by("10.0.0.1").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(by("10.1.0.1").as_deref(), Some("10.1.0.0/16"));
        assert_eq!(by("11.0.0.1"), None);
    }

    #[test]
    fn a_network_is_shown_in_one_spelling() {
        for (given, kept) in [
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("203.0.113.7/32", "203.0.113.7"),
            (" 203.0.113.7 ", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("::ffff:10.1.0.0/104", "10.0.0.0/8"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            ("2001:DB8:0::1", "2001:db8::1"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("::/0", "::/0"),
            ("0.0.0.0/0", "0.0.0.0/0"),
        ] {
            assert_eq!(list(&[given], &[]).to_draft().allowed, [kept], "{given}");
        }
        let twice = list(&["10.0.0.0/8", "10.9.9.9/8"], &[]);
        assert_eq!(twice.to_draft().allowed, ["10.0.0.0/8"]);
    }

    #[test]
    fn what_is_no_network_is_an_error_at_its_index() {
        let words = [
            "",
            "10.0.0.0/33",
            "10.0.0.0/",
            "/8",
            "10.0.0/8",
            "010.0.0.1",
            "10.0.0.1:80",
            "[::1]",
            "fe80::1%eth0",
            "2001:db8::/129",
            "localhost",
            "10.0.0.0/8/8",
            "10.0.0.0/+8",
            "*",
        ];
        let mut errors = FieldErrors::default();
        let list = draft(&["::1"], &words).check(["allowedNetworks", "deniedNetworks"], &mut errors);
        assert_eq!(list.to_draft(), draft(&["::1"], &[]));
        let places: Vec<_> = errors.iter().map(|error| error.location.clone()).collect();
        let expected: Vec<_> =
            (0..words.len()).map(|index| vec!["deniedNetworks".into(), index.into()]).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn both_lists_together_have_a_limit() {
        let words: Vec<_> = (0..=NETWORKS_MAX).map(|number| format!("10.0.0.{number}")).collect();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        assert!(NetworkList::try_from(draft(&words[..60], &words[60..NETWORKS_MAX])).is_ok());
        assert_eq!(NetworkList::try_from(draft(&words[..60], &words[60..])).unwrap_err().iter().count(), 1);
    }
}
