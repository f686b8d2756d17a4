//! One page of the list of service accounts.

use leptos::prelude::*;
use model::service_account::ServiceAccountRows;

use super::{
    path::{OpenDialog, ServiceAccountsPath, View},
    row::ServiceAccountTableRow,
};
use crate::{
    fns::service_accounts::SERVICE_ACCOUNTS_PAGE_SIZE,
    ui::{ButtonKind, ButtonLink, EmptyState, Glyph, Header, Pagination, Table, grouped},
};

/// The table of service accounts, or why it is empty.
#[component]
pub(super) fn ServiceAccountList(page: ServiceAccountRows, shown: ServiceAccountsPath) -> impl IntoView {
    let ServiceAccountRows { rows, total, all } = page;
    if rows.is_empty() {
        return view! { <Empty reason=EmptyReason::of(&shown, all)/> }.into_any();
    }
    let rows = rows
        .into_iter()
        .map(|row| view! { <ServiceAccountTableRow row shown=shown.clone()/> })
        .collect_view();
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
enum EmptyReason {
    /// The organization has no service account.
    NoServiceAccounts,
    /// No service account matches the search, or the page is past the last one.
    NoMatch,
    /// No service account has the status that the list is filtered by.
    NoneInView(View),
}

impl EmptyReason {
    fn of(shown: &ServiceAccountsPath, all: u64) -> Self {
        if all == 0 {
            Self::NoServiceAccounts
        } else if shown.search.is_empty() && shown.page <= 1 {
            Self::NoneInView(shown.view)
        } else {
            Self::NoMatch
        }
    }
}

#[component]
fn Empty(reason: EmptyReason) -> impl IntoView {
    let everything = ServiceAccountsPath { view: View::All, ..ServiceAccountsPath::default() }.to_path();
    match reason {
        EmptyReason::NoServiceAccounts => view! {
            <EmptyState
                icon=Glyph::Bot
                title="No service accounts yet"
                sentence="A service account owns the keys of a program, such as a pipeline, a backup or a partner's integration. \
                          The keys keep working when the person who created them leaves. If you disable the service account, \
                          all its keys stop working."
            >
                <ButtonLink
                    href=ServiceAccountsPath::default().with(OpenDialog::Create).to_path() kind=ButtonKind::Primary icon=Glyph::Plus
                >
                    "Create service account"
                </ButtonLink>
            </EmptyState>
        }
        .into_any(),
        EmptyReason::NoMatch => view! {
            <EmptyState
                icon=Glyph::Search
                title="Nothing matches"
                sentence="No service account matches the search and the filter. A search finds the beginnings of words."
            >
                <ButtonLink href=everything>"Show all service accounts"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        EmptyReason::NoneInView(view) => view! {
            <EmptyState
                icon=Glyph::Bot
                title=if view == View::Disabled { "No disabled service accounts" } else { "No active service accounts" }
                sentence=if view == View::Disabled {
                    "All service accounts of the organization are active."
                } else {
                    "All service accounts of the organization are disabled."
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
    fn the_reason_for_an_empty_list_is_found() {
        let shown = ServiceAccountsPath::default();
        let searched = ServiceAccountsPath { search: "x".into(), ..ServiceAccountsPath::default() };
        let far = ServiceAccountsPath { page: 9, ..ServiceAccountsPath::default() };
        assert_eq!(EmptyReason::of(&searched, 0), EmptyReason::NoServiceAccounts);
        assert_eq!(EmptyReason::of(&shown, 1), EmptyReason::NoneInView(View::Active));
        for shown in [searched, far] {
            assert_eq!(EmptyReason::of(&shown, 1), EmptyReason::NoMatch);
        }
    }
}
