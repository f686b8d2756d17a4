//! The paths of the pages about gateways: which dialog is open, and which configuration is shown. Because this is
//! in the path, every dialog is a link, works before WebAssembly arrives, and closes with the browser's Back button.

use model::{gateway::Proxy, id::GatewayId};

use crate::{
    components::gateways::UPSTREAM,
    paths::{self, GATEWAYS},
    query::{Query, encode},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenDialog {
    Create,
    /// A dialog about one gateway.
    With(GatewayDialog, GatewayId),
}

/// What a dialog does with a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatewayDialog {
    Edit,
    /// Removes the gateway for good.
    Remove,
}

impl GatewayDialog {
    const ALL: [Self; 2] = [Self::Edit, Self::Remove];

    const fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Remove => "remove",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialog| dialog.word() == word)
    }
}

/// The dialog that is open on the list page, if any.
pub fn open_dialog_of(query: &Query) -> Option<OpenDialog> {
    let word = |name: &str| query.get(name).unwrap_or_default();
    match (word("do"), GatewayId::parse(word("gateway"))) {
        ("create", _) => Some(OpenDialog::Create),
        (dialog, Ok(id)) => GatewayDialog::of(dialog).map(|dialog| OpenDialog::With(dialog, id)),
        _ => None,
    }
}

/// The path of the list page with a dialog open.
pub fn list_with(task: &OpenDialog) -> String {
    match task {
        OpenDialog::Create => format!("{GATEWAYS}?do=create"),
        OpenDialog::With(dialog, id) => format!("{GATEWAYS}?do={}&gateway={id}", dialog.word()),
    }
}

/// The state of the page of one gateway, as its path holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayPath {
    /// The proxy whose configuration is shown.
    pub proxy: Proxy,
    /// The address to which the proxy passes requests on.
    pub upstream: String,
    /// The open dialog.
    pub dialog: Option<GatewayDialog>,
}

impl GatewayPath {
    /// Reads a query. Unknown and malformed values are replaced by defaults.
    pub fn of(query: &Query) -> Self {
        Self {
            proxy: query.get("proxy").and_then(Proxy::from_word).unwrap_or(Proxy::Nginx),
            upstream: query.get("upstream").unwrap_or(UPSTREAM).to_owned(),
            dialog: query.get("do").and_then(GatewayDialog::of),
        }
    }

    #[must_use]
    pub fn with_proxy(&self, proxy: Proxy) -> Self {
        Self { proxy, ..self.clone() }
    }

    /// The same page with this dialog open, or with none.
    #[must_use]
    pub fn with_dialog(&self, dialog: Option<GatewayDialog>) -> Self {
        Self { dialog, ..self.clone() }
    }

    pub fn to_path(&self, id: &GatewayId) -> String {
        let Self { proxy, upstream, dialog } = self;
        let mut parts = Vec::new();
        if *proxy != Proxy::Nginx {
            parts.push(format!("proxy={proxy}"));
        }
        if upstream != UPSTREAM {
            parts.push(format!("upstream={}", encode(upstream)));
        }
        parts.extend(dialog.map(|dialog| format!("do={}", dialog.word())));
        paths::with_query(&paths::gateway(id), &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialog_has_an_address() {
        let id = GatewayId::parse("gw_1").unwrap();
        let tasks = [
            OpenDialog::Create,
            OpenDialog::With(GatewayDialog::Edit, id.clone()),
            OpenDialog::With(GatewayDialog::Remove, id.clone()),
        ];
        for task in tasks {
            let shown = list_with(&task);
            assert_eq!(open_dialog_of(&Query::parse(shown.split_once('?').unwrap().1)), Some(task));
        }
        for query in ["do=edit", "do=edit&gateway=../x", "do=disable&gateway=gw_1", ""] {
            assert_eq!(open_dialog_of(&Query::parse(query)), None, "{query}");
        }
    }

    #[test]
    fn the_address_of_a_page_can_be_parsed_again() {
        let id = GatewayId::parse("gw_1").unwrap();
        for (query, text) in [
            ("", "/gateways/gw_1"),
            ("proxy=nginx&do=fly", "/gateways/gw_1"),
            ("proxy=caddy&do=edit", "/gateways/gw_1?proxy=caddy&do=edit"),
            ("upstream=http%3A%2F%2Fa%26b", "/gateways/gw_1?upstream=http%3A%2F%2Fa%26b"),
        ] {
            let path = GatewayPath::of(&Query::parse(query));
            assert_eq!(path.to_path(&id), text);
            let again = Query::parse(text.split_once('?').map_or("", |(_, query)| query));
            assert_eq!(GatewayPath::of(&again), path);
        }
    }
}
