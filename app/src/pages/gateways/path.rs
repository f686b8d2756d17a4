//! The paths of the pages about gateways: which dialog is open, and which configuration is shown.

use model::gateway::Proxy;
use model::id::GatewayId;

use crate::components::gateways::UPSTREAM;
use crate::components::list_page::{ItemDialog, ListPath};
use crate::paths::{self, GATEWAYS};
use crate::query::Query;

/// The state of the list page, which its path contains.
pub type GatewaysPath = ListPath<(), GatewayDialog>;

/// What a dialog does with a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatewayDialog {
    Edit,
    /// Removes the gateway for good.
    Remove,
}

impl ItemDialog for GatewayDialog {
    type Id = GatewayId;

    const LIST: &'static str = GATEWAYS;
    const ITEM: &'static str = "gateway";
    const NEW: (&'static str, &'static str) = ("create", "Create a gateway");
    const ALL: &'static [(Self, &'static str, &'static str)] =
        &[(Self::Edit, "edit", "Edit the gateway"), (Self::Remove, "remove", "Remove the gateway")];
}

/// The state of the page of one gateway, which its path contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayPath {
    /// The proxy whose configuration is shown.
    pub proxy: Proxy,
    /// The address to which the proxy passes requests on.
    pub upstream: String,
    /// Which dialog is open. `None` for the page alone.
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
        let mut pairs = Vec::new();
        if *proxy != Proxy::Nginx {
            pairs.push(("proxy", proxy.to_string()));
        }
        if upstream != UPSTREAM {
            pairs.push(("upstream", upstream.clone()));
        }
        pairs.extend(dialog.map(|dialog| ("do", dialog.word().to_owned())));
        paths::with_pairs(&paths::gateway(id), &pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::list_page::OpenDialog;

    #[test]
    fn every_dialog_has_an_address() {
        let id = GatewayId::parse("gw_1").unwrap();
        for (task, text) in [
            (OpenDialog::New, "/gateways?do=create"),
            (OpenDialog::With(GatewayDialog::Edit, id.clone()), "/gateways?do=edit&gateway=gw_1"),
            (OpenDialog::With(GatewayDialog::Remove, id.clone()), "/gateways?do=remove&gateway=gw_1"),
        ] {
            let path = GatewaysPath::default().with(task);
            assert_eq!(path.to_path(), text);
            assert_eq!(GatewaysPath::of(&Query::parse(text.split_once('?').unwrap().1)), path);
        }
        for query in ["do=edit", "do=edit&gateway=../x", "do=disable&gateway=gw_1", ""] {
            assert_eq!(GatewaysPath::of(&Query::parse(query)), GatewaysPath::default(), "{query}");
        }
    }

    #[test]
    fn the_address_of_a_page_can_be_parsed_again() {
        let id = GatewayId::parse("gw_1").unwrap();
        for (query, text) in [
            ("", "/gateways/gw_1"),
            ("proxy=nginx&do=fly", "/gateways/gw_1"),
            ("proxy=caddy&do=edit", "/gateways/gw_1?proxy=caddy&do=edit"),
            ("upstream=http%3A%2F%2Fa%00b", "/gateways/gw_1?upstream=http%3A%2F%2Fab"),
            ("upstream=http%3A%2F%2Fa%26b", "/gateways/gw_1?upstream=http%3A%2F%2Fa%26b"),
        ] {
            let path = GatewayPath::of(&Query::parse(query));
            assert_eq!(path.to_path(&id), text);
            let again = Query::parse(text.split_once('?').map_or("", |(_, query)| query));
            assert_eq!(GatewayPath::of(&again), path);
        }
    }
}
