//! The actions of the pages about service accounts.

use crate::components::list_page::ItemActions;
use crate::fns::service_accounts::{CreateServiceAccount, DisableServiceAccount, UpdateServiceAccount};
use crate::state::toasts::use_toasts;

pub(super) type Actions = ItemActions<CreateServiceAccount, UpdateServiceAccount, DisableServiceAccount>;

/// Creates the actions, and shows a toast after a service account was changed or disabled.
pub(super) fn service_account_actions() -> Actions {
    let (actions, toasts) = (Actions::new(), use_toasts());
    actions.update.on_success(move |service_account, _| {
        toasts.success(format!("“{}” was changed.", service_account.name));
    });
    actions.end.on_success(move |service_account, _| {
        toasts.success(format!("“{}” was disabled. Its keys no longer work.", service_account.name));
    });
    actions
}
