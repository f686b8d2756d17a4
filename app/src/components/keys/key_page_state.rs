//! The state that the components of a page about keys share: which dialog is open, and the requests to the server.

use leptos::prelude::*;

use model::Timestamp;
use model::id::KeyId;
use model::key::{CreatedKey, KeyRow};

use super::task::KeyTask;
use crate::components::list_page::DialogAction;
use crate::fns::keys::{
    CreateKey, DisableKey, EnableKey, EndGrace, ExtendGrace, RevokeKey, RotateKey, UpdateKey,
};

/// The open dialog and the actions of a page.
#[derive(Clone, Copy)]
pub struct KeyPageState {
    /// The task whose dialog is open, and its key.
    pub open: RwSignal<Option<(KeyTask, KeyRow)>>,
    /// The key whose earlier secrets get a longer grace period while the dialog for that is open, and its expiry.
    pub extending: RwSignal<Option<(KeyId, Option<Timestamp>)>>,
    /// The key created last on this page, which the list marks as new.
    pub fresh: RwSignal<Option<KeyId>>,
    pub create: DialogAction<CreateKey>,
    pub update: DialogAction<UpdateKey>,
    pub rotate: DialogAction<RotateKey>,
    pub disable: DialogAction<DisableKey>,
    pub enable: ServerAction<EnableKey>,
    pub revoke: DialogAction<RevokeKey>,
    /// Ends the grace period of earlier secrets.
    pub end_grace: ServerAction<EndGrace>,
    /// Extends the grace period of earlier secrets.
    pub extend_grace: DialogAction<ExtendGrace>,
    /// How many times [`Self::reload`] was called.
    reloads: RwSignal<usize>,
}

impl KeyPageState {
    /// Creates the state and provides it to all components below.
    pub fn provide() -> Self {
        let key_page = Self {
            open: RwSignal::new(None),
            extending: RwSignal::new(None),
            fresh: RwSignal::new(None),
            create: DialogAction::new(),
            update: DialogAction::new(),
            rotate: DialogAction::new(),
            disable: DialogAction::new(),
            enable: ServerAction::new(),
            revoke: DialogAction::new(),
            end_grace: ServerAction::new(),
            extend_grace: DialogAction::new(),
            reloads: RwSignal::new(0),
        };
        provide_context(key_page);
        key_page
    }

    /// A number that grows with every answer of the server and every [`Self::reload`]. Pages use it to load their keys
    /// again.
    pub fn version(self) -> usize {
        [
            self.create.version(),
            self.update.version(),
            self.rotate.version(),
            self.disable.version(),
            self.enable.version().get(),
            self.revoke.version(),
            self.end_grace.version().get(),
            self.extend_grace.version(),
            self.reloads.get(),
        ]
        .iter()
        .sum()
    }

    /// Opens the dialog of a task.
    pub fn start(self, task: KeyTask, row: KeyRow) {
        self.renew();
        self.open.set(Some((task, row)));
    }

    pub fn close(self) {
        self.renew();
        self.open.set(None);
    }

    /// Begins an opening of the dialogs about a key.
    fn renew(self) {
        self.update.renew();
        self.rotate.renew();
        self.disable.renew();
        self.revoke.renew();
    }

    /// Closes the dialog and loads the keys again. Used when the key has changed since the person saw it.
    pub fn reload(self) {
        self.close();
        self.reloads.update(|reloads| *reloads += 1);
    }

    /// The key for which the dialog of a task is open.
    pub fn target(self, task: KeyTask) -> Option<KeyRow> {
        self.open.with(|open| open.as_ref().filter(|(open, _)| *open == task).map(|(_, row)| row.clone()))
    }

    /// The created and rotated keys whose secrets have to be shown, even if their dialogs were closed before the
    /// answers arrived. The secrets exist only in memory, in the values of the actions.
    pub fn secrets(self) -> Vec<CreatedKey> {
        let mut secrets = self.create.successes();
        secrets.extend(self.rotate.successes());
        secrets
    }

    /// Removes a secret from memory.
    pub fn clear_secret(self, shown: &CreatedKey) {
        self.create.clear_success(shown);
        self.rotate.clear_success(shown);
    }
}

/// The state of the page; a new one if no component above provides it.
pub fn use_key_page() -> KeyPageState {
    use_context().unwrap_or_else(KeyPageState::provide)
}
