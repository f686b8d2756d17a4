//! The dialog of the pages about gateways. Its content follows the page's path.

use leptos::prelude::*;

use super::{
    actions::Actions,
    create::CreateForm,
    edit::EditForm,
    path::{GatewayDialog, OpenDialog},
    remove::RemovePanel,
};
use crate::{
    components::{loaded::WithLoaded, task_dialog::use_close},
    fns::gateways::get_gateway,
    ui::{Dialog, DialogSize},
};

/// The one dialog of a page. The path decides what it shows.
#[component]
pub(super) fn GatewayDialogs(
    /// The open dialog, if there is one.
    task: Memo<Option<OpenDialog>>,
    /// The path of the page without a dialog.
    back: Signal<String>,
    actions: Actions,
) -> impl IntoView {
    let close = use_close(back, move || actions.forget());
    let title = move || match task.get() {
        Some(OpenDialog::Create) => "Create a gateway",
        Some(OpenDialog::With(GatewayDialog::Edit, _)) => "Edit the gateway",
        Some(OpenDialog::With(GatewayDialog::Remove, _)) => "Remove the gateway",
        None => "",
    };
    view! {
        <Dialog
            id="task"
            title=Signal::derive(move || title().to_owned())
            open=Signal::derive(move || task.with(Option::is_some))
            on_close_request=close
            size=DialogSize::Large
            keep_on_outside_press=true
        >
            {move || {
                let back = back.get_untracked();
                match task.get()? {
                    OpenDialog::Create => Some(view! { <CreateForm action=actions.create close/> }.into_any()),
                    OpenDialog::With(dialog, id) => Some(view! {
                        <WithLoaded id load=get_gateway view=move |target| match dialog {
                            GatewayDialog::Edit => view! { <EditForm target action=actions.update back=back.clone() close/> }.into_any(),
                            GatewayDialog::Remove => view! { <RemovePanel target action=actions.remove close/> }.into_any(),
                        }/>
                    }.into_any()),
                }
            }}
        </Dialog>
    }
}
