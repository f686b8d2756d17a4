//! One page of the list of service accounts.

use leptos::prelude::*;
use model::service_account::ServiceAccountRows;

use super::{
    path::{OpenDialog, ServiceAccountsPath, View},
    row::AccountRow,
};
use crate::{
    fns::service_accounts::SERVICE_ACCOUNTS_PAGE_SIZE,
    ui::{ButtonKind, ButtonLink, EmptyState, Glyph, Header, Pagination, Table, grouped},
};

/// The table of service accounts, or why it is empty.
#[component]
pub(super) fn AccountList(page: ServiceAccountRows, shown: ServiceAccountsPath) -> impl IntoView {
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

/// Why the list is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The organization has no service account.
    NoAccounts,
    /// No account matches the search, or the page is past the last one.
    NoMatch,
    /// No account has the status that the list is filtered by.
    NoneInView(View),
}

impl Why {
    fn of(shown: &ServiceAccountsPath, all: u64) -> Self {
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
    let everything = ServiceAccountsPath { view: View::All, ..ServiceAccountsPath::default() }.to_path();
    match why {
        Why::NoAccounts => view! {
            <EmptyState
                icon=Glyph::Bot
                title="No service accounts yet"
                sentence="A service account owns the keys of a program: a pipeline, a backup, a partner's integration. \
                          They keep working when the person who made them leaves, and stop together when you disable it."
            >
                <ButtonLink
                    href=ServiceAccountsPath::default().with(OpenDialog::Create).to_path() kind=ButtonKind::Primary icon=Glyph::Plus
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
fn Pages(shown: ServiceAccountsPath, total: u64) -> impl IntoView {
    let words = if total == 1 {
        "1 service account".to_owned()
    } else {
        format!("{} service accounts", grouped(total))
    };
    let last = u32::try_from(total.div_ceil(u64::from(SERVICE_ACCOUNTS_PAGE_SIZE))).unwrap_or(u32::MAX);
    if last <= 1 {
        return view! { <p class="list-total">{words}</p> }.into_any();
    }
    let at = shown.page.max(1);
    let link = |page: u32, is_there: bool| is_there.then(|| shown.at_page(page).to_path());
    view! {
        <Pagination
            total=words
            first=link(1, at > 1)
            previous=link(at - 1, at > 1)
            next=link(at.saturating_add(1), at < last)
            last=link(last, at < last)
            size=SERVICE_ACCOUNTS_PAGE_SIZE
            sizes=vec![(SERVICE_ACCOUNTS_PAGE_SIZE, shown.to_path())]
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_knows_why() {
        let shown = ServiceAccountsPath::default();
        let searched = ServiceAccountsPath { search: "x".into(), ..ServiceAccountsPath::default() };
        let far = ServiceAccountsPath { page: 9, ..ServiceAccountsPath::default() };
        assert_eq!(Why::of(&searched, 0), Why::NoAccounts);
        assert_eq!(Why::of(&shown, 1), Why::NoneInView(View::Active));
        for shown in [searched, far] {
            assert_eq!(Why::of(&shown, 1), Why::NoMatch);
        }
    }
}
