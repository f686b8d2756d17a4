//! The account that a dialog is about.

use leptos::prelude::*;
use model::{id::ServiceAccountId, service_account::ServiceAccountDetails};

use crate::{
    components::problem::ProblemView,
    fns::service_accounts::get_service_account,
    ui::{SkeletonLines, focus_id},
    wire::read,
};

/// Leads to a field of a content that comes later than its dialog, which found nothing but its cross to lead to.
pub(super) fn focus_when_shown(id: &'static str) {
    Effect::new(move || focus_id(id));
}

/// Loads the account and shows the dialog's content for it.
#[component]
pub(super) fn WithSubject(
    id: ServiceAccountId,
    /// The content.
    view: impl Fn(ServiceAccountDetails) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let subject = read(move || id.clone(), get_service_account);
    view! {
        <Suspense fallback=|| view! { <SkeletonLines/> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match subject.await {
                        Ok(subject) => view(subject),
                        Err(error) => view! { <ProblemView error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}
