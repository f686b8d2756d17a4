//! One page of the list of service accounts.

use leptos::prelude::*;
use model::service_account::{ServiceAccountRow, ServiceAccountRows};

use super::path::{Listed, ServiceAccountsPath, View};
use super::row::ServiceAccountTableRow;
use crate::components::list_page::{ItemList, OpenDialog};
use crate::fns::service_accounts::SERVICE_ACCOUNTS_PAGE_SIZE;
use crate::ui::{ButtonKind, ButtonLink, EmptyState, Glyph};

/// The table of service accounts, or why it is empty.
#[component]
pub(super) fn ServiceAccountList(
    page: Signal<ServiceAccountRows>,
    shown: Memo<ServiceAccountsPath>,
) -> impl IntoView {
    let reason = Memo::new(move |_| {
        let all = page.with(|page| page.all);
        shown.with(|shown| EmptyReason::of(shown, all))
    });
    view! {
        <ItemList
            shown
            items=Memo::new(move |_| page.with(|page| page.rows.clone()))
            total=Signal::derive(move || page.with(|page| page.total))
            size=SERVICE_ACCOUNTS_PAGE_SIZE
            noun=("service account", "service accounts")
            label="Service accounts"
            columns=&["Service account", "Permissions", "Keys", "Last used", "Created", "Status"]
            id=|row: &ServiceAccountRow| row.account.service_account_id.to_string()
            row=move |row| view! { <ServiceAccountTableRow row shown/> }.into_any()
            empty=move || view! { <Empty reason=reason.get()/> }.into_any()
        />
    }
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
        } else if shown.filter.search.is_empty() && shown.page <= 1 {
            Self::NoneInView(shown.filter.view)
        } else {
            Self::NoMatch
        }
    }
}

#[component]
fn Empty(reason: EmptyReason) -> impl IntoView {
    let everything = ServiceAccountsPath::first(Listed { view: View::All, ..Listed::default() }).to_path();
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
                    href=ServiceAccountsPath::default().with(OpenDialog::New).to_path() kind=ButtonKind::Primary icon=Glyph::Plus
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_for_an_empty_list_is_found() {
        let shown = ServiceAccountsPath::default();
        let searched = ServiceAccountsPath::first(Listed { search: "x".into(), ..Listed::default() });
        let far = ServiceAccountsPath { page: 9, ..ServiceAccountsPath::default() };
        assert_eq!(EmptyReason::of(&searched, 0), EmptyReason::NoServiceAccounts);
        assert_eq!(EmptyReason::of(&shown, 1), EmptyReason::NoneInView(View::Active));
        for shown in [searched, far] {
            assert_eq!(EmptyReason::of(&shown, 1), EmptyReason::NoMatch);
        }
    }
}
