//! The dialog of the members page. Its content follows the page's path.

use leptos::prelude::*;

use super::{
    actions::Actions,
    add::AddForm,
    edit::EditForm,
    end::{RemovePanel, SuspendPanel},
    invite::InvitePanel,
    loaded_user,
    path::{OpenDialog, UserDialog, UsersPath},
};
use crate::{
    components::{loaded::WithLoaded, task_dialog::use_close},
    ui::{Dialog, DialogSize},
};

/// The one dialog of the page. The path decides what it shows.
#[component]
pub(super) fn UserDialogs(path: Memo<UsersPath>, actions: Actions) -> impl IntoView {
    let task = Memo::new(move |_| path.with(|path| path.task.clone()));
    let back = Signal::derive(move || path.with(|path| path.list().to_path()));
    let close = use_close(back, move || actions.forget());
    let title = move || match task.get() {
        Some(OpenDialog::Add) => "Add a member",
        Some(OpenDialog::With(UserDialog::Edit, _)) => "Name and role",
        Some(OpenDialog::With(UserDialog::Invite, _)) => "Invitation link",
        Some(OpenDialog::With(UserDialog::Suspend, _)) => "Suspend a member",
        Some(OpenDialog::With(UserDialog::Remove, _)) => "Remove a member",
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
                    OpenDialog::Add => Some(view! { <AddForm action=actions.add back close/> }.into_any()),
                    OpenDialog::With(dialog, user_id) => Some(view! {
                        <WithLoaded id=user_id load=loaded_user::load view=move |target| match dialog {
                            UserDialog::Edit => view! { <EditForm target action=actions.update back=back.clone() close/> }.into_any(),
                            UserDialog::Invite => view! { <InvitePanel target close/> }.into_any(),
                            UserDialog::Suspend => view! { <SuspendPanel target action=actions.update back=back.clone() close/> }.into_any(),
                            UserDialog::Remove => view! { <RemovePanel target action=actions.remove back=back.clone() close/> }.into_any(),
                        }/>
                    }.into_any()),
                }
            }}
        </Dialog>
    }
}
