//! What the addresses of the pages say: which dialog is open, and which configuration is shown. So every dialog is a link,
//! works before WebAssembly arrives, and closes with the browser's way back.

use model::{gateway::Proxy, id::GatewayId};

use crate::{
    components::gateways::UPSTREAM,
    fns::gateways::{GATEWAYS, page_of_gateway},
    query::{Query, encode},
};

/// A dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Adds a gateway.
    Create,
    /// Does something with one.
    With(Deed, GatewayId),
}

/// What is done with a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Changes it.
    Edit,
    /// Removes it for good.
    Remove,
}

impl Deed {
    const ALL: [Self; 2] = [Self::Edit, Self::Remove];

    const fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Remove => "remove",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.word() == word)
    }
}

/// The dialog that the list has open.
pub fn task_of(query: &Query) -> Option<Task> {
    let word = |name: &str| query.get(name).unwrap_or_default();
    match (word("do"), GatewayId::parse(word("gateway"))) {
        ("create", _) => Some(Task::Create),
        (deed, Ok(id)) => Deed::of(deed).map(|deed| Task::With(deed, id)),
        _ => None,
    }
}

/// The list with a dialog.
pub fn list_with(task: &Task) -> String {
    match task {
        Task::Create => format!("{GATEWAYS}?do=create"),
        Task::With(deed, id) => format!("{GATEWAYS}?do={}&gateway={id}", deed.word()),
    }
}

/// What the page of one gateway shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAddress {
    /// Whose configuration.
    pub proxy: Proxy,
    /// Where requests go on to.
    pub upstream: String,
    /// What is being done.
    pub deed: Option<Deed>,
}

impl PageAddress {
    /// Reads a query; what makes no sense in it is left out.
    pub fn of(query: &Query) -> Self {
        Self {
            proxy: query.get("proxy").and_then(Proxy::from_word).unwrap_or(Proxy::Nginx),
            upstream: query.get("upstream").unwrap_or(UPSTREAM).to_owned(),
            deed: query.get("do").and_then(Deed::of),
        }
    }

    /// The same page for another proxy.
    #[must_use]
    pub fn with_proxy(&self, proxy: Proxy) -> Self {
        Self { proxy, ..self.clone() }
    }

    /// The same page with a dialog, or without.
    #[must_use]
    pub fn with_deed(&self, deed: Option<Deed>) -> Self {
        Self { deed, ..self.clone() }
    }

    /// The address.
    pub fn to_url(&self, id: &GatewayId) -> String {
        let Self { proxy, upstream, deed } = self;
        let mut parts = Vec::new();
        if *proxy != Proxy::Nginx {
            parts.push(format!("proxy={proxy}"));
        }
        if upstream != UPSTREAM {
            parts.push(format!("upstream={}", encode(upstream)));
        }
        parts.extend(deed.map(|deed| format!("do={}", deed.word())));
        let page = page_of_gateway(id);
        if parts.is_empty() { page } else { format!("{page}?{}", parts.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialogs_are_addresses() {
        let id = GatewayId::parse("gw_1").unwrap();
        let tasks = [Task::Create, Task::With(Deed::Edit, id.clone()), Task::With(Deed::Remove, id.clone())];
        for task in tasks {
            let url = list_with(&task);
            assert_eq!(task_of(&Query::parse(url.split_once('?').unwrap().1)), Some(task));
        }
        for query in ["do=edit", "do=edit&gateway=../x", "do=disable&gateway=gw_1", ""] {
            assert_eq!(task_of(&Query::parse(query)), None, "{query}");
        }
    }

    #[test]
    fn the_address_of_a_page_reads_back() {
        let id = GatewayId::parse("gw_1").unwrap();
        for (query, url) in [
            ("", "/gateways/gw_1"),
            ("proxy=nginx&do=fly", "/gateways/gw_1"),
            ("proxy=caddy&do=edit", "/gateways/gw_1?proxy=caddy&do=edit"),
            ("upstream=http%3A%2F%2Fa%26b", "/gateways/gw_1?upstream=http%3A%2F%2Fa%26b"),
        ] {
            let address = PageAddress::of(&Query::parse(query));
            assert_eq!(address.to_url(&id), url);
            let again = Query::parse(url.split_once('?').map_or("", |(_, query)| query));
            assert_eq!(PageAddress::of(&again), address);
        }
    }
}
