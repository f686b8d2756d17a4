//! What a page does to keys: which dialog is open, and the work that is going on.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use model::id::KeyId;
use model::key::{CreatedKey, KeyRow};

use super::task::KeyTask;
use crate::error::ConsoleError;
use crate::fns::keys::{
    CreateKey, DisableKey, EnableKey, EndGrace, ExtendGrace, RevokeKey, RotateKey, UpdateKey,
};

/// Everything that a page can do to keys.
#[derive(Clone, Copy)]
pub struct KeyDesk {
    /// What is being done to which key.
    pub open: RwSignal<Option<(KeyTask, KeyRow)>>,
    /// The key made a moment ago.
    pub fresh: RwSignal<Option<KeyId>>,
    /// Makes a key.
    pub create: ServerAction<CreateKey>,
    /// Changes one.
    pub update: ServerAction<UpdateKey>,
    /// Replaces a secret.
    pub rotate: ServerAction<RotateKey>,
    /// Puts a key out of service.
    pub disable: ServerAction<DisableKey>,
    /// Puts it back.
    pub enable: ServerAction<EnableKey>,
    /// Ends a key.
    pub revoke: ServerAction<RevokeKey>,
    /// Ends the grace of an old secret.
    pub end_grace: ServerAction<EndGrace>,
    /// Makes it longer.
    pub extend_grace: ServerAction<ExtendGrace>,
    /// How often somebody wanted to look again.
    looks: RwSignal<usize>,
}

impl KeyDesk {
    /// Gives the page a desk, for every component below it.
    pub fn provide() -> Self {
        let desk = Self {
            open: RwSignal::new(None),
            fresh: RwSignal::new(None),
            create: ServerAction::new(),
            update: ServerAction::new(),
            rotate: ServerAction::new(),
            disable: ServerAction::new(),
            enable: ServerAction::new(),
            revoke: ServerAction::new(),
            end_grace: ServerAction::new(),
            extend_grace: ServerAction::new(),
            looks: RwSignal::new(0),
        };
        provide_context(desk);
        desk
    }

    /// Grows with everything done: what shows keys is fetched again.
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
            self.looks.get(),
        ]
        .iter()
        .sum()
    }

    /// Opens the dialog of a task. What an earlier one was told is forgotten.
    pub fn start(self, task: KeyTask, row: KeyRow) {
        self.update.clear();
        self.disable.clear();
        self.enable.clear();
        self.revoke.clear();
        self.rotate.clear();
        self.open.set(Some((task, row)));
    }

    /// Closes the dialog.
    pub fn close(self) {
        self.open.set(None);
    }

    /// Closes the dialog and fetches again what shows keys: what the person based their decision on is old.
    pub fn look_again(self) {
        self.close();
        self.looks.update(|looks| *looks += 1);
    }

    /// The key that the dialog of a task is open for.
    pub fn subject(self, task: KeyTask) -> Option<KeyRow> {
        self.open.with(|open| open.as_ref().filter(|(open, _)| *open == task).map(|(_, row)| row.clone()))
    }

    /// The key whose secret is to be shown. It lives in the action's value, in memory, and nowhere else.
    pub fn revealed(self) -> Option<CreatedKey> {
        let made = self.create.value().get().and_then(Result::ok);
        made.or_else(|| self.rotate.value().get().and_then(Result::ok))
    }

    /// Forgets the secret.
    pub fn forget_secret(self) {
        self.create.clear();
        self.rotate.clear();
    }
}

/// The page's desk.
pub fn use_desk() -> KeyDesk {
    use_context().unwrap_or_else(KeyDesk::provide)
}

/// What the server refused last.
pub fn refusal_of<S>(action: ServerAction<S>) -> Signal<Option<ConsoleError>>
where
    S: ServerFn<Error = ConsoleError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let value = action.value();
    Signal::derive(move || value.with(|value| value.as_ref().and_then(|value| value.as_ref().err().cloned())))
}

/// Calls `done` each time the server has done what the action asked.
pub fn on_success<S>(action: ServerAction<S>, done: impl Fn(S::Output) + 'static)
where
    S: ServerFn<Error = ConsoleError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let (version, value) = (action.version(), action.value());
    Effect::new(move |before: Option<usize>| {
        let version = version.get();
        if before.is_some_and(|before| before != version)
            && let Some(Ok(output)) = value.get_untracked()
        {
            done(output);
        }
        version
    });
}

/// Calls `told` each time the server has refused what the action asked.
pub fn on_refusal<S>(action: ServerAction<S>, told: impl Fn(ConsoleError) + 'static)
where
    S: ServerFn<Error = ConsoleError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let (version, value) = (action.version(), action.value());
    Effect::new(move |before: Option<usize>| {
        let version = version.get();
        if before.is_some_and(|before| before != version)
            && let Some(Err(error)) = value.get_untracked()
        {
            told(error);
        }
        version
    });
}
