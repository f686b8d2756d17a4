//! Which dialog is open.

use leptos::prelude::*;

use super::{
    add::AddForm,
    address::{Address, Deed, Task},
    edit::EditForm,
    end::{RemovePanel, SuspendPanel},
    invite::InvitePanel,
    page::Actions,
    subject,
};
use crate::{
    components::{subject::WithSubject, task_dialog::use_close},
    ui::{Dialog, DialogSize},
};

/// One dialog, whose content follows the address.
#[component]
pub(super) fn TaskDialogs(address: Memo<Address>, actions: Actions) -> impl IntoView {
    let task = Memo::new(move |_| address.with(|address| address.task.clone()));
    let back = Signal::derive(move || address.with(|address| address.list().to_url()));
    let close = use_close(back, move || actions.forget());
    let title = move || match task.get() {
        Some(Task::Add) => "Add a member",
        Some(Task::With(Deed::Edit, _)) => "Name and role",
        Some(Task::With(Deed::Invite, _)) => "Invitation link",
        Some(Task::With(Deed::Suspend, _)) => "Suspend a member",
        Some(Task::With(Deed::Remove, _)) => "Remove a member",
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
                    Task::Add => Some(view! { <AddForm action=actions.add back close/> }.into_any()),
                    Task::With(deed, user_id) => Some(view! {
                        <WithSubject id=user_id load=subject::load view=move |subject| match deed {
                            Deed::Edit => view! { <EditForm subject action=actions.update back=back.clone() close/> }.into_any(),
                            Deed::Invite => view! { <InvitePanel subject close/> }.into_any(),
                            Deed::Suspend => view! { <SuspendPanel subject action=actions.update back=back.clone() close/> }.into_any(),
                            Deed::Remove => view! { <RemovePanel subject action=actions.remove back=back.clone() close/> }.into_any(),
                        }/>
                    }.into_any()),
                }
            }}
        </Dialog>
    }
}
