//! The actions of the pages about gateways.

use crate::components::list_page::ItemActions;
use crate::fns::gateways::{CreateGateway, RemoveGateway, UpdateGateway};
use crate::state::toasts::use_toasts;

pub(super) type Actions = ItemActions<CreateGateway, UpdateGateway, RemoveGateway>;

/// Creates the actions, and shows a toast after each change and removal.
pub(super) fn gateway_actions() -> Actions {
    let (actions, toasts) = (Actions::new(), use_toasts());
    actions.update.on_success(move |gateway, _| {
        toasts
            .success(format!("“{}” was changed. The change applies from the next request on.", gateway.name));
    });
    actions.end.on_success(move |gateway, _| {
        toasts.success(format!(
            "“{}” was removed. Proxies that use it now refuse every request.",
            gateway.name
        ));
    });
    actions
}
