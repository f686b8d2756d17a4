//! The actions of the pages about service accounts.

use leptos::prelude::*;

use crate::fns::service_accounts::{CreateServiceAccount, DisableServiceAccount, UpdateServiceAccount};
use crate::state::toasts::use_toasts;

/// The actions of the dialogs. The pages load their data again after each of them.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub create: ServerAction<CreateServiceAccount>,
    pub update: ServerAction<UpdateServiceAccount>,
    pub disable: ServerAction<DisableServiceAccount>,
}

impl Actions {
    /// Creates the actions, and shows a toast after a service account was changed or disabled.
    pub fn new() -> Self {
        let actions =
            Self { create: ServerAction::new(), update: ServerAction::new(), disable: ServerAction::new() };
        let toasts = use_toasts();
        Effect::new(move || {
            if let Some(Ok(service_account)) = actions.update.value().get() {
                toasts.success(format!("“{}” was changed.", service_account.name));
            }
        });
        Effect::new(move || {
            if let Some(Ok(service_account)) = actions.disable.value().get() {
                toasts.success(format!("“{}” was disabled. Its keys no longer work.", service_account.name));
            }
        });
        actions
    }

    /// A number that changes whenever an action finishes.
    pub fn version(self) -> usize {
        self.create.version().get() + self.update.version().get() + self.disable.version().get()
    }

    /// Clears the results of earlier actions, so that a dialog does not open with an old error.
    pub fn forget(self) {
        self.create.value().set(None);
        self.update.value().set(None);
        self.disable.value().set(None);
    }
}
