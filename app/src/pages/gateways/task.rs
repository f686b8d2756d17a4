//! Which dialog is open.

use leptos::prelude::*;

use super::{
    address::{Deed, Task},
    create::CreateForm,
    edit::EditForm,
    page::Actions,
    remove::RemovePanel,
};
use crate::{
    components::{subject::WithSubject, task_dialog::use_close},
    fns::gateways::get_gateway,
    ui::{Dialog, DialogSize},
};

/// One dialog, whose content follows the address.
#[component]
pub(super) fn TaskDialogs(
    /// What is being done.
    task: Memo<Option<Task>>,
    /// The page without a dialog.
    back: Signal<String>,
    actions: Actions,
) -> impl IntoView {
    let close = use_close(back, move || actions.forget());
    let title = move || match task.get() {
        Some(Task::Create) => "Create a gateway",
        Some(Task::With(Deed::Edit, _)) => "Edit the gateway",
        Some(Task::With(Deed::Remove, _)) => "Remove the gateway",
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
                    Task::Create => Some(view! { <CreateForm action=actions.create close/> }.into_any()),
                    Task::With(deed, id) => Some(view! {
                        <WithSubject id load=get_gateway view=move |subject| match deed {
                            Deed::Edit => view! { <EditForm subject action=actions.update back=back.clone() close/> }.into_any(),
                            Deed::Remove => view! { <RemovePanel subject action=actions.remove close/> }.into_any(),
                        }/>
                    }.into_any()),
                }
            }}
        </Dialog>
    }
}
