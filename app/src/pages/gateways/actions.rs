//! The actions of the pages about gateways.

use leptos::prelude::*;

use crate::fns::gateways::{CreateGateway, RemoveGateway, UpdateGateway};
use crate::state::toasts::use_toasts;

/// The actions of the dialogs. The pages load their data again after each of them.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub create: ServerAction<CreateGateway>,
    pub update: ServerAction<UpdateGateway>,
    pub remove: ServerAction<RemoveGateway>,
}

impl Actions {
    /// Creates the actions, and shows a toast after each change and removal.
    pub fn new() -> Self {
        let actions =
            Self { create: ServerAction::new(), update: ServerAction::new(), remove: ServerAction::new() };
        let toasts = use_toasts();
        Effect::new(move || {
            if let Some(Ok(gateway)) = actions.update.value().get() {
                toasts.success(format!(
                    "“{}” was changed. The change applies from the next request on.",
                    gateway.name
                ));
            }
        });
        Effect::new(move || {
            if let Some(Ok(gateway)) = actions.remove.value().get() {
                toasts.success(format!(
                    "“{}” was removed. Proxies that use it now refuse every request.",
                    gateway.name
                ));
            }
        });
        actions
    }

    /// A number that changes whenever an action finishes.
    pub fn version(self) -> usize {
        self.create.version().get() + self.update.version().get() + self.remove.version().get()
    }

    /// Clears the results of earlier actions, so that a dialog does not open with an old error.
    pub fn forget(self) {
        self.create.value().set(None);
        self.update.value().set(None);
        self.remove.value().set(None);
    }
}
