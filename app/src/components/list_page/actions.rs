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

/// Calls `react` each time the action was answered.
pub(super) fn on_answer<S: ConsoleFn>(
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
