//! The dialog of the pages about gateways.

use leptos::prelude::*;

use super::actions::Actions;
use super::create::CreateForm;
use super::edit::EditForm;
use super::path::GatewayDialog;
use super::remove::RemovePanel;
use crate::components::list_page::{DialogFrame, OpenDialog, TaskDialog};
use crate::fns::gateways::get_gateway;
use crate::paths;
use crate::ui::DialogSize;

/// The one dialog of a page. The path decides what it shows.
#[component]
pub(super) fn GatewayDialogs(
    /// The open dialog, if there is one.
    task: Memo<Option<OpenDialog<GatewayDialog>>>,
    /// The path of the page without a dialog.
    back: Signal<String>,
    actions: Actions,
) -> impl IntoView {
    view! {
        <TaskDialog
            task
            back
            actions
            after_new=|gateway| Some(paths::gateway(&gateway.gateway_id))
            after_end=paths::GATEWAYS
            size=DialogSize::Large
            load=get_gateway
            new=move |DialogFrame { close, .. }| view! { <CreateForm action=actions.create.current() close/> }.into_any()
            about=move |dialog, target, DialogFrame { back, close }| match dialog {
                GatewayDialog::Edit => {
                    view! { <EditForm target action=actions.update.current() back close/> }.into_any()
                }
                GatewayDialog::Remove => {
                    view! { <RemovePanel target action=actions.end.current() close/> }.into_any()
                }
            }
        />
    }
}
