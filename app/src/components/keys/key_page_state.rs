//! The state that the components of a page about keys share: which dialog is open, and the requests to the server.

use leptos::prelude::*;

use model::Timestamp;
use model::id::KeyId;
use model::key::{CreatedKey, KeyRow};

use super::task::KeyTask;
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
    pub create: ServerAction<CreateKey>,
    pub update: ServerAction<UpdateKey>,
    pub rotate: ServerAction<RotateKey>,
    pub disable: ServerAction<DisableKey>,
    pub enable: ServerAction<EnableKey>,
    pub revoke: ServerAction<RevokeKey>,
    /// Ends the grace period of earlier secrets.
    pub end_grace: ServerAction<EndGrace>,
    /// Extends the grace period of earlier secrets.
    pub extend_grace: ServerAction<ExtendGrace>,
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
            create: ServerAction::new(),
            update: ServerAction::new(),
            rotate: ServerAction::new(),
            disable: ServerAction::new(),
            enable: ServerAction::new(),
            revoke: ServerAction::new(),
            end_grace: ServerAction::new(),
            extend_grace: ServerAction::new(),
            reloads: RwSignal::new(0),
        };
        provide_context(key_page);
        key_page
    }

    /// A number that grows with every answer of the server and every [`Self::reload`]. Pages use it to load their keys
    /// again.
    pub fn version(self) -> usize {
        [
            self.create.version().get(),
            self.update.version().get(),
            self.rotate.version().get(),
            self.disable.version().get(),
            self.enable.version().get(),
            self.revoke.version().get(),
            self.end_grace.version().get(),
            self.extend_grace.version().get(),
            self.reloads.get(),
        ]
        .iter()
        .sum()
    }

    /// Opens the dialog of a task, and clears the results of earlier tasks.
    pub fn start(self, task: KeyTask, row: KeyRow) {
        self.update.clear();
        self.disable.clear();
        self.enable.clear();
        self.revoke.clear();
        self.rotate.clear();
        self.open.set(Some((task, row)));
    }

    pub fn close(self) {
        self.open.set(None);
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

    /// The created or rotated key whose secret is to be shown. The secret exists only in memory, in the value of the
    /// action.
    pub fn revealed(self) -> Option<CreatedKey> {
        let made = self.create.value().get().and_then(Result::ok);
        made.or_else(|| self.rotate.value().get().and_then(Result::ok))
    }

    /// Removes the secret from memory.
    pub fn clear_secret(self) {
        self.create.clear();
        self.rotate.clear();
    }
}

/// The state of the page; a new one if no component above provides it.
pub fn use_key_page() -> KeyPageState {
    use_context().unwrap_or_else(KeyPageState::provide)
}
