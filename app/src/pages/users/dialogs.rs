//! The dialog of the members page.

use leptos::prelude::*;
use model::user::User;

use super::actions::Actions;
use super::add::AddForm;
use super::edit::EditForm;
use super::end::{RemovePanel, SuspendPanel};
use super::invite::InvitePanel;
use super::loaded_user;
use super::path::{UserDialog, UsersPath};
use crate::components::list_page::{DialogFrame, OpenDialog, TaskDialog};

/// The one dialog of the page. The path decides what it shows.
#[component]
pub(super) fn UserDialogs(path: Memo<UsersPath>, actions: Actions) -> impl IntoView {
    let task = Memo::new(move |_| path.with(|path| path.task.clone()));
    let back = Signal::derive(move || path.with(|path| path.list().to_path()));
    view! {
        <TaskDialog
            task
            back
            actions
            after_new=invitation
            load=loaded_user::load
            new=move |DialogFrame { back, close }| view! { <AddForm action=actions.create.current() back close/> }.into_any()
            about=move |dialog, target, DialogFrame { back, close }| match dialog {
                UserDialog::Edit => view! { <EditForm target action=actions.update.current() back close/> }.into_any(),
                UserDialog::Invite | UserDialog::NewPassword => view! { <InvitePanel target close/> }.into_any(),
                UserDialog::Suspend => view! { <SuspendPanel target action=actions.update.current() back close/> }.into_any(),
                UserDialog::Remove => view! { <RemovePanel target action=actions.end.current() back close/> }.into_any(),
            }
        />
    }
}

/// The path of the dialog that invites a new member. `None` for a member who can sign in already.
fn invitation(user: &User) -> Option<String> {
    let dialog = || OpenDialog::With(UserDialog::Invite, user.user_id.clone());
    (!user.can_sign_in).then(|| UsersPath::default().with(dialog()).to_path())
}
