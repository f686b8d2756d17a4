//! One page of the list.

use leptos::prelude::*;
use model::service_account::ServiceAccountRows;

use super::{
    address::{Address, Task, View},
    row::AccountRow,
};
use crate::{
    fns::service_accounts::ACCOUNTS_PAGE_SIZE,
    ui::{ButtonKind, ButtonLink, EmptyState, Glyph, Header, Pagination, Table, grouped},
};

/// The table, or why it is empty.
#[component]
pub(super) fn AccountList(page: ServiceAccountRows, shown: Address) -> impl IntoView {
    let ServiceAccountRows { rows, total, all } = page;
    if rows.is_empty() {
        return view! { <Empty why=Why::of(&shown, all)/> }.into_any();
    }
    let rows = rows.into_iter().map(|row| view! { <AccountRow row shown=shown.clone()/> }).collect_view();
    view! {
        <Table label="Service accounts">
            <thead>
                <tr>
                    <Header label="Service account"/>
                    <Header label="Permissions"/>
                    <Header label="Keys"/>
                    <Header label="Last used"/>
                    <Header label="Created"/>
                    <Header label="Status"/>
                    <Header label="Actions" hidden=true/>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
        <Pages shown total/>
    }
    .into_any()
}

/// Why a list is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// There is no account at all.
    NoAccounts,
    /// The search finds nothing.
    NoMatch,
    /// None has this status.
    NoneInView(View),
}

impl Why {
    fn of(shown: &Address, all: u64) -> Self {
        if all == 0 {
            Self::NoAccounts
        } else if shown.search.is_empty() && shown.page <= 1 {
            Self::NoneInView(shown.view)
        } else {
            Self::NoMatch
        }
    }
}

#[component]
fn Empty(why: Why) -> impl IntoView {
    let everything = Address { view: View::All, ..Address::default() }.to_url();
    match why {
        Why::NoAccounts => view! {
            <EmptyState
                icon=Glyph::Bot
                title="No service accounts yet"
                sentence="A service account owns the keys of a program: a pipeline, a backup, a partner's integration. \
                          They keep working when the person who made them leaves, and stop together when you disable it."
            >
                <ButtonLink
                    href=Address::default().with(Task::Create).to_url() kind=ButtonKind::Primary icon=Glyph::Plus
                >
                    "Create service account"
                </ButtonLink>
            </EmptyState>
        }
        .into_any(),
        Why::NoMatch => view! {
            <EmptyState
                icon=Glyph::Search
                title="Nothing matches"
                sentence="No service account fits the search and the filter. Words are found from their beginning."
            >
                <ButtonLink href=everything>"Show all service accounts"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        Why::NoneInView(view) => view! {
            <EmptyState
                icon=Glyph::Bot
                title=if view == View::Disabled { "None is disabled" } else { "None is active" }
                sentence=if view == View::Disabled {
                    "Every service account of the organization works."
                } else {
                    "Every service account of the organization is disabled."
                }
            >
                <ButtonLink href=everything>"Show all service accounts"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
    }
}

#[component]
fn Pages(shown: Address, total: u64) -> impl IntoView {
    let words = if total == 1 {
        "1 service account".to_owned()
    } else {
        format!("{} service accounts", grouped(total))
    };
    let last = u32::try_from(total.div_ceil(u64::from(ACCOUNTS_PAGE_SIZE))).unwrap_or(u32::MAX);
    if last <= 1 {
        return view! { <p class="list-total">{words}</p> }.into_any();
    }
    let at = shown.page.max(1);
    let link = |page: u32, is_there: bool| is_there.then(|| shown.at_page(page).to_url());
    view! {
        <Pagination
            total=words
            first=link(1, at > 1)
            previous=link(at - 1, at > 1)
            next=link(at.saturating_add(1), at < last)
            last=link(last, at < last)
            size=ACCOUNTS_PAGE_SIZE
            sizes=vec![(ACCOUNTS_PAGE_SIZE, shown.to_url())]
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_knows_why() {
        let shown = Address::default();
        let searched = Address { search: "x".into(), ..Address::default() };
        let far = Address { page: 9, ..Address::default() };
        assert_eq!(Why::of(&searched, 0), Why::NoAccounts);
        assert_eq!(Why::of(&shown, 1), Why::NoneInView(View::Active));
        for shown in [searched, far] {
            assert_eq!(Why::of(&shown, 1), Why::NoMatch);
        }
    }
}
