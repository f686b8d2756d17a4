//! The part of the settings page that lists the servers that share the database.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::fns::nodes::NodeInfo;
use crate::ui::{Badge, Callout, Cell, Glyph, Header, RelativeTime, Section, Table, Tone};

#[component]
pub fn NodesSection(nodes: Vec<NodeInfo>) -> impl IntoView {
    let mixed = mixed_versions(&nodes);
    let rows = nodes.into_iter().map(|node| view! { <NodeRow node/> }).collect_view();
    view! {
        <Section
            id="nodes"
            title="Nodes"
            flush=true
            sentence="The servers that share the database. You see them because yours is the only organization there."
        >
            {mixed.map(|versions| view! {
                <Callout tone=Tone::Warning title="Different versions">
                    "The nodes run the versions " {versions} ". This is normal only during an upgrade."
                </Callout>
            })}
            <Table label="Servers that share the database">
                <thead>
                    <tr>
                        <Header label="Name"/>
                        <Header label="State"/>
                        <Header label="Version"/>
                        <Header label="Started"/>
                        <Header label="Last seen"/>
                        <Header label="Changes"/>
                        <Header label="Lag"/>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Section>
    }
}

#[component]
fn NodeRow(node: NodeInfo) -> impl IntoView {
    let changes = changes(&node);
    let NodeInfo { node_id, name, version, started_at, last_seen_at, is_silent, lag_millis, is_this, .. } =
        node;
    let state = if is_silent {
        view! { <Badge tone=Tone::Danger icon=Glyph::Warning>"Silent"</Badge> }.into_any()
    } else {
        view! { <Badge tone=Tone::Success icon=Glyph::Check>"Answering"</Badge> }.into_any()
    };
    let lag = lag_millis.map_or_else(|| "Unknown".to_owned(), lag);
    view! {
        <tr>
            <Cell label="">
                <span title=node_id>{name}</span>
                {is_this.then(|| view! { " " <Badge>"This one"</Badge> })}
            </Cell>
            <Cell label="State">{state}</Cell>
            <Cell label="Version">{version}</Cell>
            <Cell label="Started"><RelativeTime at=started_at/></Cell>
            <Cell label="Last seen"><RelativeTime at=last_seen_at/></Cell>
            <Cell label="Changes">{changes}</Cell>
            <Cell label="Lag">{lag}</Cell>
        </tr>
    }
}

/// Which changes the node has applied.
fn changes(node: &NodeInfo) -> String {
    match node.changes_behind {
        None => "Unknown".to_owned(),
        Some(0) => "All applied".to_owned(),
        Some(missing) => format!("{missing} not applied"),
    }
}

/// How long ago the node read the changes.
fn lag(millis: u64) -> String {
    if millis < 10_000 { format!("{millis} ms") } else { format!("{} s", millis / 1000) }
}

/// The versions of the nodes that answer, if there are several.
fn mixed_versions(nodes: &[NodeInfo]) -> Option<String> {
    let versions: BTreeSet<_> =
        nodes.iter().filter(|node| !node.is_silent).map(|node| node.version.as_str()).collect();
    (versions.len() > 1).then(|| versions.into_iter().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;

    fn node(version: &str, is_silent: bool) -> NodeInfo {
        let at = Timestamp::from_seconds(0);
        NodeInfo {
            node_id: "node_a".to_owned(),
            name: "a".to_owned(),
            version: version.to_owned(),
            started_at: at,
            last_seen_at: at,
            is_silent,
            lag_millis: None,
            changes_behind: None,
            is_this: false,
        }
    }

    #[test]
    fn only_nodes_that_answer_count_as_an_upgrade() {
        assert_eq!(mixed_versions(&[]), None);
        assert_eq!(mixed_versions(&[node("1", false), node("1", false), node("2", true)]), None);
        let both = mixed_versions(&[node("2", false), node("1", false), node("2", false)]);
        assert_eq!(both.as_deref(), Some("1, 2"));
    }

    #[test]
    fn a_node_says_which_changes_it_has_applied() {
        let with = |changes_behind| changes(&NodeInfo { changes_behind, ..node("1", false) });
        assert_eq!([lag(9_999), lag(10_000)], ["9999 ms", "10 s"]);
        assert_eq!([with(None), with(Some(0)), with(Some(3))], ["Unknown", "All applied", "3 not applied"]);
    }
}
