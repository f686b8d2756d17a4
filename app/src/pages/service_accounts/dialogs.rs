//! The dialog of the pages about service accounts.

use leptos::prelude::*;

use super::actions::Actions;
use super::create::CreateForm;
use super::disable::DisablePanel;
use super::edit::EditForm;
use super::path::ServiceAccountDialog;
use crate::components::list_page::{DialogFrame, OpenDialog, TaskDialog};
use crate::fns::service_accounts::get_service_account;
use crate::paths;

/// The one dialog of a page. The path decides what it shows.
#[component]
pub(super) fn ServiceAccountDialogs(
    /// The open dialog, if there is one.
    task: Memo<Option<OpenDialog<ServiceAccountDialog>>>,
    /// The path of the page without a dialog.
    back: Signal<String>,
    actions: Actions,
) -> impl IntoView {
    view! {
        <TaskDialog
            task
            back
            actions
            after_new=|created| Some(paths::service_account(&created.service_account_id))
            load=get_service_account
            new=move |DialogFrame { close, .. }| view! { <CreateForm action=actions.create.current() close/> }.into_any()
            about=move |dialog, target, DialogFrame { back, close }| match dialog {
                ServiceAccountDialog::Edit => {
                    view! { <EditForm target action=actions.update.current() back close/> }.into_any()
                }
                ServiceAccountDialog::Disable => {
                    view! { <DisablePanel target action=actions.end.current() back close/> }.into_any()
                }
            }
        />
    }
}
