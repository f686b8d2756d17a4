//! The requests to the server that a page makes.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::error::ConsoleError;

/// A server function of the console that pages call with an action.
pub trait ConsoleFn:
    ServerFn<Error = ConsoleError, Output: Clone + Send + Sync + 'static> + Clone + Send + Sync + 'static
{
}

impl<S> ConsoleFn for S
where
    S: ServerFn<Error = ConsoleError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
}

/// The actions of the dialogs about items of one kind. The page loads its data again after each of them.
#[derive(Clone)]
pub struct ItemActions<C: ConsoleFn, U: ConsoleFn, E: ConsoleFn> {
    pub create: ServerAction<C>,
    pub update: ServerAction<U>,
    /// Removes an item, or disables it for good.
    pub end: ServerAction<E>,
}

impl<C: ConsoleFn, U: ConsoleFn, E: ConsoleFn> Copy for ItemActions<C, U, E> {}

impl<C: ConsoleFn, U: ConsoleFn, E: ConsoleFn> ItemActions<C, U, E> {
    pub(crate) fn new() -> Self {
        Self { create: ServerAction::new(), update: ServerAction::new(), end: ServerAction::new() }
    }

    /// A number that changes whenever an action finishes.
    pub fn version(self) -> usize {
        self.create.version().get() + self.update.version().get() + self.end.version().get()
    }

    /// Clears the refusals of earlier actions, so that a dialog does not open with an old error.
    pub fn forget(self) {
        forget_refusal(self.create);
        forget_refusal(self.update);
        forget_refusal(self.end);
    }
}

/// Clears the error of the action's last answer. A success stays, because a toast may still have to report it.
fn forget_refusal<S: ConsoleFn>(action: ServerAction<S>) {
    if action.value().with_untracked(|value| matches!(value, Some(Err(_)))) {
        action.clear();
    }
}

/// The error of the action's last answer.
pub fn refusal_of<S: ConsoleFn>(action: ServerAction<S>) -> Signal<Option<ConsoleError>> {
    let value = action.value();
    Signal::derive(move || value.with(|value| value.as_ref().and_then(|value| value.as_ref().err().cloned())))
}

/// Calls `done` each time the action succeeds.
pub fn on_success<S: ConsoleFn>(action: ServerAction<S>, done: impl Fn(S::Output) + 'static) {
    on_answer(action, move |answer| {
        if let Ok(output) = answer {
            done(output);
        }
    });
}

/// Calls `failed` each time the action fails.
pub fn on_refusal<S: ConsoleFn>(action: ServerAction<S>, failed: impl Fn(ConsoleError) + 'static) {
    on_answer(action, move |answer| {
        if let Err(error) = answer {
            failed(error);
        }
    });
}

fn on_answer<S: ConsoleFn>(
    action: ServerAction<S>,
    react: impl Fn(Result<S::Output, ConsoleError>) + 'static,
) {
    let (version, value) = (action.version(), action.value());
    Effect::new(move |before: Option<usize>| {
        let version = version.get();
        if before.is_some_and(|before| before != version)
            && let Some(answer) = value.get_untracked()
        {
            react(answer);
        }
        version
    });
}
