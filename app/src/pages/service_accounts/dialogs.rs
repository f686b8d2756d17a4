//! The dialog of the pages about service accounts. Its content follows the page's path.

use leptos::prelude::*;

use super::{
    actions::Actions,
    create::CreateForm,
    disable::DisablePanel,
    edit::EditForm,
    path::{OpenDialog, ServiceAccountDialog},
};
use crate::{
    components::{loaded::WithLoaded, task_dialog::use_close},
    fns::service_accounts::get_service_account,
    ui::{Dialog, DialogSize},
};

/// The one dialog of a page. The path decides what it shows.
#[component]
pub(super) fn ServiceAccountDialogs(
    /// The open dialog, if there is one.
    task: Memo<Option<OpenDialog>>,
    /// The path of the page without a dialog.
    back: Signal<String>,
    actions: Actions,
) -> impl IntoView {
    let close = use_close(back, move || actions.forget());
    let title = move || match task.get() {
        Some(OpenDialog::Create) => "Create a service account",
        Some(OpenDialog::With(ServiceAccountDialog::Edit, _)) => "Edit the service account",
        Some(OpenDialog::With(ServiceAccountDialog::Disable, _)) => "Disable the service account",
        None => "",
    };
    view! {
        <Dialog
            id="task"
            title=Signal::derive(move || title().to_owned())
            open=Signal::derive(move || task.with(Option::is_some))
            on_close_request=close
            size=DialogSize::Medium
            keep_on_outside_press=true
        >
            {move || {
                let back = back.get_untracked();
                match task.get()? {
                    OpenDialog::Create => Some(view! { <CreateForm action=actions.create close/> }.into_any()),
                    OpenDialog::With(dialog, id) => Some(view! {
                        <WithLoaded id load=get_service_account view=move |target| match dialog {
                            ServiceAccountDialog::Edit => view! { <EditForm target action=actions.update back=back.clone() close/> }.into_any(),
                            ServiceAccountDialog::Disable => view! { <DisablePanel target action=actions.disable back=back.clone() close/> }.into_any(),
                        }/>
                    }.into_any()),
                }
            }}
        </Dialog>
    }
}
